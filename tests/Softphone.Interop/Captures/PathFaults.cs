namespace Softphone.Interop;

/// <summary>ICE, STUN and TURN of other programs that found no path or lost it, and what stands on the way and changes messages.</summary>
internal static class PathFaults
{
    private const string Silent = "203.0.113.77";

    public static IReadOnlyList<CaptureCell> Cells { get; } =
    [
        new("ICE failed: aioice behind two symmetric NATs without a relay", s => Ice(s, "stun", held: 8), "ice-failed") { NatA = ["symmetric"], NatB = ["symmetric"] },
        new("ICE failed: baresip behind two symmetric NATs without a relay", s =>
        {
            s.Baresip("hostB", "bob", ice: true);
            var alice = s.Baresip("hostA", "alice", ice: true);
            s.Dial(alice, "bob", answered: false);
            CaptureScene.Wait(16);
            alice.Command("b");
            CaptureScene.Wait(1);
        }, "ice-failed") { NatA = ["symmetric"], NatB = ["symmetric"] },
        new("ICE of two aioices, nothing wrong", s => Ice(s, "turn-udp", held: 3)) { NatA = ["port-restricted"], NatB = ["symmetric"] },
        new("consent lost: the network of the other side goes", s =>
        {
            Ice(s, "stun", held: 1);
            s.Block("natB", "ip protocol udp");
            CaptureScene.Wait(24);
        }, "consent-lost"),
        new("TURN refuses a peer", s => Relay(s, "turnpass", "203.0.113.10", "127.0.0.1"), "turn-refused") { Says = "403" },
        new("TURN does not take the password", s => Relay(s, "not-it", "203.0.113.10", s.Lab.AddressOf("hostC")), "wrong-credentials") { Says = "turnuser" },
        new("TURN does not answer", s => Relay(s, "turnpass", Silent, s.Lab.AddressOf("hostC")), "turn-refused") { Says = "does not answer" },
        new("baresip has a wrong password of the TURN server", s =>
        {
            s.Baresip("hostB", "bob");
            var alice = s.Baresip("hostA", "alice", ice: true, server: "turn", turnPassword: "not-it");
            s.Dial(alice, "bob", answered: false);
            CaptureScene.Wait(5);
        }, "wrong-credentials") { Says = "TURN", Besides = ["one-way", "no-media"] },
        new("a SIP ALG rewrites addresses", s =>
        {
            s.Baresip("hostC", "bob");
            var alice = s.Baresip("hostA", "alice");
            s.Dial(alice, "bob");
            CaptureScene.Wait(5);
            alice.Command("b");
            CaptureScene.Wait(1);
        }, "rewritten") { NatA = ["port-restricted", "sipalg"], Host = "natA", Device = "any" },
    ];

    /// <summary>Two aioices find their path, or do not, and stay for a while.</summary>
    private static void Ice(CaptureScene scene, string server, double held)
    {
        var (a, b) = (scene.Ice("hostA", controlling: true, server), scene.Ice("hostB", controlling: false, server));
        var limit = TimeSpan.FromSeconds(20);
        scene.Must(a.Wait(limit, "") is not null && b.Wait(limit, "") is not null, $"both gather: {a.Errors} {b.Errors}");
        b.Send(a.Lines.TakeWhile(l => l.Length > 0));
        a.Send(b.Lines.TakeWhile(l => l.Length > 0));
        a.Wait(limit, "done", "failed");
        b.Wait(limit, "done", "failed");
        CaptureScene.Wait(held);
    }

    private static void Relay(CaptureScene scene, string password, string server, string peer) =>
        scene.Run("hostA", 8, "turnutils_uclient", "-u", Laboratory.TurnUser, "-w", password, "-e", peer, "-n", "4", "-m", "1", "-c", server);
}
