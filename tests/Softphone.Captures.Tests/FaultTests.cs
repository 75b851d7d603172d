using Softphone.Captures;
using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Captures.Tests;

/// <summary>Captures with one fault each: it is named, and nothing worse than it.</summary>
public sealed class FaultTests
{
    private readonly WireScript _wire = new();

    [Fact]
    public void Call_OfTwoSoundPhones_HasNoProblem()
    {
        var call = new CallScript(_wire).Connect();
        _wire.Talk(call.RtpA, call.RtpB, 8);
        call.Bye();

        var capture = _wire.Read();

        Assert.Empty(capture.Problems);
        Assert.Equal((SipDialogKind.Call, DialogState.Ended), (capture.Dialogs[0].Kind, capture.Dialogs[0].State));
        Assert.Equal([("PCMU", 400L, 0L, Party.Caller), ("PCMU", 400L, 0L, Party.Callee)], capture.Streams.Select(s => (s.Codec, s.Packets, s.Lost, s.Sender!.Value)));
        Assert.All(capture.Streams, s => Assert.InRange(s.Mos!.Value, 4.2, 4.5));
    }

    [Theory]
    [InlineData("192.168.1.20")]
    [InlineData("10.9.8.7")]
    [InlineData("100.64.3.4")]
    public void OneWay_PrivateAddressInTheAnswer_IsTheNat(string inside)
    {
        // bob's messages come from a public address, and his description says a private one.
        var call = new CallScript(_wire) { MediaB = inside }.Connect();
        _wire.Rtp(call.RtpA, call.RtpB, 8);
        _wire.Now -= 8;
        _wire.Rtp("203.0.113.2:33000", call.RtpA, 8, ssrc: 2);
        call.Bye();

        var worst = Worst(ProblemKind.OneWayNat, Severity.Failure);

        Assert.Contains(inside, worst.What, StringComparison.Ordinal);
        Assert.Contains("the callee does not hear the caller", worst.What, StringComparison.Ordinal);
    }

    [Fact]
    public void OneWay_PrivateAddressInTheOffer_NothingComesBack()
    {
        var call = new CallScript(_wire) { MediaA = "192.168.7.7" }.Connect();
        _wire.Rtp("198.51.100.1:4000", call.RtpB, 8);
        call.Bye();

        Assert.Contains("192.168.7.7", Worst(ProblemKind.OneWayNat, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(97)]
    public void OneWay_PayloadTypeThatNobodyAgreed_IsTheCodec(byte type)
    {
        var call = new CallScript(_wire) { FormatsA = "0 101" }.Connect();
        _wire.Rtp(call.RtpA, call.RtpB, 6);
        _wire.Now -= 6;
        _wire.Rtp(call.RtpB, call.RtpA, 6, type, ssrc: 2);
        call.Bye();

        Assert.Contains($"payload type {type}", Worst(ProblemKind.OneWayCodec, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=sendonly\n", "203.0.113.2", "a=sendonly")]
    [InlineData("a=inactive\n", "203.0.113.2", "a=inactive")]
    [InlineData("", "0.0.0.0", "c=0.0.0.0")]
    public void OneWay_HoldThatIsNeverTakenBack_IsTheHold(string direction, string host, string word)
    {
        var call = new CallScript(_wire).Connect();
        _wire.Talk(call.RtpA, call.RtpB, 3);
        call.Send(call.B, call.A, "INVITE sip:alice@198.51.100.1 SIP/2.0", 9, "INVITE", isToTagged: true, CallScript.Sdp(host, 5000, "0 101", direction, 2), "hold", isBobs: true);
        _wire.Now += 0.05;
        var answer = CallScript.Sdp("198.51.100.1", 4000, "0 101", direction.Replace("sendonly", "recvonly", StringComparison.Ordinal), 2);
        call.Send(call.A, call.B, "SIP/2.0 200 OK", 9, "INVITE", isToTagged: true, answer, "hold", isBobs: true);
        _wire.Now += 5;
        call.Bye();

        var worst = Worst(ProblemKind.OneWayHold, Severity.Trouble);
        Assert.Contains(word, worst.What, StringComparison.Ordinal);
        Assert.Contains("callee", worst.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Media_ThatBeginsLate_IsToldWithItsDelay()
    {
        var call = new CallScript(_wire).Connect();
        var began = _wire.Now;
        _wire.Rtp(call.RtpA, call.RtpB, 9);
        _wire.Now = began + 4;
        _wire.Rtp(call.RtpB, call.RtpA, 5, ssrc: 2);
        call.Bye();

        Assert.Contains("4.0 s", Worst(ProblemKind.LateMedia, Severity.Trouble).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "Not Found", ProblemKind.Refused)]
    [InlineData(486, "Busy Here", ProblemKind.Refused)]
    [InlineData(503, "Service Unavailable", ProblemKind.Refused)]
    [InlineData(488, "Not Acceptable Here", ProblemKind.SdpMismatch)]
    public void Call_Refused_IsToldWithItsCode(int status, string reason, ProblemKind kind)
    {
        var call = new CallScript(_wire).Invite();
        _wire.Now += 0.05;
        call.Answer(100, "Trying");
        _wire.Now += 0.5;
        call.Answer(status, reason).Ack();

        Assert.Contains($"{status} {reason}", Worst(kind, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Invite_SentFourTimesAndAnswered_IsRetransmitted()
    {
        var call = new CallScript(_wire);
        foreach (var at in new[] { 0, 0.5, 1.5, 3.5 })
        {
            _wire.Now = at;
            call.Invite();
        }

        _wire.Now = 3.6;
        call.Answer(200, "OK", hasSdp: true);
        call.Ack();
        _wire.Talk(call.RtpA, call.RtpB, 4);
        call.Bye();

        Assert.Contains("4 times", Worst(ProblemKind.Retransmitted, Severity.Trouble).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Invite_WithoutAnyAnswer_IsNoAnswer()
    {
        var call = new CallScript(_wire);
        foreach (var at in new[] { 0, 0.5, 1.5, 3.5, 7.5 })
        {
            _wire.Now = at;
            call.Invite();
        }

        Assert.Contains("sent 5 times", Worst(ProblemKind.NoAnswer, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_ThatIsNeverAcknowledged_IsTheMissingAck()
    {
        var call = new CallScript(_wire).Invite();
        foreach (var at in new[] { 0.1, 0.6, 1.6, 3.6, 7.6 })
        {
            _wire.Now = at;
            call.Answer(200, "OK", hasSdp: true);
        }

        Worst(ProblemKind.AckMissing, Severity.Failure);
    }

    [Fact]
    public void Register_ChallengedAgainWithItsCredentials_IsWrongCredentials()
    {
        var call = new CallScript(_wire) { CallId = "reg" };
        foreach (var (number, nonce) in new (uint, string)[] { (1, ""), (2, "n1"), (3, "n2") })
        {
            var credentials = nonce.Length == 0 ? "" : $"Authorization: Digest username=\"201\", realm=\"lab.test\", nonce=\"{nonce}\", uri=\"sip:lab.test\", response=\"0\", cnonce=\"zz\"\n";
            call.Send(call.A, call.B, "REGISTER sip:lab.test SIP/2.0", number, "REGISTER", false, null, $"r{number}", credentials);
            _wire.Now += 0.04;
            call.Send(call.B, call.A, "SIP/2.0 401 Unauthorized", number, "REGISTER", true, null, $"r{number}", $"WWW-Authenticate: Digest realm=\"lab.test\", nonce=\"n{number}\"\n");
            _wire.Now += 0.04;
        }

        var worst = Worst(ProblemKind.WrongCredentials, Severity.Failure);
        Assert.Contains("201", worst.What, StringComparison.Ordinal);
        Assert.Contains("lab.test", worst.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Registration_NotRenewed_RunsOut()
    {
        var call = new CallScript(_wire) { CallId = "reg" };
        call.Send(call.A, call.B, "REGISTER sip:lab.test SIP/2.0", 1, "REGISTER", false, null, "r1", "Expires: 60\n");
        _wire.Now += 0.04;
        call.Send(call.B, call.A, "SIP/2.0 200 OK", 1, "REGISTER", true, null, "r1", "Expires: 60\n");
        _wire.Now = 100;
        _wire.Udp("198.51.100.1:5060", "203.0.113.2:5060", "\r\n\r\n");

        Assert.Contains("60 s", Worst(ProblemKind.RegistrationExpired, Severity.Trouble).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8 101", "0 101")]
    [InlineData("0 101", "9 101")]
    public void Answer_WithoutACodecOfTheOffer_IsAMismatch(string offered, string answered)
    {
        new CallScript(_wire) { FormatsA = offered, FormatsB = answered }.Connect().Bye();

        Assert.Contains("no codec in common", Worst(ProblemKind.SdpMismatch, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Via_ThatComesBackWithAnotherSender_WasRewritten()
    {
        var call = new CallScript(_wire) { CallId = "reg" };
        call.Send(call.A, call.B, "REGISTER sip:lab.test SIP/2.0", 1, "REGISTER", false, null, "r1", via: "192.168.1.5:5060");
        _wire.Now += 0.04;
        call.Send(call.B, call.A, "SIP/2.0 200 OK", 1, "REGISTER", true, null, "r1", via: "198.51.100.1:1025");

        var worst = Worst(ProblemKind.Rewritten, Severity.Trouble);
        Assert.Contains("192.168.1.5:5060", worst.What, StringComparison.Ordinal);
        Assert.Contains("198.51.100.1:1025", worst.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Invite_WhoseDescriptionDiffersBehindTheNat_WasRewritten()
    {
        var call = new CallScript(_wire) { MediaA = "192.168.1.5" };
        call.Invite();
        _wire.Now += 0.001;
        call.Send("203.0.113.101", call.B, "INVITE sip:bob@203.0.113.2 SIP/2.0", 1, "INVITE", false, CallScript.Sdp("203.0.113.101", 4000, "0 8 101", "a=sendrecv\n"), "i1");
        _wire.Now += 0.1;
        call.Answer(486, "Busy Here");

        Assert.Contains(_wire.Read().Problems, p => p.Kind == ProblemKind.Rewritten && p.What.Contains("192.168.1.5:4000", StringComparison.Ordinal));
    }

    [Fact]
    public void Answers_OfTwoForks_AreNotRewritten()
    {
        var call = new CallScript(_wire).Invite();
        foreach (var (tag, host) in new[] { ("x1", "203.0.113.2"), ("x2", "203.0.113.3") })
        {
            _wire.Now += 0.1;
            call.Send(call.B, call.A, "SIP/2.0 183 Session Progress", 1, "INVITE", false, CallScript.Sdp(host, 5000, "0 101", "a=sendrecv\n"), "i1", toTag: tag);
        }

        Assert.DoesNotContain(_wire.Read().Problems, p => p.Kind == ProblemKind.Rewritten);
    }

    [Fact]
    public void Loss_OfEveryTenthPacket_IsPoorQuality()
    {
        var call = new CallScript(_wire).Connect();
        var began = _wire.Now;
        _wire.Rtp(call.RtpA, call.RtpB, 8);
        _wire.Now = began;
        _wire.Rtp(call.RtpB, call.RtpA, 8, ssrc: 2, isLost: i => i % 10 == 5);
        call.Bye();

        Assert.Contains("10.0 %", Worst(ProblemKind.PoorQuality, Severity.Trouble).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_ThatMovesFromPathToPathAndBack_LosesNothingByThat()
    {
        var call = new CallScript(_wire).Connect();
        var began = _wire.Now;
        for (var i = 0; i < 8; i++) _wire.Rtp(call.RtpA, i % 2 == 0 ? call.RtpB : "203.0.113.2:7000", 1, first: (ushort)(65500 + (50 * i)));
        _wire.Now = began;
        _wire.Rtp(call.RtpB, call.RtpA, 8, ssrc: 2);
        call.Bye();

        var capture = _wire.Read();
        Assert.Equal((0L, 0L), (StreamTo(capture, call.RtpB).Lost, StreamTo(capture, "203.0.113.2:7000").Lost));
        Assert.Equal(200, StreamTo(capture, call.RtpB).Packets);
        Assert.DoesNotContain(capture.Problems, p => p.Kind == ProblemKind.PoorQuality);
    }

    [Fact]
    public void Source_ThatMovesAndLoses_LosesWhatCameByNoPath()
    {
        var call = new CallScript(_wire).Connect();
        for (var i = 0; i < 8; i++) _wire.Rtp(call.RtpA, i % 2 == 0 ? call.RtpB : "203.0.113.2:7000", 1, first: (ushort)(100 + (50 * i)), isLost: p => p % 10 == 5);
        call.Bye();

        var capture = _wire.Read();
        Assert.Equal((20L, 20L), (StreamTo(capture, call.RtpB).Lost, StreamTo(capture, "203.0.113.2:7000").Lost));
    }

    /// <summary>Before and behind a NAT: the second hop lacks what the first one had, and that is lost.</summary>
    [Fact]
    public void Hops_OfOneWay_LoseEachForItself()
    {
        var call = new CallScript(_wire).Connect();
        for (var i = 0; i < 400; i++)
        {
            _wire.Rtp(call.RtpA, call.RtpB, 0.02, first: (ushort)(100 + i));
            _wire.Now -= 0.019;
            // One in ten, and a second of silence.
            if (i % 10 != 5 && i is < 200 or >= 250) _wire.Rtp("198.51.100.99:61000", call.RtpB, 0.02, first: (ushort)(100 + i));
            else _wire.Now += 0.02;
            _wire.Now -= 0.001;
        }

        call.Bye();

        var capture = _wire.Read();
        Assert.Equal(0, capture.Streams.Single(s => s.From.ToString() == call.RtpA).Lost);
        Assert.Equal(85, capture.Streams.Single(s => s.From.ToString() == "198.51.100.99:61000").Lost);
    }

    [Theory]
    [InlineData(150)]
    [InlineData(320)]
    public void Timestamps_ThatDoNotFitTheClock_AreAnOddity(int step)
    {
        var call = new CallScript(_wire).Connect();
        var began = _wire.Now;
        _wire.Rtp(call.RtpA, call.RtpB, 8, step: step);
        _wire.Now = began;
        _wire.Rtp(call.RtpB, call.RtpA, 8, ssrc: 2);
        call.Bye();

        Assert.Contains(_wire.Read().Problems, p => p.Kind == ProblemKind.ClockOddity);
    }

    [Fact]
    public void Allocation_RefusedForItsQuota_IsTurnRefused()
    {
        Allocate(1, null, 401, "Unauthenticated");
        Allocate(2, "bob", 486, "Allocation Quota Reached");

        var worst = Worst(ProblemKind.TurnRefused, Severity.Failure);
        Assert.Contains("486", worst.What, StringComparison.Ordinal);
        Assert.Contains("bob", worst.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Allocation_RefusedWithItsCredentials_IsWrongCredentials()
    {
        Allocate(1, null, 401, "Unauthenticated");
        Allocate(2, "bob", 401, "Unauthenticated");

        Assert.Contains("TURN", Worst(ProblemKind.WrongCredentials, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Ice_WhoseChecksNobodyAnswers_Failed()
    {
        var call = IceCall().Connect();
        for (var i = 0; i < 7; i++, _wire.Now += 1.5) Check(i < 4 ? 1 : 2, "198.51.100.1:4000", "203.0.113.2:5000", "BBBB:AAAA", answered: false);
        call.Bye();

        Assert.Contains("none of 1 pairs answered", Worst(ProblemKind.IceFailed, Severity.Failure).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Ice_WhosePathDies_LostItsConsent()
    {
        var call = IceCall().Connect();
        Check(1, "198.51.100.1:4000", "203.0.113.2:5000", "BBBB:AAAA", answered: true, nominates: true);
        Check(2, "203.0.113.2:5000", "198.51.100.1:4000", "AAAA:BBBB", answered: true);
        _wire.Talk(call.RtpA, call.RtpB, 5);
        for (byte i = 3; i < 10; i++, _wire.Now += 5) Check(i, "198.51.100.1:4000", "203.0.113.2:5000", "BBBB:AAAA", answered: false);
        call.Bye();

        Assert.Contains("consent ran out", Worst(ProblemKind.ConsentLost, Severity.Failure).What, StringComparison.Ordinal);
    }

    private CallScript IceCall() => new(_wire)
    {
        ExtraA = "a=ice-ufrag:AAAA\na=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa\na=candidate:1 1 UDP 2130706431 198.51.100.1 4000 typ host\n",
        ExtraB = "a=ice-ufrag:BBBB\na=ice-pwd:bbbbbbbbbbbbbbbbbbbbbbbb\na=candidate:1 1 UDP 2130706431 203.0.113.2 5000 typ host\n",
    };

    private void Check(int id, string from, string to, string username, bool answered, bool nominates = false)
    {
        var buffer = new byte[512];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Binding, Id(id));
        request.AddString(StunAttributeType.Username, username);
        request.AddUInt32(StunAttributeType.Priority, 1_862_270_975);
        request.AddUInt64(username[0] == 'B' ? StunAttributeType.IceControlling : StunAttributeType.IceControlled, 7);
        if (nominates) request.AddFlag(StunAttributeType.UseCandidate);
        _wire.Udp(from, to, request.Written);
        if (!answered) return;
        _wire.Now += 0.03;
        var response = new StunWriter(buffer, StunClass.Success, StunMethod.Binding, Id(id));
        response.AddAddress(StunAttributeType.XorMappedAddress, Address.Parse(from));
        _wire.Udp(to, from, response.Written);
    }

    private void Allocate(int id, string? user, int code, string reason)
    {
        var buffer = new byte[512];
        var request = new StunWriter(buffer, StunClass.Request, StunMethod.Allocate, Id(id));
        if (user is not null)
        {
            using var key = StunCredentials.ShortTerm("x");
            request.AddString(StunAttributeType.Username, user);
            request.AddIntegrity(key);
        }

        _wire.Udp("198.51.100.1:4000", "203.0.113.10:3478", request.Written);
        _wire.Now += 0.03;
        var response = new StunWriter(buffer, StunClass.Error, StunMethod.Allocate, Id(id));
        response.AddErrorCode(code, reason);
        _wire.Udp("203.0.113.10:3478", "198.51.100.1:4000", response.Written);
        _wire.Now += 0.03;
    }

    private static TransactionId Id(int id) => TransactionId.FromBytes([.. new byte[11], (byte)id]);

    private static MediaStream StreamTo(Capture capture, string to) => capture.Streams.Single(s => s.To.ToString() == to);

    private Problem Worst(ProblemKind kind, Severity severity) => Worst(_wire.Read(), kind, severity);

    /// <summary>The first that is told is this, and no other is as bad.</summary>
    private static Problem Worst(Capture capture, ProblemKind kind, Severity severity)
    {
        var all = string.Join("\n", capture.Problems);
        Assert.True(capture.Problems is [{ } first, ..] && first.Kind == kind && first.Severity == severity, all);
        Assert.True(capture.Problems.Count(p => p.Severity == severity) == 1, all);
        return capture.Problems[0];
    }
}
