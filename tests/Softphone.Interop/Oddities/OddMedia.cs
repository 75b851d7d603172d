using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Softphone.Interop;

/// <summary>RTP as other programs send it, into a call without ICE; what the phone tells of it afterwards is compared.</summary>
internal static class OddMedia
{
    private static readonly IPEndPoint Listener = new(IPAddress.Loopback, 5600);

    private static readonly byte[] Frame = [.. Enumerable.Repeat((byte)0x55, 160)];

    public static void Run(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        Call(field, phone, "a type that nobody agreed", Stream(60, 18), end => field.Check(
            end.TryGetProperty("not_agreed", out var types) && types.EnumerateArray().Any(t => t.GetProperty("pt").GetInt32() == 18 && t.GetProperty("packets").GetInt64() == 60), "packets of a type that nobody agreed are counted", end.GetRawText()));
        Call(field, phone, "a silent end", (peer, to) =>
        {
            Stream(250, 0)(peer, to);
            Thread.Sleep(1000);
        }, end => field.Check(end.GetProperty("mos").GetDouble() >= 4.3, "time without packets at the end is no loss", end.GetRawText()));
        Call(field, phone, "a restart", (peer, to) =>
        {
            Stream(100, 0, first: 40_000)(peer, to);
            Stream(150, 0, first: 17, timestamp: 7_777)(peer, to);
        }, end => field.Check(end.GetProperty("rx").GetProperty("packets").GetInt64() is 248 or 250, "numbers that begin anew lose none of the count", end.GetRawText()));
        Keys(field, phone);
        Moves(field);
    }

    private static Action<Stranger, IPEndPoint> Stream(int count, byte type, int first = 1, uint timestamp = 0) => (peer, to) =>
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < count; i++)
        {
            peer.SendRtp(type, first + i, (uint)(timestamp + i * 160), 0x1234, Frame, to);
            // By the clock: sleeps add up, and a peer that is slow by a hundredth leaves holes.
            if (TimeSpan.FromMilliseconds(20 * (i + 1)) - clock.Elapsed is var left && left > TimeSpan.Zero) Thread.Sleep(left);
        }
    };

    private static void Call(AttackField field, PhoneProcess phone, string name, Action<Stranger, IPEndPoint> media, Action<JsonElement> judge, string more = "")
    {
        using var peer = new Stranger("127.0.0.1");
        using var audio = new Stranger("127.0.0.1");
        var call = new StrangeCall(peer, Listener, $"sip:me@{Listener}", "<sip:odd@127.0.0.1>", $"<sip:odd@{peer.Here}>");
        call.Invite("", OddDescriptions.Plain($"m=audio {audio.Here.Port} RTP/AVP 0{(more.Length > 0 ? " 101" : "")}\r\n{more}"));
        if (!field.Check(call.Wait(AttackField.Patience) == 200, $"{name}: the call is taken", $"{call.Status}")) return;
        var ended = phone.All("call.end").Count;
        media(audio, call.Answer!.Audio);
        call.Request("BYE");
        for (var i = 0; i < 100 && phone.All("call.end").Count == ended; i++) Thread.Sleep(50);
        if (field.Check(phone.All("call.end").Count > ended, $"{name}: the call ends")) judge(phone.All("call.end")[^1].Data);
    }

    /// <summary>RFC 4733: end packets with timestamps of their own are one key; keys are heard after the timestamps have jumped back.</summary>
    private static void Keys(AttackField field, PhoneProcess phone)
    {
        const string Events = "a=rtpmap:101 telephone-event/8000\r\n";
        var number = 1;
        void Key(Stranger peer, IPEndPoint to, byte key, uint timestamp, uint drift)
        {
            for (var duration = 160; duration <= 960 + 320; duration += 160)
            {
                var isEnd = duration >= 960;
                var payload = new byte[4];
                payload[0] = key;
                payload[1] = (byte)(isEnd ? 0x8a : 0x0a);
                BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), (ushort)Math.Min(duration, 960));
                peer.SendRtp((byte)(duration == 160 ? 0x80 | 101 : 101), number++, timestamp + (isEnd ? drift * (uint)(duration - 960) / 160 : 0), 0x1234, payload, to);
                Thread.Sleep(20);
            }
        }

        void Audio(Stranger peer, IPEndPoint to, int count, uint timestamp)
        {
            for (var i = 0; i < count; i++)
            {
                peer.SendRtp(0, number++, timestamp + (uint)(i * 160), 0x1234, Frame, to);
                Thread.Sleep(20);
            }
        }

        string Heard(int before) => string.Concat(phone.All("dtmf").Skip(before).Select(e => e.Text("digit")));

        foreach (var drift in (uint[])[0, 160, 320])
        {
            var before = phone.All("dtmf").Count;
            Call(field, phone, "end packets", (peer, to) =>
            {
                Audio(peer, to, 20, 0);
                Key(peer, to, 1, 20 * 160, drift);
                Audio(peer, to, 10, 40 * 160);
                Key(peer, to, 1, 60 * 160, drift);
                Audio(peer, to, 10, 80 * 160);
            }, _ => field.Check(Heard(before) == "11", $"end packets {drift} apart are one key each", Heard(before)), Events);
        }

        foreach (var fall in (uint[])[30_000, 900_000])
        {
            var before = phone.All("dtmf").Count;
            Call(field, phone, "timestamps jump back", (peer, to) =>
            {
                Audio(peer, to, 20, 1_000_000);
                Key(peer, to, 1, 1_003_200, 0);
                Audio(peer, to, 25, 1_004_800 - fall);
                Key(peer, to, 2, 1_008_800 - fall, 0);
                Audio(peer, to, 10, 1_010_400 - fall);
                Key(peer, to, 3, 1_012_000 - fall, 0);
                Audio(peer, to, 5, 1_013_600 - fall);
            }, _ => field.Check(Heard(before) == "123", $"keys are heard after the timestamps fell by {fall}", Heard(before)), Events);
        }
    }

    /// <summary>A re-INVITE names another port; three packets of the old one are still under way.</summary>
    private static void Moves(AttackField field)
    {
        foreach (var isSpeaking in (bool[])[false, true])
        {
            using var signalling = new Stranger("127.0.0.1");
            using var before = new Stranger("127.0.0.1");
            using var after = new Stranger("127.0.0.1");
            var call = new StrangeCall(signalling, Listener, $"sip:me@{Listener}", "<sip:odd@127.0.0.1>", $"<sip:odd@{signalling.Here}>");
            call.Invite("", OddDescriptions.Plain($"m=audio {before.Here.Port} RTP/AVP 0\r\n"));
            if (call.Wait(AttackField.Patience) != 200) continue;
            for (var i = 0; i < 50; i++)
            {
                before.SendAudio(i, 1, call.Answer!.Audio);
                Thread.Sleep(20);
            }

            call.Again($"Contact: <sip:odd@{signalling.Here}>\r\nContent-Type: application/sdp\r\n", OddDescriptions.Plain($"m=audio {after.Here.Port} RTP/AVP 0\r\n").Replace("o=- 1 1", "o=- 1 2", StringComparison.Ordinal));
            call.Wait(TimeSpan.FromSeconds(5));
            before.CountPackets();
            for (var i = 0; i < 100; i++)
            {
                if (i < 3) before.SendAudio(50 + i, 1, call.Answer!.Audio);
                if (isSpeaking) after.SendAudio(900 + i, 2, call.Answer!.Audio);
                Thread.Sleep(20);
            }

            var (there, old) = (after.CountPackets(), before.CountPackets());
            field.Check(there >= 80 && old <= 3, $"re-INVITE to another port, which {(isSpeaking ? "speaks" : "waits")}: nothing goes to the old one", $"{there} there, {old} to the old one");
            call.Request("BYE");
        }
    }
}
