using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Softphone.Interop;

/// <summary>Descriptors and connections that strangers take: the process lives, the call that is up keeps its packets, others are served.</summary>
internal static class ExhaustionAttacks
{
    private static readonly IPEndPoint Listener = new(IPAddress.Parse("127.0.0.94"), 5060);

    public static void Descriptors(AttackField field)
    {
        foreach (var descriptors in (int[])[28, 256, 1024]) Invites(field, descriptors);
    }

    private static void Invites(AttackField field, int descriptors)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{descriptors} descriptors");
        using var phone = field.Narrow(Listener, descriptors);
        if (phone is null) return;
        using var peer = new Stranger("127.0.0.1");
        using var audio = new Stranger("127.0.0.1");
        var call = peer.Invite(Listener, $"sip:me@{Listener}", audio: audio.Here);
        var isUp = call.Wait(AttackField.Patience) == 200;
        field.Check(isUp, $"{name}: the first call is taken", $"{call.Status} {phone.Errors}");
        field.Check(descriptors > 28 || phone.Tells("raise the limit", AttackField.Patience), $"{name}: that few are left is told", phone.Errors);
        var target = isUp ? call.Answer!.Audio : null;
        var (quiet, quietOwed) = Talk(100, _ => { });
        var strangers = Enumerable.Range(0, 50).Select(i => new Stranger($"127.5.0.{1 + i}")).ToList();
        var waitedBefore = ProcessWatch.Waited(phone.Id);
        var (came, owed) = Talk(300, i => strangers[i % strangers.Count].Invite(Listener, $"sip:me@{Listener}"));
        var waited = ProcessWatch.Waited(phone.Id) - waitedBefore;
        var statuses = strangers.SelectMany(s => s.All(TimeSpan.FromMilliseconds(5))).Select(m => m.Status).Where(s => s >= 200).GroupBy(s => s).ToDictionary(g => g.Key, g => g.Count());
        var told = string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} of {s.Key}"));
        strangers.ForEach(s => s.Dispose());
        // A machine on which the call alone does not keep its clock, or that leaves the phone no processor, tells nothing about floods.
        if (!isUp) field.Report.Tell($"    {name}: no call is taken");
        else if (quiet < quietOwed * 95 / 100) field.Report.Skip($"{name}: packets", $"without the flood {quiet} of {quietOwed} come: the machine is busy");
        else if (came < owed * 95 / 100 && waited * 1000 > owed * 20 / 10) field.Report.Skip($"{name}: packets", string.Create(CultureInfo.InvariantCulture, $"{came} of {owed} come, and the phone waited {waited:F1} s for a processor: the machine is busy"));
        else field.Check(came >= owed * 95 / 100, $"{name}: the call that was up keeps its packets", $"{came} of {owed}, before {quiet} of {quietOwed}; {told}");
        field.Check(statuses.Keys.All(s => s is 200 or 486 or 503), $"{name}: others get 486 or 503", told);
        if (isUp) call.Request("BYE");
        field.Check(isUp ? peer.Wait(AttackField.Patience, m => m.Status == 200 && m.Method == "BYE") is not null : AttackField.Answers(Listener), $"{name}: the process lives and answers", phone.Errors);
        field.Check(!phone.Errors.Contains("internal error", StringComparison.Ordinal), $"{name}: no internal error", phone.Errors);
        field.Report.Tell($"    {name}: {came} of {owed} packets, before {quiet} of {quietOwed}; {told}");

        (int Came, long Owed) Talk(int frames, Action<int> besides)
        {
            audio.CountAudio();
            var count = 0;
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < frames; i++)
            {
                if (target is not null) audio.SendAudio(i, 0x1111, target);
                besides(i);
                if (i * 20 - clock.ElapsedMilliseconds is > 0 and var left) Thread.Sleep((int)left);
                count += audio.CountAudio();
            }

            return (count, clock.ElapsedMilliseconds / 20);
        }
    }

    public static void SilentStreams(AttackField field)
    {
        using var phone = field.Listening(Listener);
        if (phone is null) return;
        var silent = new List<Socket>();
        for (var i = 0; i < 300; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try
            {
                socket.Connect(Listener);
            }
            catch (SocketException)
            {
                // Under way.
            }

            silent.Add(socket);
            Thread.Sleep(2);
        }

        foreach (var (from, wait) in (ReadOnlySpan<(string, int)>)[("127.0.71.1", 1), ("127.0.0.1", 1), ("127.0.71.2", 6)])
        {
            Thread.Sleep(TimeSpan.FromSeconds(wait));
            field.Check(Options(from) is "SIP/2.0 200 OK", $"300 silent connections: an honest one from {from} is answered", Options(from));
        }

        silent.ForEach(s => s.Dispose());
        field.Check(Options("127.0.71.3") is "SIP/2.0 200 OK", "and after they ended");
    }

    private static string Options(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 4000 };
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            socket.Connect(Listener);
            socket.Send(Encoding.ASCII.GetBytes($"OPTIONS sip:x@{Listener} SIP/2.0\r\nVia: SIP/2.0/TCP {socket.LocalEndPoint};branch=z9hG4bK{Stranger.Unique("t")}\r\nMax-Forwards: 70\r\nFrom: <sip:x@y>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: {Stranger.Unique("t")}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"));
            var buffer = new byte[4096];
            var length = socket.Receive(buffer);
            return Encoding.ASCII.GetString(buffer, 0, length).Split("\r\n")[0];
        }
        catch (SocketException problem)
        {
            return problem.Message;
        }
    }
}
