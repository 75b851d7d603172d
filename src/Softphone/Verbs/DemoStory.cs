using System.Globalization;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>What the demo prints: JSON events of both phones, or the story of the call for a person.</summary>
internal sealed class DemoStory(VerbContext context, DemoOptions options, DemoFolder folder, EventTranslator translate, IEventWriter output)
{
    private readonly PhoneStory _phones = new(context, options.Json, translate, output);

    public void Begin()
    {
        if (options.Json) return;
        var a = DemoCommand.NameOf(options.NatA);
        var b = DemoCommand.NameOf(options.NatB);
        context.Out.Write(string.Create(CultureInfo.InvariantCulture, $"""
            A virtual internet: alice behind {Article(a)}, bob behind {Article(b)}, a SIP server, a STUN and TURN server.
            Each link takes {options.Latency.TotalMilliseconds:0.#} ms one way and loses {options.Loss * 100:0.#} %; seed {options.Seed ?? 1}.


            """));
    }

    public void Tell(string who, PhoneEvent happened) => _phones.Tell(who, happened);

    /// <summary>For --verbose: tells of what the world drops, from now on.</summary>
    public void Follow(World world)
    {
        if (!options.Json) new DropStory(_phones).Follow(world);
    }

    public void End(DemoCall call, SpeechMatch alice, SpeechMatch bob)
    {
        var now = call.World.World.Now;
        var summary = DemoCall.Summary(call.Alice);
        if (options.Json)
        {
            output.Write(summary is null ? translate.Explain(now, null, "There was no call.") : translate.Explain(now, null, summary.Why));
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
        context.Out.WriteLine($"dropped on the way: {call.World.World.Counters.DropsInWords}{(options.Verbose || call.World.World.Counters.Dropped == 0 ? "" : "  (--verbose shows each)")}");
    }

    private void Tell(string what, SpeechMatch match, CallSummary? summary, string who)
    {
        var media = summary?.Media;
        context.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {(match.IsHeard ? "yes" : "NO")} (match {match.Score:0.00}{(media is null ? "" : $", {media.Rx.Packets} packets, {media.Rx.LossPercent:0.#} % lost, MOS {media.Mos:0.0}")})  {folder.FileOf(who)}"));
    }

    /// <summary>The four-way handshake of each component's pair: our request, their answer, their request, our answer.</summary>
    private void Ladder(DemoCall call)
    {
        foreach (var component in new[] { 1, 2 })
        {
            var lines = Handshake.Of(call.Alice.Machine.Trace, component);
            if (lines.Count == 0) continue;
            context.Out.WriteLine($"the four-way handshake of alice's {PhoneStory.Component(component)} path:");
            foreach (var line in lines) context.Out.WriteLine("  " + line);
            context.Out.WriteLine();
        }
    }

    private static string Article(string type) => type switch
    {
        "none" => "no NAT",
        "udp-blocked" => "a firewall that blocks UDP",
        "firewall" => "a firewall without NAT",
        _ => $"a {type} NAT",
    };
}
