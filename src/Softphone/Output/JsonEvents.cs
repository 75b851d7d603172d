using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Softphone.Cli;

/// <summary>Writes events as the contract has them. Source-generated, so that it survives trimming.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(OutputEvent.Registration))]
[JsonSerializable(typeof(OutputEvent.CallRefused))]
[JsonSerializable(typeof(OutputEvent.Listening))]
[JsonSerializable(typeof(OutputEvent.OptionsAnswer))]
[JsonSerializable(typeof(OutputEvent.ServerSilent))]
[JsonSerializable(typeof(OutputEvent.ServerWay))]
[JsonSerializable(typeof(OutputEvent.WayChanged))]
[JsonSerializable(typeof(OutputEvent.Rewritten))]
[JsonSerializable(typeof(OutputEvent.CallState))]
[JsonSerializable(typeof(OutputEvent.IceCandidate))]
[JsonSerializable(typeof(OutputEvent.IcePair))]
[JsonSerializable(typeof(OutputEvent.IceState))]
[JsonSerializable(typeof(OutputEvent.IceSelected))]
[JsonSerializable(typeof(OutputEvent.Media))]
[JsonSerializable(typeof(OutputEvent.Dtmf))]
[JsonSerializable(typeof(OutputEvent.Refer))]
[JsonSerializable(typeof(OutputEvent.CallReplaced))]
[JsonSerializable(typeof(OutputEvent.MediaContested))]
[JsonSerializable(typeof(OutputEvent.MediaSilent))]
[JsonSerializable(typeof(OutputEvent.CallSecurityChange))]
[JsonSerializable(typeof(OutputEvent.Messages))]
[JsonSerializable(typeof(OutputEvent.Message))]
[JsonSerializable(typeof(OutputEvent.CallEnd))]
[JsonSerializable(typeof(OutputEvent.Explain))]
[JsonSerializable(typeof(OutputEvent.ExplainCell))]
[JsonSerializable(typeof(OutputEvent.TurnTest))]
[JsonSerializable(typeof(OutputEvent.MatrixCell))]
[JsonSerializable(typeof(OutputEvent.Nat))]
[JsonSerializable(typeof(OutputEvent.Scenario))]
[JsonSerializable(typeof(OutputEvent.ServeReady))]
[JsonSerializable(typeof(OutputEvent.ServeRegistration))]
[JsonSerializable(typeof(OutputEvent.ServeAllocation))]
[JsonSerializable(typeof(OutputEvent.ServeCall))]
[JsonSerializable(typeof(OutputEvent.ServeEnd))]
[JsonSerializable(typeof(OutputEvent.Device))]
[JsonSerializable(typeof(OutputEvent.DeviceChange))]
[JsonSerializable(typeof(OutputEvent.DeviceLevel))]
[JsonSerializable(typeof(OutputEvent.DeviceLoopback))]
[JsonSerializable(typeof(OutputEvent.CodecLibrary))]
[JsonSerializable(typeof(OutputEvent.CallRecord))]
[JsonSerializable(typeof(OutputEvent.RegistrationRecord))]
[JsonSerializable(typeof(OutputEvent.SipMessage))]
[JsonSerializable(typeof(OutputEvent.IceStep))]
[JsonSerializable(typeof(OutputEvent.CaptureFile))]
[JsonSerializable(typeof(OutputEvent.CaptureDialog))]
[JsonSerializable(typeof(OutputEvent.CaptureStream))]
[JsonSerializable(typeof(OutputEvent.CaptureMessage))]
[JsonSerializable(typeof(OutputEvent.CaptureProblem))]
internal sealed partial class JsonEvents : JsonSerializerContext
{
    // An address such as <sip:a@b> stays readable; line ends and quotes are escaped all the same.
    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonEvents Events = new(Readable);

    /// <summary>One line, without the line end.</summary>
    public static string Line(OutputEvent happened) => JsonSerializer.Serialize(happened, happened.GetType(), Events);
}
