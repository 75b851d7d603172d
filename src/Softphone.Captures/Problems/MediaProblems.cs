using System.Globalization;
using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>
/// Audio that went one way, or late, or not at all. A direction that is silent has one cause of these: a side is on hold, its payload type is none that the receiver named, a private address is in
/// the way; or it is said that the capture does not show why.
/// </summary>
internal static class MediaProblems
{
    private const int FewestPackets = 10;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5);

    public static IEnumerable<Problem> Of(CapturedDialog dialog, CaptureFacts facts, Vantage vantage, bool isExplained)
    {
        foreach (var stream in dialog.Streams)
            foreach (var problem in QualityProblems.Of(stream, dialog))
                yield return problem;
        if (dialog.Call.Answer is not { } answer || dialog.Call.Last(Party.Caller) is null || dialog.Call.Last(Party.Callee) is null) yield break;
        var talk = new Talk(dialog, answer.At, dialog.Call.Bye?.At ?? facts.Ended, vantage);
        if (talk.Duration < Shortest) yield break;
        if (Hold(talk) is { } held)
        {
            yield return held;
            if (held.Severity == Severity.Failure) yield break;
        }

        if (isExplained) yield break;
        if (!talk.Heard(Party.Caller) && !talk.Heard(Party.Callee))
        {
            if (talk.IsMediaVisible && !talk.IsHeldThroughout && dialog.Call.Ack is not null)
                yield return new Problem(ProblemKind.NoMedia, Severity.Failure, answer.At, dialog.Number, $"media: no audio of either side is in {Seconds(talk.Duration)} after the answer, though the capture was taken at one of them");
            yield break;
        }

        foreach (var sender in (Party[])[Party.Caller, Party.Callee])
            if (Silence(talk, sender) is { } silence) yield return silence;
    }

    /// <summary>Why the other side hears nothing of this one; null when it does, as far as the capture shows.</summary>
    private static Problem? Silence(Talk talk, Party sender)
    {
        var receiver = sender.Other();
        var streams = talk.StreamsOf(sender);
        var heard = streams.Where(s => s.Packets >= FewestPackets).ToList();
        if (heard.Count > 0)
        {
            if (Strange(talk, sender, heard) is { } strange) return strange;
            if (heard.TrueForAll(s => talk.IsUnroutable(s.To, receiver)))
                return Nat(talk, sender, heard[0].To, $"{sender.Name()} sends audio to {heard[0].To}, a private address of {receiver.Name()}, which {talk.Elsewhere(receiver)}");
            var first = heard.Min(s => s.Began);
            var due = talk.DueSince(sender);
            return due is { } since && first - since > Late && heard.TrueForAll(s => s.Began - since > Late)
                ? new Problem(ProblemKind.LateMedia, Severity.Trouble, first, talk.Dialog.Number, $"media: the first audio of {sender.Name()} came {Seconds(first - since)} after the answer", "see what it waits for: ICE, a media server, or a NAT that the other side had to open first")
                : null;
        }

        if (talk.DueSince(sender) is null || !talk.Heard(receiver)) return null;
        if (talk.NamedBy(receiver) is { IsValid: true } named && talk.IsUnroutable(named, receiver))
            return Nat(talk, sender, named, $"no audio of {sender.Name()} comes: the description of {receiver.Name()} has it sent to {named}, a private address, which {talk.Elsewhere(receiver)}");
        return new Problem(ProblemKind.OneWay, Severity.Failure, talk.Began, talk.Dialog.Number, $"media: the capture has audio of {receiver.Name()} and none of {sender.Name()}, which should send {Codecs(talk, sender)}", $"capture nearer to {sender.Name()}: it does not send, or it is lost on the way");
    }

    private static Problem Nat(Talk talk, Party sender, Address to, string what) => new(
        ProblemKind.OneWayNat, Severity.Failure, talk.Began, talk.Dialog.Number, $"media: {sender.Other().Name()} does not hear {sender.Name()}: {what}",
        $"let {sender.Other().Name()} do ICE or ask a STUN server, or the server carry its media (comedia, symmetric RTP); {to.Ip} is not reached from outside");

    /// <summary>Packets of a type that its receiver never named are thrown away there (RFC 3264 §5.1).</summary>
    private static Problem? Strange(Talk talk, Party sender, List<MediaStream> streams)
    {
        var named = talk.TypesNamedBy(sender.Other());
        if (named.Count == 0) return null;
        var payloads = streams.SelectMany(s => s.Payloads).GroupBy(p => p.PayloadType).Select(g => (Type: g.Key, Packets: g.Sum(p => p.Packets), g.First().Codec)).ToList();
        var (strange, known) = (payloads.Where(p => !named.Contains(p.Type)).ToList(), payloads.Where(p => named.Contains(p.Type)).Sum(p => p.Packets));
        var lost = strange.Sum(p => p.Packets);
        if (lost < FewestPackets || lost <= known) return null;
        var type = strange.MaxBy(p => p.Packets);
        return new Problem(
            ProblemKind.OneWayCodec, Severity.Failure, streams.Min(s => s.Began), talk.Dialog.Number,
            string.Create(CultureInfo.InvariantCulture, $"media: {sender.Other().Name()} cannot play {sender.Name()}: {type.Packets} packets have payload type {type.Type}{(type.Codec.Length > 0 ? $" ({type.Codec})" : "")}, which nobody agreed on; it takes {string.Join(", ", named.Order())}"),
            $"see why {sender.Name()} does not keep to the answer");
    }

    /// <summary>A side that is on hold at the end, and was not taken off it.</summary>
    private static Problem? Hold(Talk talk)
    {
        if (talk.HeldSince is not { } held || talk.Ended - held.At < Shortest) return null;
        var (by, direction) = (held.By, held.Direction);
        // Who says sendonly or inactive holds; who says recvonly answers that, or has nothing to say.
        var what = direction == MediaDirection.Inactive ? "hears and sends nothing" : direction.Receives() ? "sends nothing" : "hears nothing of the other side";
        var isAtOnce = held.At <= talk.Began;
        return new Problem(
            ProblemKind.OneWayHold, Severity.Trouble, held.At, talk.Dialog.Number,
            $"media: {by.Name()} {(direction.Receives() ? "only listens" : "holds the call")} from {(isAtOnce ? "the beginning" : Seconds(held.At - talk.Began) + " after the answer")} to the end ({(held.IsZeroAddress ? "c=0.0.0.0" : $"a={direction.Name()}")} in {held.Message.Label}): it {what}",
            $"take it off hold at {by.Name()}, or see why it describes itself so");
    }

    private static string Codecs(Talk talk, Party sender) => talk.Dialog.Call.Last(sender)?.Sent.Audio is { } audio ? SdpCodecs.Describe(SdpCodecs.Of(audio).Where(c => !c.IsTelephoneEvent)) : "audio";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
