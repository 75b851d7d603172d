using System.Diagnostics;
using Softphone.Cli;
using Softphone.Core;

namespace Softphone.Cli.Tests;

/// <summary>What another program makes of our capture files.</summary>
public sealed class TsharkTests
{
    private const string Alice = "192.0.2.1:40000";
    private const string Bob = "198.51.100.7:50000";

    // IPv4 has a checksum of its own, IPv6 has none; newer versions write the word.
    private static readonly string[] _good = ["1", "11", "Good", "GoodGood"];

    // A Binding request without attributes.
    private static readonly byte[] _stun = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    private static readonly byte[] _rtp = [0x80, 0, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, .. new byte[160]];

    [Theory]
    [InlineData(Transport.Udp, "192.0.2.1:5060", "198.51.100.7:5060", "udp:sip")]
    [InlineData(Transport.Tcp, "192.0.2.1:0", "198.51.100.7:5060", "tcp:sip")]
    [InlineData(Transport.Tcp, "[2001:db8::1]:0", "[2001:db8::2]:5060", "tcp:sip")]
    [InlineData(Transport.Tls, "192.0.2.1:0", "198.51.100.7:5061", "tcp:sip")]
    public async Task Tshark_ScriptedCall_DecodesSipStunAndRtp(Transport transport, string local, string server, string expected)
    {
        using var bench = new CaptureBench();
        var sip = bench.Open(transport, local);
        var media = bench.Open(Transport.Udp, Alice);
        bench.Send(sip, server, Message("INVITE sip:bob@lab.test SIP/2.0", Alice));
        bench.Receive(sip, server, Message("SIP/2.0 200 OK", Bob));
        bench.Send(media, Bob, _stun);
        bench.Receive(media, Bob, _stun);
        bench.Send(media, Bob, _rtp);
        bench.Receive(media, Bob, _rtp);
        bench.Finish();

        var lines = await DecodeAsync(bench.FilePath, TestContext.Current.CancellationToken);

        Assert.Equal(6, lines.Length);
        Assert.All(lines[..2], line => Assert.Contains($":{expected}:sdp", line));
        Assert.All(lines[2..4], line => Assert.Contains(":udp:stun", line));
        Assert.All(lines[4..], line => Assert.Contains(":udp:rtp", line));
        Assert.All(lines, line => Assert.Contains(string.Concat(line.Split('\t')[1..4]), _good));
        Assert.All(lines, line => Assert.Empty(line.Split('\t')[4]));
    }

    private static string Message(string firstLine, string media)
    {
        var address = Address.Parse(media);
        var body = $"v=0\r\no=- 1 1 IN IP4 {address.Ip}\r\ns=-\r\nc=IN IP4 {address.Ip}\r\nt=0 0\r\nm=audio {address.Port} RTP/AVP 0\r\n";
        return $"{firstLine}\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\nFrom: <sip:alice@lab.test>;tag=a\r\nTo: <sip:bob@lab.test>;tag=b\r\n"
            + $"Call-ID: 1@lab.test\r\nCSeq: 1 INVITE\r\nContact: <sip:alice@192.0.2.1>\r\nContent-Type: application/sdp\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    /// <summary>For each packet its protocols, the state of its checksums (IP, UDP, TCP), and what is odd about its sequence numbers.</summary>
    private static async Task<string[]> DecodeAsync(string file, CancellationToken stop)
    {
        var start = new ProcessStartInfo("tshark") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            // Ports that STUN was seen on first are no longer those of the session description to it: let it look for RTP.
            "-n", "-r", file, "--enable-heuristic", "rtp_udp",
            "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE",
            "-T", "fields", "-e", "frame.protocols", "-e", "ip.checksum.status", "-e", "udp.checksum.status", "-e", "tcp.checksum.status",
            "-e", "tcp.analysis.flags",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("tshark is not installed");
        }

        using (process)
        {
            try
            {
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
                await process.WaitForExitAsync(limit.Token);
                Assert.True(process.ExitCode == 0, await errors);
                return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
    }
}
