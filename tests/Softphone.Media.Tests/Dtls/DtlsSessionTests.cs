using Softphone.Core;

namespace Softphone.Media.Tests;

public sealed class DtlsSessionTests
{
    public static TheoryData<string, int> Profiles => new()
    {
        { "AEAD_AES_256_GCM", 2 * 44 }, { "AEAD_AES_128_GCM", 2 * 28 }, { "AES_CM_128_HMAC_SHA1_80", 2 * 30 }, { "AES_CM_128_HMAC_SHA1_32", 2 * 30 },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    [Rfc("5764", "4.1.2", Line = "media S12")]
    [Rfc("5764", "4.2", Line = "media S12")]
    [Rfc("7714", "14.2")]
    public void Keys_OfEveryProfile_ProtectBothWays(string name, int octets)
    {
        var suite = SrtpSuite.Of(name)!;
        using var pair = new DtlsPair(server: [suite]).Described().Start().Run();
        var (hers, his) = (pair.ClientKeys!, pair.ServerKeys!);
        Assert.Equal((suite, octets), (hers.Send.Suite, 2 * (suite.KeyLength + suite.SaltLength)));
        foreach (var (from, to) in new[] { (hers, his), (his, hers) })
        {
            using var sender = new SrtpSender(from.Send);
            using var receiver = new SrtpReceiver(to.Receive);
            var plain = SrtpLine.Plain(3);
            var packet = new byte[plain.Length + SrtpSuite.MostOverhead];
            plain.CopyTo(packet, 0);
            Assert.True(sender.TryProtect(packet, plain.Length, out var length));
            Assert.Equal(SrtpVerdict.Taken, receiver.Open(packet.AsSpan(0, length), out var opened));
            Assert.Equal(plain, packet[..opened]);
            var report = SrtpLine.PlainReport();
            packet = new byte[report.Length + SrtpSuite.MostOverhead];
            report.CopyTo(packet, 0);
            Assert.True(sender.TryProtectRtcp(packet, report.Length, out length));
            Assert.Equal(SrtpVerdict.Taken, receiver.OpenRtcp(packet.AsSpan(0, length), out opened));
            Assert.Equal(report, packet[..opened]);
        }

        Assert.NotEqual(hers.Send, his.Send);
    }

    [Fact]
    [Rfc("7714", "14.2")]
    public void Profile_WhereBothHaveAll_IsTheStrongest()
    {
        using var pair = new DtlsPair().Described().Start().Run();
        Assert.Equal(SrtpSuite.AeadAes256Gcm, pair.ClientKeys!.Send.Suite);
    }

    [Fact]
    [Rfc("5764", "4.1.2")]
    public void Profile_ThatIsNotInCommon_IsNone()
    {
        using var pair = new DtlsPair(client: [SrtpSuite.AeadAes128Gcm], server: [SrtpSuite.AesCm128Tag80]).Described().Start().Run();
        foreach (var events in new[] { pair.OfClient, pair.OfServer }) Assert.Equal(DtlsFailure.NoProfile, Failure(events).Failure);
    }

    /// <summary>Whichever datagram is lost, the last flight's too, the handshake comes to its end, and a little later.</summary>
    [Fact]
    [Rfc("6347", "4.2.4", Line = "media S13")]
    public void Handshake_WithAnyOneDatagramLost_Ends()
    {
        using var whole = new DtlsPair().Described().Start().Run();
        Assert.InRange(whole.Sent.Count, 4, 8);
        for (var lost = 0; lost < whole.Sent.Count; lost++)
        {
            using var pair = new DtlsPair { Passes = number => number != lost }.Described().Start().Run();
            Assert.True(pair.ClientKeys is not null && pair.ServerKeys is not null, $"datagram {lost} was lost: {string.Join(' ', pair.OfClient.Concat(pair.OfServer))}");
            Assert.Equal(pair.ClientKeys.Send, pair.ServerKeys.Receive[0]);
            Assert.True(pair.Sent.Count > whole.Sent.Count, $"datagram {lost} was not sent again");
        }
    }

    [Fact]
    [Rfc("6347", "4.2.4", Line = "media S13")]
    public void Handshake_OverALineThatLosesDoublesAndReorders_Ends()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            using var pair = new DtlsPair(seed) { Loss = 0.2, Doubling = 0.2, Reordering = 0.3 }.Described().Start().Run();
            Assert.True(pair.ClientKeys is not null && pair.ServerKeys is not null, $"seed {seed}: {string.Join(' ', pair.OfClient.Concat(pair.OfServer))}");
            Assert.Equal((pair.ClientKeys.Send, pair.ClientKeys.Receive[0]), (pair.ServerKeys.Receive[0], pair.ServerKeys.Send));
        }
    }

    /// <summary>The time is ours: what nobody answers is said again after 0.4 s, then twice as long, and in no record number that was used.</summary>
    [Fact]
    [Rfc("6347", "4.2.4.1", Line = "media S13")]
    [Rfc("6347", "4.1")]
    public void Flight_ThatNobodyAnswers_IsSaidAgainEverMoreRarelyAndGivenUp()
    {
        using var pair = new DtlsPair { Passes = _ => false }.Described();
        var began = pair.Now;
        pair.Start().Run();
        Assert.Equal([0, 0.4, 1.2, 2.8, 6, 10, 14, 18, 22, 26], pair.Sent.Select(s => (s.At - began).TotalSeconds));
        Assert.Equal(pair.Sent.Count, pair.Sent.Select(s => Convert.ToHexString(s.Octets.AsSpan(3, 8))).Distinct().Count());
        Assert.All(pair.Sent, s => Assert.Equal(pair.Sent[0].Octets[11..], s.Octets[11..]));
        foreach (var events in new[] { pair.OfClient, pair.OfServer })
        {
            var failure = Failure(events);
            Assert.Equal((DtlsFailure.Silence, Layer.Dtls), (failure.Failure, failure.Fault.Layer));
        }

        Assert.Null(pair.Client.NextTimeout);
        Assert.Null(pair.Server.NextTimeout);
    }

    [Fact]
    public void Wait_ThatBeginsAnew_IsAsLongAgain()
    {
        using var pair = new DtlsPair { Passes = _ => false }.Described().Start().Run(29);
        pair.Server.WaitAnew(pair.Now);
        pair.Run(29);
        Assert.Empty(pair.OfServer);
        Assert.Equal(DtlsFailure.Silence, Failure(pair.Run(2).OfServer).Failure);
    }

    [Fact]
    [Rfc("8122", "5", Line = "media S11")]
    [Rfc("5763", "5", Line = "media S11")]
    public void Certificate_ThatIsNotTheDescribedOne_GivesNoKeys()
    {
        using var pair = new DtlsPair();
        pair.Client.Expect(pair.Now, [pair.Caller.Fingerprint("sha-256")]);
        pair.Server.Expect(pair.Now, [pair.Caller.Fingerprint("sha-256")]);
        pair.Start().Run();
        Assert.Null(pair.ClientKeys);
        var failure = Failure(pair.OfClient);
        Assert.Equal((DtlsFailure.WrongCertificate, Layer.Dtls), (failure.Failure, failure.Fault.Layer));
        Assert.True(pair.Client.IsOver);
        Assert.True(pair.Sent.Last(s => s.From == pair.Client).Octets[0] == 21, "the peer is not told by an alert");
    }

    public static TheoryData<string, bool> Descriptions => new()
    {
        { "sha-256", true }, { "sha-384", true }, { "sha-512", true }, { "sha-256 sha-512", true }, { "-sha-256 sha-256", true }, { "-sha-256", false },
        { "sha-256 -sha-512", false }, { "-sha-256 sha-512", true }, { "sha-1", false }, { "sha-1 sha-256", true }, { "-sha-1 sha-256", true },
    };

    /// <summary>"-" is a hash of another certificate. The strongest function that we know decides, and one of its hashes has to fit.</summary>
    [Theory]
    [MemberData(nameof(Descriptions))]
    [Rfc("8122", "5", Line = "media S11")]
    public void Fingerprints_OfSeveralFunctions_AreJudgedByTheStrongest(string described, bool isGood)
    {
        using var pair = new DtlsPair();
        CertificateHash[] hashes = [.. described.Split(' ').Select(word => word.TrimStart('-') is var name && name == "sha-1"
            ? new CertificateHash(name, new string('0', 40))
            : (word[0] == '-' ? pair.Caller : pair.Callee).Fingerprint(name))];
        pair.Client.Expect(pair.Now, hashes);
        pair.Server.Expect(pair.Now, [pair.Caller.Fingerprint("sha-256")]);
        pair.Start().Run();
        Assert.Equal(isGood, pair.ClientKeys is not null);
    }

    /// <summary>A handshake may be over before the description has come that says whose certificate it was.</summary>
    [Fact]
    [Rfc("5763", "6.2")]
    public void Keys_BeforeTheDescriptionIsKnown_AreHeldBack()
    {
        using var pair = new DtlsPair().Start().Run(2);
        Assert.Null(pair.ClientKeys);
        pair.Described().Drain();
        Assert.Equal(pair.ClientKeys!.Send, pair.ServerKeys!.Receive[0]);
    }

    /// <summary>What strangers send before, in and after a handshake changes nothing of it.</summary>
    [Fact]
    [Rfc("6347", "4.1.2.7")]
    public void Handshake_AmidWhatStrangersSend_Ends()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            using var pair = new DtlsPair(seed) { Loss = 0.1 }.Described();
            var chance = new SeededEntropy(seed);
            pair.Server.Start(pair.Now);
            pair.Client.Start(pair.Now);
            for (var i = 0; i < 200; i++)
            {
                var octets = new byte[1 + chance.NextInt(300)];
                chance.Fill(octets);
                octets[0] = (byte)(20 + chance.NextInt(44));
                if (octets.Length > 13 && chance.NextInt(2) == 0) new byte[] { 254, 253, 0, 0, 0, 0, 0, 0, 0, (byte)i, 0, (byte)(octets.Length - 13) }.CopyTo(octets, 1);
                // A plain alert that ends everything is what anybody on the way may send; here nobody does.
                if (octets[0] == 21 || (octets[0] == 22 && octets.Length > 13 && octets[1] == 254)) octets[0] = 23;
                pair.Deliver(i % 2 == 0 ? pair.Server : pair.Client, octets);
                pair.Run(0.01);
            }

            pair.Run();
            Assert.True(pair.ClientKeys is not null && pair.ServerKeys is not null, $"seed {seed}: {string.Join(' ', pair.OfClient.Concat(pair.OfServer))}");
            Assert.Equal((1, 1), (pair.OfClient.Count, pair.OfServer.Count));
        }
    }

    [Fact]
    public void Peer_ThatSendsMoreThanAHandshakeNeeds_IsGivenUp()
    {
        using var pair = new DtlsPair().Described();
        pair.Server.Start(pair.Now);
        var record = new byte[1013];
        new byte[] { 22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 3, 232 }.CopyTo(record, 0);
        for (var i = 0; i < 300; i++) pair.Deliver(pair.Server, record);
        Assert.Equal(DtlsFailure.Refused, Failure(pair.OfServer).Failure);
        Assert.True(pair.Sent.Count <= 1, "a stranger is answered at length");
    }

    /// <summary>A peer that went and came back says so in its description; out of the blue it is somebody else.</summary>
    [Fact]
    public void Hello_AfterTheHandshake_BeginsNothing()
    {
        using var pair = new DtlsPair().Described().Start().Run(5);
        using var other = new DtlsSession(pair.Caller, DtlsRole.Client, MediaPath.Rtp);
        other.Start(pair.Now);
        var hello = new byte[Limits.Datagram];
        Assert.True(other.TryTransmit(hello, out var transmit));
        var sent = pair.Sent.Count;
        pair.Deliver(pair.Server, hello.AsSpan(0, transmit.Length));
        pair.Run(5);
        Assert.Equal(sent, pair.Sent.Count);
        Assert.Single(pair.OfServer);
    }

    [Fact]
    public void Close_OfAnAssociation_IsToldToThePeer()
    {
        var trace = new Trace();
        using var pair = new DtlsPair(trace: trace).Described().Start().Run(5);
        pair.Client.Close(pair.Now);
        pair.Drain();
        pair.Run(5);
        Assert.Contains(trace.Entries, e => e is DtlsTrace.PeerClosed { Source: "server" });
        Assert.Single(pair.OfServer);
    }

    [Fact]
    public void Trace_OfAHandshake_TellsNoKey()
    {
        var trace = new Trace();
        using var pair = new DtlsPair(trace: trace).Described().Start().Run(5);
        var text = string.Join('\n', trace.Entries.Select(e => $"{e} {e.Describe()}").Concat(pair.OfClient.Select(e => $"{e}")));
        Assert.Contains("handshake as client", text, StringComparison.Ordinal);
        Assert.Contains("(secret)", text, StringComparison.Ordinal);
        foreach (var key in new[] { pair.ClientKeys!.Send, pair.ServerKeys!.Send })
        {
            Assert.DoesNotContain(Convert.ToHexString(key.Key), text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Convert.ToBase64String(key.Key), text, StringComparison.Ordinal);
        }
    }

    private static DtlsEvent.Failed Failure(List<DtlsEvent> events) => Assert.IsType<DtlsEvent.Failed>(Assert.Single(events));
}
