using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Softphone.Core;

namespace Softphone.Sockets.Tests;

public sealed class DnsTests
{
    private static readonly Func<Action, bool> Inline = action =>
    {
        action();
        return true;
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Rfc("6762", "5.1", Line = "I35")]
    public async Task LocalName_IsAskedByMulticast_AndGivenUpInTime(bool answers)
    {
        using var responder = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        responder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var served = Task.Run(async () =>
        {
            var query = new byte[512];
            var from = await responder.ReceiveFromAsync(query, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
            Assert.Equal(new byte[] { 0, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, query[2..12]);
            if (!answers) return;
            var answer = Answer("phone-8a3b9f.local", DnsType.A, 0, [192, 0, 2, 7]);
            query.AsSpan(0, 2).CopyTo(answer);
            await responder.SendToAsync(answer, from.RemoteEndPoint);
        });
        var resolver = new SystemResolver(Inline) { MulticastGroup = ((IPEndPoint)responder.LocalEndPoint!).ToAddress(), LocalDeadline = TimeSpan.FromMilliseconds(answers ? 1000 : 200) };
        var found = new TaskCompletionSource<NameAnswer>();
        resolver.Resolve(new NameQuery(5, "phone-8a3b9f.local", NameRecord.Address), found.SetResult);
        var result = await found.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await served;
        Assert.Equal((5, !answers), (result.Id, result.Failed));
        if (answers) Assert.Equal(IpAddress.Parse("192.0.2.7"), Assert.Single(result.Addresses));
    }

    [Fact]
    [Rfc("1035", "4.1.2")]
    public void Query_Written_HasOneQuestionAndAnOptRecord()
    {
        var buffer = new byte[512];
        var length = DnsMessage.WriteQuery(buffer, 0x1234, "_sip._udp.example.org", DnsType.Srv);
        byte[] expected =
        [
            0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 1,
            4, .. "_sip"u8, 4, .. "_udp"u8, 7, .. "example"u8, 3, .. "org"u8, 0, 0, 33, 0, 1,
            0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0,
        ];
        Assert.Equal(expected, buffer[..length]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("exämple.org")]
    public void Query_OfNoDomainName_IsOurMisuse(string name) =>
        Assert.Throws<ArgumentException>(() => DnsMessage.WriteQuery(new byte[512], 1, name, DnsType.A));

    [Fact]
    [Rfc("2782", "")]
    public void Answer_WithCompressedSrvTargets_IsRead()
    {
        var answer = Answer("_sip._udp.example.org", DnsType.Srv, 0,
            [0, 10, 0, 60, 0x13, 0xC4, 4, .. "sip1"u8, 0xC0, 22],
            [0, 20, 0, 0, 0x13, 0xC6, 0]);
        Assert.True(DnsMessage.TryParse(answer, out var message, out var error), error.ToString());
        Assert.True(message.Answers(7, "_SIP._udp.Example.ORG.", DnsType.Srv));
        Assert.False(message.Answers(8, "_sip._udp.example.org", DnsType.Srv));
        Assert.Equal([new SrvRecord(10, 60, 5060, "sip1.example.org"), new SrvRecord(20, 0, 5062, ".")], message.Services);
    }

    [Fact]
    [Rfc("3403", "4.1")]
    public void Answer_WithNaptr_IsRead()
    {
        var answer = Answer("example.org", DnsType.Naptr, 0,
            [0, 50, 0, 51, 1, (byte)'s', 7, .. "SIP+D2T"u8, 0, 4, .. "_sip"u8, 4, .. "_tcp"u8, 0xC0, 12]);
        Assert.True(DnsMessage.TryParse(answer, out var message, out _));
        Assert.Equal([new NaptrRecord(50, 51, "s", "SIP+D2T", "_sip._tcp.example.org")], message.Pointers);
    }

    [Theory]
    [InlineData(new byte[] { 0xC0, 12 })]
    [InlineData(new byte[] { 1, 97, 0xC0, 12 })]
    [InlineData(new byte[] { 0xC0, 200 })]
    [InlineData(new byte[] { 64, 97 })]
    [InlineData(new byte[] { 5, 97 })]
    [InlineData(new byte[] { 1, (byte)'.', 0, 0, 1, 0, 1 })]
    [Rfc("1035", "4.1.4")]
    public void Name_ThatLoopsOrLies_IsRefused(byte[] name)
    {
        byte[] message = [0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name];
        Assert.False(DnsMessage.TryParse(message, out _, out _));
    }

    [Fact]
    public void Parser_FedMutatedAnswers_NeverThrows()
    {
        var entropy = new SeededEntropy(11);
        var seed = Answer("_sip._udp.example.org", DnsType.Srv, 0, [0, 10, 0, 60, 0x13, 0xC4, 4, .. "sip1"u8, 0xC0, 22]);
        for (var i = 0; i < 100_000; i++)
        {
            var bytes = (byte[])seed.Clone();
            for (var n = entropy.NextInt(6); n >= 0; n--) bytes[entropy.NextInt(bytes.Length)] = (byte)entropy.NextInt(256);
            _ = DnsMessage.TryParse(bytes.AsSpan(0, entropy.NextInt(bytes.Length + 1)), out _, out _);
        }
    }

    [Fact]
    public void ResolvConf_WithCommentsAndOptions_GivesItsServers()
    {
        var servers = DnsServers.Parse("# made by hand\nnameserver 192.0.2.1\noptions ndots:1\nnameserver\t2001:db8::1 \r\nnameserver bad\n");
        Assert.Equal([Address.Parse("192.0.2.1:53"), Address.Parse("[2001:db8::1]:53")], servers);
        Assert.Equal([Address.Parse("127.0.0.1:53")], DnsServers.Parse("search example.org\n"));
    }

    [Fact]
    public void Resolver_FirstTryLostThenTruncated_AsksAgainAndOverTcp()
    {
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
        tcp.Start();
        _ = Task.Run(async () =>
        {
            await udp.ReceiveAsync();
            var again = await udp.ReceiveAsync();
            var cut = Reply(again.Buffer, truncated: true);
            await udp.SendAsync(cut, again.RemoteEndPoint);
            using var client = await tcp.AcceptTcpClientAsync();
            var asked = new byte[512];
            var length = await client.GetStream().ReadAsync(asked);
            var reply = Reply(asked[2..length], truncated: false);
            await client.GetStream().WriteAsync(new byte[] { (byte)(reply.Length >> 8), (byte)reply.Length });
            await client.GetStream().WriteAsync(reply);
        });
        var answer = Ask(new SystemResolver(Inline, [udp.Client.LocalEndPoint.ToAddress()]), "_sip._udp.example.org", NameRecord.Srv);
        Assert.False(answer.Failed);
        Assert.Equal([new SrvRecord(1, 2, 5060, "a")], answer.Services);
    }

    [Fact]
    public void Resolver_NumericName_AnswersWithoutAsking() =>
        Assert.Equal([IpAddress.Parse("2001:db8::7")], Ask(new SystemResolver(Inline), "[2001:db8::7]", NameRecord.Address).Addresses);

    [Fact]
    public void Resolver_Localhost_IsALoopbackAddress() =>
        Assert.All(Ask(new SystemResolver(Inline), "localhost", NameRecord.Address).Addresses, a => Assert.True(a.IsLoopback));

    [Fact]
    public void Resolver_NoSuchServer_Fails()
    {
        using var closed = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var server = closed.Client.LocalEndPoint.ToAddress();
        closed.Close();
        Assert.True(Ask(new SystemResolver(Inline, [server]), "example.org", NameRecord.Naptr).Failed);
    }

    [Fact]
    public void Resolver_BadName_FailsAndIsAnswered() =>
        Assert.True(Ask(new SystemResolver(Inline, [Address.Parse("127.0.0.1:9")]), "a..b", NameRecord.Srv).Failed);

    [Theory]
    [InlineData("a.test", 0, false, false)]
    [InlineData("b.test", 700, false, true)]
    [InlineData("c.test", 0, true, true)]
    public async Task Address_WithTheFirstServerSilentSlowOrRefusing_IsFound_AndOnlyASilentOneIsPassedOverThen(string name, int slow, bool refuses, bool isAskedAgain)
    {
        // Slow: the first answers late, after the second was asked, which is silent for good.
        using var first = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var second = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var serving = new[] { Serve(first, slow > 0 ? 0 : refuses ? 5 : -1, slow), Serve(second, slow > 0 ? -1 : 0, 0) };
        var resolver = new SystemResolver(Inline, [first.Client.LocalEndPoint.ToAddress(), second.Client.LocalEndPoint.ToAddress()]);
        for (var i = 0; i < 2; i++)
        {
            var answer = await Task.Run(() => Ask(resolver, name, NameRecord.Address));
            Assert.Equal([IpAddress.Parse("192.0.2.7")], answer.Addresses);
        }

        await stop.CancelAsync();
        await Task.WhenAll(serving);
        // A and AAAA each time.
        Assert.Equal(isAskedAgain, asked > 2);

        async Task Serve(UdpClient server, int code, int delay)
        {
            try
            {
                while (true)
                {
                    var query = await server.ReceiveAsync(stop.Token);
                    if (server == first) asked++;
                    if (code < 0) continue;
                    await Task.Delay(delay, stop.Token);
                    var type = (DnsType)query.Buffer[^14];
                    var reply = Answer(name, type, code, code == 0 && type == DnsType.A ? [[192, 0, 2, 7]] : []);
                    query.Buffer.AsSpan(0, 2).CopyTo(reply);
                    await server.SendAsync(reply, query.RemoteEndPoint, stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    [Theory]
    [InlineData(-1, NameFault.Silent)]
    [InlineData(2, NameFault.Refused)]
    [InlineData(5, NameFault.Refused)]
    [InlineData(3, NameFault.NotFound)]
    public async Task Address_NotFound_TellsSilenceFromRefusalFromNoSuchName(int code, NameFault expected)
    {
        using var server = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var stop = new CancellationTokenSource();
        var serving = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var query = await server.ReceiveAsync(stop.Token);
                    if (code < 0) continue;
                    var reply = Answer("gone.test", (DnsType)query.Buffer[^14], code);
                    query.Buffer.AsSpan(0, 2).CopyTo(reply);
                    await server.SendAsync(reply, query.RemoteEndPoint, stop.Token);
                }
            }
            catch (OperationCanceledException)
            {
            }
        });
        var address = server.Client.LocalEndPoint.ToAddress();
        var answer = await Task.Run(() => Ask(new SystemResolver(Inline, [address]), "gone.test", NameRecord.Address));
        Assert.Equal((true, expected), (answer.Failed, answer.Fault));
        Assert.Equal(expected == NameFault.NotFound ? [] : [address], answer.Servers);
        await stop.CancelAsync();
        await serving;
    }

    private static NameAnswer Ask(SystemResolver resolver, string name, NameRecord record)
    {
        var answers = new BlockingCollection<NameAnswer>();
        resolver.Resolve(new NameQuery(42, name, record), answers.Add);
        var answer = answers.Next();
        Assert.Equal(42, answer.Id);
        return answer;
    }

    private static byte[] Answer(string name, DnsType type, int code, params byte[][] records)
    {
        var buffer = new byte[512];
        var length = DnsMessage.WriteQuery(buffer, 7, name, type) - 11;
        var message = new List<byte>(buffer[..length]);
        message[2] = 0x81;
        message[3] = (byte)(0x80 | code);
        message[7] = (byte)records.Length;
        message[11] = 0;
        foreach (var record in records) message.AddRange([0xC0, 12, 0, (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)record.Length, .. record]);
        return [.. message];
    }

    private static byte[] Reply(byte[] query, bool truncated)
    {
        var question = query[..^11];
        BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(2), (ushort)(truncated ? 0x8380 : 0x8180));
        question[11] = 0;
        if (truncated) return question;
        question[7] = 1;
        return [.. question, 0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 9, 0, 1, 0, 2, 0x13, 0xC4, 1, (byte)'a', 0];
    }
}
