using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Softphone.Interop;

/// <summary>Audio without ICE goes to the one whom signalling named, and to nobody in amounts that he did not ask for.</summary>
internal static class MediaAttacks
{
    private static readonly IPEndPoint Listener = new(IPAddress.Parse("127.0.0.93"), 5060);
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    /// <summary>When, in frames, each of them speaks; the count is taken over the last three seconds of six.</summary>
    private static readonly IReadOnlyList<(string Name, Func<int, bool> Peer, Func<int, bool> Thief)> Races =
    [
        ("the thief first, then both", i => i >= 10, _ => true),
        ("the peer silent for two seconds while the thief speaks", i => i is < 50 or >= 150, i => i >= 60),
        ("the thief into a running call", _ => true, i => i >= 100),
        ("the thief in bursts while the peer pauses", i => i is < 50 or >= 150 || i % 50 < 25, i => i % 7 < 4),
    ];

    public static void Run(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        foreach (var (name, peer, thief) in Races) Race(field, name, peer, thief);
    }

    private static void Race(AttackField field, string name, Func<int, bool> peerSpeaks, Func<int, bool> thiefSpeaks)
    {
        using var signalling = new Stranger("127.0.0.1");
        using var peer = new Stranger("127.0.0.1");
        using var thief = new Stranger("127.0.0.66");
        var call = signalling.Invite(Listener, $"sip:me@{Listener}", audio: peer.Here);
        if (call.Wait(AttackField.Patience) != 200)
        {
            field.Check(false, $"{name}: the call is taken", $"{call.Status}");
            return;
        }

        var target = call.Answer!.Audio;
        var before = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 300; i++)
        {
            if (thiefSpeaks(i)) thief.SendAudio(i, 0xbadbad, target);
            if (peerSpeaks(i)) peer.SendAudio(i, 0x1111, target);
            if (i == 150)
            {
                // What the pause brought is not counted.
                peer.CountAudio();
                thief.CountAudio();
                before = (int)(clock.Elapsed / Frame);
            }

            if (i * Frame - clock.Elapsed is var left && left > TimeSpan.Zero) Thread.Sleep(left);
        }

        var (toPeer, toThief) = (peer.CountAudio(), thief.CountAudio());
        var share = toPeer * 100.0 / Math.Max(1, toPeer + toThief);
        field.Check(share >= 95 && toPeer >= 25, $"{name}: the signalled peer has the audio", string.Create(CultureInfo.InvariantCulture, $"{toPeer} to it, {toThief} to the thief of {(int)(clock.Elapsed / Frame) - before}"));
        field.Report.Tell($"    {name}: {toPeer} packets to the peer, {toThief} to the thief");
        call.Request("BYE");
    }

    /// <summary>One INVITE whose description names somebody else, without an ACK and with one.</summary>
    public static void Hammer(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        foreach (var acknowledge in (bool[])[false, true])
        {
            using var stranger = new Stranger("127.0.0.66");
            using var victim = new Stranger("127.0.0.99");
            var call = stranger.Invite(Listener, $"sip:me@{Listener}", audio: victim.Here);
            field.Check(call.Wait(AttackField.Patience, acknowledge) == 200, "the call is taken", $"{call.Status}");
            Thread.Sleep(TimeSpan.FromSeconds(6));
            var count = victim.CountAudio();
            field.Check(count <= 20, $"{(acknowledge ? "with" : "without")} ACK at most 20 packets to somebody who never spoke", $"{count}");
            field.Report.Tell($"    {(acknowledge ? "with" : "without")} ACK: {count} packets in six seconds");
            call.Request("BYE");
        }
    }
}
