using System.Globalization;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sockets;

namespace Softphone.Interop;

/// <summary><c>Softphone.Interop ice-peer controlling|controlled COMPONENTS full SERVER</c>: our end, on the real sockets of the namespace it runs in.</summary>
internal static class IcePeerProgram
{
    public static int Run(IReadOnlyList<string> arguments)
    {
        var components = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        WarmUp(components);
        using var end = new End(Options(components, arguments[3]), components, Say);
        end.Gather(arguments[0] == "controlling");
        end.SetRemote(ReadBlock());
        ReadBlock();
        end.Post(peer => peer.TellSelected());
        ReadBlock();
        end.Close();
        return 0;
    }

    private static MediaTransportOptions Options(int components, string server)
    {
        var at = Address.Parse(Laboratory.StunServer);
        return new MediaTransportOptions
        {
            SeparateRtcp = components == 2,
            StunServers = server == "none" ? [] : [at],
            TurnServers = server.StartsWith("turn", StringComparison.Ordinal)
                ? [new RelayServer(at, Laboratory.TurnUser, Laboratory.TurnPassword) { Transport = server == "turn-tcp" ? Transport.Tcp : Transport.Udp }]
                : [],
        };
    }

    private static void Say(string line)
    {
        Console.Out.Write(line + "\n");
        Console.Out.Flush();
    }

    private static List<string> ReadBlock()
    {
        var lines = new List<string>();
        while (Console.In.ReadLine() is { Length: > 0 } line) lines.Add(line);
        return lines;
    }

    /// <summary>One session of ours with ours over loopback: afterwards its code is compiled, as it is in the executable that ships.</summary>
    private static void WarmUp(int components)
    {
        var options = new MediaTransportOptions { UseLoopback = true, SeparateRtcp = components == 2 };
        var lines = new[] { new List<string>(), new List<string>() };
        var left = new End(options, components, line => Keep(0, line));
        var right = new End(options, components, line => Keep(1, line));
        using (left)
        using (right)
        {
            left.Gather(isControlling: true);
            right.Gather(isControlling: false);
            left.SetRemote(Described(1));
            right.SetRemote(Described(0));
            SpinWait.SpinUntil(() => Has(0, "done") && Has(1, "done"), TimeSpan.FromSeconds(8));
            left.Close();
            right.Close();
        }

        void Keep(int end, string line)
        {
            lock (lines) lines[end].Add(line);
        }

        bool Has(int end, string line)
        {
            lock (lines) return lines[end].Contains(line);
        }

        List<string> Described(int end)
        {
            SpinWait.SpinUntil(() => Has(end, ""), TimeSpan.FromSeconds(8));
            lock (lines) return lines[end].TakeWhile(l => l.Length > 0).ToList();
        }
    }

    /// <summary>A peer and the pump whose thread it lives on.</summary>
    private sealed class End : IDisposable
    {
        private readonly Pump _pump = new();
        private readonly IcePeer _peer;
        private readonly int _components;

        public End(MediaTransportOptions options, int components, Action<string> say)
        {
            _components = components;
            _peer = new IcePeer(new MediaTransport(options, _pump, new SystemEntropy(), Trace.Off, "ours"), components, say);
            _pump.Start(_peer, _peer.Drain);
        }

        public void Post(Action<IcePeer> action) => _pump.Post(() => action(_peer));

        public void Gather(bool isControlling) => Post(peer => peer.Gather(_pump.Now, isControlling));

        public void SetRemote(IReadOnlyList<string> lines)
        {
            var remote = IceLines.Read(lines, _components);
            Post(peer => peer.SetRemote(_pump.Now, remote));
        }

        public void Close()
        {
            Post(peer => peer.Close(_pump.Now));
            SpinWait.SpinUntil(() => _peer.IsClosed, TimeSpan.FromSeconds(2));
        }

        public void Dispose() => _pump.Dispose();
    }
}
