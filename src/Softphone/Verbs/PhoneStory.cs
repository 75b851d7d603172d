using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What happens on the phones of a virtual internet: JSON events, or lines of a story for a person.</summary>
internal sealed class PhoneStory(VerbContext context, bool json, EventTranslator translate, IEventWriter output)
{
    public void Tell(string who, PhoneEvent happened)
    {
        if (json)
        {
            // Call ids of two phones in one stream are told apart by the phone's name.
            if (translate.Of(happened) is { } line) output.Write(line with { Call = line.Call is null ? null : $"{who}/{line.Call}" });
            if (happened is PhoneEvent.CallEnded ended) output.Write(translate.Of(ended, []) with { Call = $"{who}/{ended.Call}" });
            return;
        }

        var text = happened switch
        {
            PhoneEvent.Registration { State: RegistrationState.Registered } e => $"registered as {e.Aor} at {e.Server}",
            PhoneEvent.Registration { State: RegistrationState.Failed } e => $"could not register: {e.Fault?.What ?? e.Reason}",
            PhoneEvent.CallChanged { State: CallState.Dialing } e => $"calls {e.Peer}",
            PhoneEvent.CallChanged { State: CallState.Ringing, Direction: CallDirection.Incoming } e => $"rings: {e.Peer} calls",
            PhoneEvent.CallChanged { State: CallState.Connected } => "connected",
            PhoneEvent.CallChanged { State: CallState.Held } => "is held",
            PhoneEvent.CandidateFound { IsLocal: true } e => $"has the address {e.Candidate.Describe()} for {Component(e.Candidate.Component)}",
            PhoneEvent.IceChanged e => $"ICE {e.State.ToString().ToLowerInvariant()}",
            PhoneEvent.PathSelected e => string.Create(CultureInfo.InvariantCulture,
                $"{Component(e.Component)} path: {e.Local.Describe()} to {e.Remote.Describe()} ({e.Path}), round trip {e.Rtt.TotalMilliseconds:0.#} ms, found in {e.Ice.TotalMilliseconds:0} ms"),
            PhoneEvent.DigitReceived e => $"hears the key {e.Digit}",
            PhoneEvent.CallEnded e => $"call over: {e.Summary.Status} {e.Summary.Reason}",
            _ => null,
        };
        if (text is not null) Line(happened.At, who, text);
    }

    /// <summary>One line with its time; who is empty for what is no phone.</summary>
    public void Line(Instant at, string who, string text) =>
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(at - Instant.Zero).TotalSeconds,8:0.000} s  {who,-6} {text}"));

    public static string Component(int component) => component == 1 ? "RTP" : "RTCP";
}
