using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Softphone.Cli.Tests;

/// <summary>softphone message beside a server that answers as it is told.</summary>
public sealed class MessageVerbTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<string> _asked = [];

    public MessageVerbTests() => _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    [Theory]
    [InlineData("200 OK", 0, "delivered")]
    [InlineData("202 Accepted", 0, "kept")]
    [InlineData("404 Not Found", 3, "404 Not Found")]
    [InlineData("403 Forbidden", 4, "403 Forbidden")]
    [InlineData("486 Busy Here", 6, "486 Busy Here")]
    [InlineData("415 Unsupported Media Type", 3, "415")]
    [InlineData("480 Temporarily Unavailable", 5, "480")]
    public async Task Message_EndsAsItWasAnswered(string answer, int code, string told)
    {
        Answer(answer);
        Assert.Equal(code, await RunAsync("message", Target, "two", "words"));
        Assert.Contains(told, _bench.Out.ToString(), StringComparison.Ordinal);
        Assert.Equal(code == 0, _bench.Error.ToString().Length == 0);
        // A slow machine sends it again before it has read the answer (RFC 3261 §17.1.2.2): the same octets.
        var request = Assert.Single(_asked.Distinct());
        Assert.EndsWith("\r\n\r\ntwo words", request, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("200 OK", 200)]
    [InlineData("404 Not Found", 404)]
    public async Task Message_InJson_IsAnEventWithStatusAndTime_AndWithoutItsText(string answer, int status)
    {
        Answer(answer);
        await RunAsync("message", Target, "hush", "--json");
        var line = Assert.Single(_bench.Out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries), l => l.Contains("\"ev\":\"message\"", StringComparison.Ordinal));
        var sent = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("outgoing", Target, status), (sent.GetProperty("direction").GetString(), sent.GetProperty("peer").GetString(), sent.GetProperty("status").GetInt32()));
        Assert.True(sent.GetProperty("ms").GetDouble() >= 0);
        Assert.False(sent.TryGetProperty("text", out _));
    }

    [Fact]
    public async Task Message_WhereNobodyListens_EndsWith7()
    {
        var target = Target;
        _server.Dispose();
        Assert.Equal(7, await RunAsync("message", target, "hello"));
        Assert.Contains("refused UDP", _bench.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("message", "http://127.0.0.1", "hello")]
    [InlineData("message", "sip:a@127.0.0.1", "")]
    [InlineData("message", "sip:a@127.0.0.1")]
    [InlineData("message", "bob", "without an account there is no domain")]
    public async Task Message_ThatCannotBe_IsAMistakeOfUse(params string[] args)
    {
        Assert.Equal(2, await RunAsync(args));
        Assert.NotEmpty(_bench.Error.ToString());
    }

    [Fact]
    public async Task Message_ThatIsTooLong_IsRefusedBeforeItIsSent()
    {
        Assert.NotEqual(0, await RunAsync("message", Target, new string('a', 8193)));
        Assert.Empty(_asked);
        Assert.NotEmpty(_bench.Error.ToString());
    }

    [Fact]
    public async Task Report_HasTheMessageAndWhatBecameOfIt()
    {
        Answer("404 Not Found");
        var file = _bench.AddFile("report.md");
        Assert.Equal(3, await RunAsync("message", Target, "hello", "--report", file));
        var report = File.ReadAllText(file);
        Assert.StartsWith($"# Message to {Target}\n", report, StringComparison.Ordinal);
        Assert.Contains("it did not arrive: 404", report, StringComparison.Ordinal);
        Assert.Contains("MESSAGE sip:bob@127.0.0.1", report, StringComparison.Ordinal);
    }

    private string Target => $"sip:bob@{_server.LocalEndPoint}";

    /// <summary>Answers each request once with this, from now on.</summary>
    private void Answer(string answer) => _ = Task.Run(() =>
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                var request = Encoding.UTF8.GetString(buffer, 0, _server.ReceiveFrom(buffer, ref from));
                if (!request.StartsWith("MESSAGE", StringComparison.Ordinal)) continue;
                _asked.Add(request);
                var headers = request.Split("\r\n").Where(l => ((string[])["via:", "from:", "to:", "call-id:", "cseq:"]).Any(h => l.StartsWith(h, StringComparison.OrdinalIgnoreCase)));
                _server.SendTo(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"SIP/2.0 {answer}\r\n{string.Join("\r\n", headers)}\r\nContent-Length: 0\r\n\r\n")), from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    });

    private async Task<int> RunAsync(params string[] args) => (int)await CommandLine.RunAsync(args, new VerbHandlers { Message = new MessageVerb() }, _bench.Context);
}
