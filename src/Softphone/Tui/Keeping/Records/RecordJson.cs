using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Softphone.Core;
using Softphone.Media;
using Softphone.Nat;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>
/// The lines of a record as JSON: its head, and entries of the trace, each with its kind. Source-generated, so that it survives trimming. Every
/// property must be there: what was damaged or is of another version is no line, instead of one with holes.
/// </summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(KeptRecord))]
[JsonSerializable(typeof(TraceEntry))]
[JsonSerializable(typeof(Address), TypeInfoPropertyName = "Endpoint")]
[JsonSerializable(typeof(SipTrace.Message), TypeInfoPropertyName = "SipTraceMessage")]
[JsonSerializable(typeof(SipTrace.Dropped), TypeInfoPropertyName = "SipTraceDropped")]
[JsonSerializable(typeof(SipTrace.State), TypeInfoPropertyName = "SipTraceState")]
[JsonSerializable(typeof(IceTrace.CandidateAdded), TypeInfoPropertyName = "IceTraceCandidateAdded")]
[JsonSerializable(typeof(IceTrace.CandidateIgnored), TypeInfoPropertyName = "IceTraceCandidateIgnored")]
[JsonSerializable(typeof(IceTrace.PairAdded), TypeInfoPropertyName = "IceTracePairAdded")]
[JsonSerializable(typeof(IceTrace.PairPruned), TypeInfoPropertyName = "IceTracePairPruned")]
[JsonSerializable(typeof(IceTrace.PairChanged), TypeInfoPropertyName = "IceTracePairChanged")]
[JsonSerializable(typeof(IceTrace.CheckSent), TypeInfoPropertyName = "IceTraceCheckSent")]
[JsonSerializable(typeof(IceTrace.AnswerReceived), TypeInfoPropertyName = "IceTraceAnswerReceived")]
[JsonSerializable(typeof(IceTrace.CheckReceived), TypeInfoPropertyName = "IceTraceCheckReceived")]
[JsonSerializable(typeof(IceTrace.AnswerSent), TypeInfoPropertyName = "IceTraceAnswerSent")]
[JsonSerializable(typeof(IceTrace.Nominated), TypeInfoPropertyName = "IceTraceNominated")]
[JsonSerializable(typeof(IceTrace.Selected), TypeInfoPropertyName = "IceTraceSelected")]
[JsonSerializable(typeof(IceTrace.PathDoubted), TypeInfoPropertyName = "IceTracePathDoubted")]
[JsonSerializable(typeof(IceTrace.RoleChanged), TypeInfoPropertyName = "IceTraceRoleChanged")]
[JsonSerializable(typeof(IceTrace.Restarted), TypeInfoPropertyName = "IceTraceRestarted")]
[JsonSerializable(typeof(IceTrace.StateChanged), TypeInfoPropertyName = "IceTraceStateChanged")]
[JsonSerializable(typeof(GatherTrace.SocketOpened), TypeInfoPropertyName = "GatherTraceSocketOpened")]
[JsonSerializable(typeof(GatherTrace.SocketGone), TypeInfoPropertyName = "GatherTraceSocketGone")]
[JsonSerializable(typeof(GatherTrace.ServerAsked), TypeInfoPropertyName = "GatherTraceServerAsked")]
[JsonSerializable(typeof(GatherTrace.ServerAnswered), TypeInfoPropertyName = "GatherTraceServerAnswered")]
[JsonSerializable(typeof(GatherTrace.Ready), TypeInfoPropertyName = "GatherTraceReady")]
[JsonSerializable(typeof(MediaTrace.Formatted), TypeInfoPropertyName = "MediaTraceFormatted")]
[JsonSerializable(typeof(MediaTrace.Unsupported), TypeInfoPropertyName = "MediaTraceUnsupported")]
[JsonSerializable(typeof(MediaTrace.Directed), TypeInfoPropertyName = "MediaTraceDirected")]
[JsonSerializable(typeof(MediaTrace.Heard), TypeInfoPropertyName = "MediaTraceHeard")]
[JsonSerializable(typeof(MediaTrace.SourceChanged), TypeInfoPropertyName = "MediaTraceSourceChanged")]
[JsonSerializable(typeof(MediaTrace.Restarted), TypeInfoPropertyName = "MediaTraceRestarted")]
[JsonSerializable(typeof(MediaTrace.Collision), TypeInfoPropertyName = "MediaTraceCollision")]
[JsonSerializable(typeof(MediaTrace.Silent), TypeInfoPropertyName = "MediaTraceSilent")]
[JsonSerializable(typeof(MediaTrace.Secured), TypeInfoPropertyName = "MediaTraceSecured")]
[JsonSerializable(typeof(MediaTrace.KeysDiffer), TypeInfoPropertyName = "MediaTraceKeysDiffer")]
[JsonSerializable(typeof(MediaTrace.Resumed), TypeInfoPropertyName = "MediaTraceResumed")]
[JsonSerializable(typeof(MediaTrace.ErrorCorrection), TypeInfoPropertyName = "MediaTraceErrorCorrection")]
[JsonSerializable(typeof(MediaTrace.PeerLeft), TypeInfoPropertyName = "MediaTracePeerLeft")]
[JsonSerializable(typeof(MediaTrace.Closed), TypeInfoPropertyName = "MediaTraceClosed")]
[JsonSerializable(typeof(DtlsTrace.Began), TypeInfoPropertyName = "DtlsTraceBegan")]
[JsonSerializable(typeof(DtlsTrace.SentAgain), TypeInfoPropertyName = "DtlsTraceSentAgain")]
[JsonSerializable(typeof(DtlsTrace.Secured), TypeInfoPropertyName = "DtlsTraceSecured")]
[JsonSerializable(typeof(DtlsTrace.Failed), TypeInfoPropertyName = "DtlsTraceFailed")]
[JsonSerializable(typeof(DtlsTrace.PeerClosed), TypeInfoPropertyName = "DtlsTracePeerClosed")]
[JsonSerializable(typeof(CallTrace.Broke), TypeInfoPropertyName = "CallTraceBroke")]
[JsonSerializable(typeof(CallTrace.Signalled), TypeInfoPropertyName = "CallTraceSignalled")]
[JsonSerializable(typeof(TurnTrace.Requested), TypeInfoPropertyName = "TurnTraceRequested")]
[JsonSerializable(typeof(TurnTrace.Refused), TypeInfoPropertyName = "TurnTraceRefused")]
[JsonSerializable(typeof(TurnTrace.Ignored), TypeInfoPropertyName = "TurnTraceIgnored")]
[JsonSerializable(typeof(TurnTrace.Happened), TypeInfoPropertyName = "TurnTraceHappened")]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>The word of each kind of entry: they are the format, whatever the types are called.</summary>
    private static (Type Type, string Kind)[] Kinds { get; } =
    [
        (typeof(SipTrace.Message), "sip.message"),
        (typeof(SipTrace.Dropped), "sip.dropped"),
        (typeof(SipTrace.State), "sip.state"),
        (typeof(IceTrace.CandidateAdded), "ice.candidate-added"),
        (typeof(IceTrace.CandidateIgnored), "ice.candidate-ignored"),
        (typeof(IceTrace.PairAdded), "ice.pair-added"),
        (typeof(IceTrace.PairPruned), "ice.pair-pruned"),
        (typeof(IceTrace.PairChanged), "ice.pair-changed"),
        (typeof(IceTrace.CheckSent), "ice.check-sent"),
        (typeof(IceTrace.AnswerReceived), "ice.answer-received"),
        (typeof(IceTrace.CheckReceived), "ice.check-received"),
        (typeof(IceTrace.AnswerSent), "ice.answer-sent"),
        (typeof(IceTrace.Nominated), "ice.nominated"),
        (typeof(IceTrace.Selected), "ice.selected"),
        (typeof(IceTrace.PathDoubted), "ice.path-doubted"),
        (typeof(IceTrace.RoleChanged), "ice.role-changed"),
        (typeof(IceTrace.Restarted), "ice.restarted"),
        (typeof(IceTrace.StateChanged), "ice.state-changed"),
        (typeof(GatherTrace.SocketOpened), "gather.socket-opened"),
        (typeof(GatherTrace.SocketGone), "gather.socket-gone"),
        (typeof(GatherTrace.ServerAsked), "gather.server-asked"),
        (typeof(GatherTrace.ServerAnswered), "gather.server-answered"),
        (typeof(GatherTrace.Ready), "gather.ready"),
        (typeof(MediaTrace.Formatted), "media.formatted"),
        (typeof(MediaTrace.Unsupported), "media.unsupported"),
        (typeof(MediaTrace.Directed), "media.directed"),
        (typeof(MediaTrace.Heard), "media.heard"),
        (typeof(MediaTrace.SourceChanged), "media.source-changed"),
        (typeof(MediaTrace.Restarted), "media.restarted"),
        (typeof(MediaTrace.Collision), "media.collision"),
        (typeof(MediaTrace.Silent), "media.silent"),
        (typeof(MediaTrace.Secured), "media.secured"),
        (typeof(MediaTrace.KeysDiffer), "media.keys-differ"),
        (typeof(MediaTrace.Resumed), "media.resumed"),
        (typeof(MediaTrace.ErrorCorrection), "media.error-correction"),
        (typeof(MediaTrace.PeerLeft), "media.peer-left"),
        (typeof(MediaTrace.Closed), "media.closed"),
        (typeof(DtlsTrace.Began), "dtls.began"),
        (typeof(DtlsTrace.SentAgain), "dtls.sent-again"),
        (typeof(DtlsTrace.Secured), "dtls.secured"),
        (typeof(DtlsTrace.Failed), "dtls.failed"),
        (typeof(DtlsTrace.PeerClosed), "dtls.peer-closed"),
        (typeof(CallTrace.Broke), "call.broke"),
        (typeof(CallTrace.Signalled), "call.signalled"),
        (typeof(TurnTrace.Requested), "turn.requested"),
        (typeof(TurnTrace.Refused), "turn.refused"),
        (typeof(TurnTrace.Ignored), "turn.ignored"),
        (typeof(TurnTrace.Happened), "turn.happened"),
    ];

    /// <summary>Made when it is asked for first: the generated half of this class has static fields of its own, which come after ours.</summary>
    private static JsonSerializerOptions Format => field ??= Make();

    public static JsonTypeInfo<KeptRecord> Head => field ??= (JsonTypeInfo<KeptRecord>)Format.GetTypeInfo(typeof(KeptRecord));

    public static JsonTypeInfo<TraceEntry> Entry => field ??= (JsonTypeInfo<TraceEntry>)Format.GetTypeInfo(typeof(TraceEntry));

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            IgnoreReadOnlyProperties = true,
            MaxDepth = 16,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = Default.WithAddedModifier(Shape),
            Converters =
            {
                new InstantConverter(), new AddressConverter(), new PathConverter(), Words<Transport>(), Words<TcpType>(), Words<CandidateType>(), Words<PairState>(),
                Words<IceState>(), Words<IceRole>(), Words<AudioDirection>(), Words<StunMethod>(), Words<DtlsRole>(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private static JsonStringEnumConverter<T> Words<T>()
        where T : struct, Enum => new(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);

    private static void Shape(JsonTypeInfo type)
    {
        if (type.Type == typeof(TraceEntry))
        {
            type.PolymorphismOptions = new JsonPolymorphismOptions { TypeDiscriminatorPropertyName = "kind" };
            foreach (var (entry, kind) in Kinds) type.PolymorphismOptions.DerivedTypes.Add(new JsonDerivedType(entry, kind));
        }

        // A row of the history leaves out what it has not; everything else is whole.
        if (type.Kind != JsonTypeInfoKind.Object || type.Type == typeof(KeptLine)) return;
        foreach (var property in type.Properties)
            if (property.Set is not null) property.IsRequired = true;
    }

    private sealed class InstantConverter : JsonConverter<Instant>
    {
        /// <summary>Within it sums and differences of times stay what they are.</summary>
        private const long Furthest = 400L * 24 * 3600 * 1_000_000_000;

        public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var nanoseconds) && nanoseconds is > -Furthest and < Furthest ? new Instant(nanoseconds) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Nanoseconds);
    }

    private sealed class AddressConverter : JsonConverter<Address>
    {
        public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String || reader.GetString() is not { } text) throw new JsonException();
            return text.Length == 0 ? default : Address.TryParse(text, out var address) ? address : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) => writer.WriteStringValue(value.Ip.IsValid ? value.ToString() : "");
    }

    private sealed class PathConverter : JsonConverter<PathId>
    {
        public override PathId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? new PathId(number) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, PathId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
    }
}
