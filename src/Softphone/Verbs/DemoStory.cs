using System.Globalization;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What the demo prints: JSON events of both phones, or the story of the call for a person.</summary>
internal sealed class DemoStory(VerbContext context, DemoOptions options, EventTranslator translate, IEventWriter output)
{
    public void Begin()
    {
        if (options.Json) return;
        var a = DemoCommand.NameOf(options.NatA);
        var b = DemoCommand.NameOf(options.NatB);
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            A virtual internet: alice behind {Article(a)}, bob behind {Article(b)}, a SIP server, a STUN and TURN server.
            Each link takes {options.Latency.TotalMilliseconds:0.#} ms one way and loses {options.Loss * 100:0.#} %; seed {options.Seed}.

            """));
    }

    public void Tell(string who, PhoneEvent happened)
    {
        if (options.Json)
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
            PhoneEvent.CandidateFound { IsLocal: true } e => $"has the address {e.Candidate.Describe()} for {Component(e.Candidate.Component)}",
            PhoneEvent.IceChanged e => $"ICE {e.State.ToString().ToLowerInvariant()}",
            PhoneEvent.PathSelected e => string.Create(CultureInfo.InvariantCulture,
                $"{Component(e.Component)} path: {e.Local.Describe()} to {e.Remote.Describe()} ({e.Path}), round trip {e.Rtt.TotalMilliseconds:0.#} ms, found in {e.Ice.TotalMilliseconds:0} ms"),
            PhoneEvent.CallEnded e => $"call over: {e.Summary.Status} {e.Summary.Reason}",
            _ => null,
        };
        if (text is not null)
            context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(happened.At - Instant.Zero).TotalSeconds,8:0.000} s  {who,-6} {text}"));
    }

    public void End(DemoCall call, SpeechMatch alice, SpeechMatch bob)
    {
        var now = call.World.World.Now;
        var summary = DemoCall.Summary(call.Alice);
        if (options.Json)
        {
            output.Write(translate.Explain(now, null, summary?.Explanation ?? "There was no call."));
            return;
        }

        context.Out.WriteLine();
        Ladder(call);
        context.Out.WriteLine(summary?.Explanation ?? "There was no call.");
        context.Out.WriteLine();
        Tell("alice heard bob", alice, summary, "alice");
        Tell("bob heard alice", bob, DemoCall.Summary(call.Bob), "bob");
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"left behind: {call.World.Turn.Allocations} TURN allocations, {call.World.Sip.Bindings} registrations"));
    }

    private void Tell(string what, SpeechMatch match, CallSummary? summary, string who)
    {
        var media = summary?.Media;
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {(match.IsHeard ? "yes" : "NO")} (match {match.Score:0.00}{(media is null ? "" : $", {media.Rx.Packets} packets, {media.Rx.LossPercent:0.#} % lost, MOS {media.Mos:0.0}")})  {Path.Combine(DemoVerb.Folder(), $"{who}-heard.wav")}"));
    }

    /// <summary>The four-way handshake of each component's pair: our request, their answer, their request, our answer.</summary>
    private void Ladder(DemoCall call)
    {
        foreach (var component in new[] { 1, 2 })
        {
            var lines = Handshake.Of(call.Alice.Machine.Trace, component);
            if (lines.Count == 0) continue;
            context.Out.WriteLine($"the four-way handshake of alice's {Component(component)} path:");
            foreach (var line in lines) context.Out.WriteLine("  " + line);
            context.Out.WriteLine();
        }
    }

    private static string Component(int component) => component == 1 ? "RTP" : "RTCP";

    private static string Article(string type) => type switch
    {
        "none" => "no NAT",
        "udp-blocked" => "a firewall that blocks UDP",
        "firewall" => "a firewall without NAT",
        _ => $"a {type} NAT",
    };
}
