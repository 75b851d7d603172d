namespace Softphone.Interop;

/// <summary>Calls that came about, with something wrong in what was heard.</summary>
internal static class TalkFaults
{
    private const string Nobody = "";

    public static IReadOnlyList<CaptureCell> Cells { get; } =
    [
        new("baresip and baresip, nothing wrong", s => Talk(s, "hostB")),
        new("SIPp and SIPp, nothing wrong", s => Sipps(s)),
        new("late media: baresip waits for every pair of its ICE", s => Talk(s, "hostB", ice: true, seconds: 14), "late-media") { NatA = ["port-restricted"], NatB = ["port-restricted"] },
        new("one-way by NAT, seen outside of it", s => Talk(s, "hostC"), "one-way-nat") { NatA = ["port-restricted"], Host = "hostC", Says = "10.0.1.2" },
        new("one-way by NAT, seen inside of it", s => Talk(s, "hostC"), "one-way-nat") { NatA = ["port-restricted"], Says = "10.0.1.2" },
        new("one-way by codec", s => Sipps(s, ("PLAY", SippRun.Playing(s.Folder, 8))), "one-way-codec") { Says = "payload type 8" },
        new("one-way by hold", s => Talk(s, "hostB", then: caller =>
        {
            caller.Command("x");
            CaptureScene.Wait(6);
        }), "one-way-hold") { Says = "the caller holds the call" },
        new("one-way by hold, seen at the one who is held", s => Talk(s, "hostB", then: caller =>
        {
            caller.Command("x");
            CaptureScene.Wait(6);
        }), "one-way-hold") { Host = "hostB", Says = "the caller holds the call" },
        new("one-way by a firewall", s =>
        {
            s.Block("natA", "iifname \"wan\" udp dport 7000-7200");
            Sipps(s);
        }, "one-way") { Says = "none of the callee" },
        new("late media of the callee", s => Sipps(s, ("PLAY", SippRun.Playing(s.Folder, 0, afterMs: 3000))), "late-media") { Says = "the first audio of the callee" },
        new("no media at all", s =>
        {
            s.Callee("hostC", words: ("PLAY", Nobody));
            Ended(s, s.Caller("hostA", To(s), ("PLAY", Nobody)));
        }, "no-media"),
        new("five per cent of packets lost", s =>
        {
            s.Lab.SetLatency(10, 5);
            try
            {
                Talk(s, "hostB", seconds: 8);
            }
            finally
            {
                s.Lab.SetLatency(0, 0);
            }
        }, "poor-quality") { Besides = ["retransmitted"], Says = "are missing here" },
        new("packets shorter than was asked for", s =>
        {
            s.Callee("hostC");
            Ended(s, s.Caller("hostA", To(s), ("AUDIO", "m=audio [rtpstream_audio_port] RTP/AVP 0\na=rtpmap:0 PCMU/8000\na=ptime:40")));
        }, "clock-oddity") { Says = "asked for 40 ms" },
    ];

    /// <summary>alice at hostA calls bob, talks for a while and hangs up.</summary>
    private static void Talk(CaptureScene scene, string host, bool ice = false, double seconds = 6, Action<BaresipPeer>? then = null)
    {
        scene.Baresip(host, "bob", ice, server: ice ? "turn" : "stun");
        var caller = scene.Baresip("hostA", "alice", ice, server: ice ? "turn" : "stun");
        scene.Dial(caller, "bob");
        CaptureScene.Wait(seconds);
        then?.Invoke(caller);
        caller.Command("b");
        CaptureScene.Wait(1);
    }

    /// <summary>SIPp at hostA calls SIPp at hostC, whose words may differ from the usual ones.</summary>
    private static void Sipps(CaptureScene scene, params (string Word, string Meaning)[] callee)
    {
        scene.Callee("hostC", words: callee);
        Ended(scene, scene.Caller("hostA", To(scene)));
    }

    private static string To(CaptureScene scene) => $"{scene.Lab.AddressOf("hostC")}:5062";

    private static void Ended(CaptureScene scene, SippRun caller) => scene.Must(caller.Ended(20) == true, "SIPp goes to the end of its scenario");
}
