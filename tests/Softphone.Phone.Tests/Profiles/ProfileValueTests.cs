using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

public sealed class ProfileValueTests
{
    private static readonly Dictionary<string, string> None = [];

    [Theory]
    [InlineData("stun:s.example", "stun:s.example")]
    [InlineData("stun:192.0.2.1:19302", "stun:192.0.2.1:19302")]
    [InlineData("stuns:s.example", "stuns:s.example")]
    [InlineData("turn:t.example", "turn:t.example")]
    [InlineData("turn:t.example?transport=udp", "turn:t.example")]
    [InlineData("turn:t.example:80?transport=tcp", "turn:t.example:80?transport=tcp")]
    [InlineData("turns:t.example:443?transport=tcp", "turns:t.example:443")]
    [InlineData("TURN:[2001:db8::1]:99", "turn:[2001:db8::1]:99")]
    [InlineData("turn:[2001:db8::1]", "turn:[2001:db8::1]:3478")]
    [Rfc("7065", "3.1", Line = "S40")]
    [Rfc("7064", "3.1", Line = "S40")]
    public void ServerUri_OfTheGrammar_HasHostPortAndTransport(string text, string expected)
    {
        Assert.True(ServerUri.TryParse(text, out var uri));
        Assert.Equal(expected, uri.ToString());
        Assert.True(ServerUri.TryParse(uri.ToString(), out var again));
        Assert.Equal(uri, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("t.example")]
    [InlineData("http://t.example")]
    [InlineData("turn:")]
    [InlineData("turn://t.example")]
    [InlineData("turn:t.example:0")]
    [InlineData("turn:t.example:65536")]
    [InlineData("turn:t.example:")]
    [InlineData("turn:t.example?transport=sctp")]
    [InlineData("turns:t.example?transport=udp")]
    [InlineData("stun:s.example?transport=udp")]
    [InlineData("turn:user@t.example")]
    [InlineData("turn:2001:db8::1")]
    [InlineData("turn:[192.0.2.1]")]
    [InlineData("turn:[2001:db8::1")]
    [InlineData("turn:[2001:db8::1]x")]
    [Rfc("7065", "3.1", Line = "S40")]
    public void ServerUri_OutOfTheGrammar_IsNotRead(string text) => Assert.False(ServerUri.TryParse(text, out _));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("20s", 20_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0ms", 0)]
    [InlineData("20", null)]
    [InlineData("ms", null)]
    [InlineData("-5s", null)]
    [InlineData("5 s", null)]
    [InlineData("1.2.3s", null)]
    [InlineData("99999999999h", null)]
    [InlineData("", null)]
    public void Duration_NeedsANumberAndAUnit(string text, int? milliseconds)
    {
        Assert.Equal(milliseconds is not null, DurationText.TryParse(text, out var duration));
        if (milliseconds is { } ms) Assert.Equal(ms, duration.TotalMilliseconds);
        if (milliseconds is not null) Assert.True(DurationText.TryParse(DurationText.Write(duration), out var again) && again == duration);
    }

    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("codecs", "codecs", 0)]
    [InlineData("codesc", "codecs", 1)]
    [InlineData("codec", "codecs", 1)]
    [InlineData("kodeks", "codecs", 2)]
    public void Distance_CountsInsertionsDropsChangesAndSwaps(string a, string b, int expected) => Assert.Equal(expected, Nearest.Distance(a, b));

    [Fact]
    public void Overrides_FlagsWinOverEnvironment_WhichWinsOverTheFile()
    {
        Assert.True(ProfileReader.TryRead("account:\n  uri: sip:a@b\n  expires: 100\nmedia:\n  codecs: [pcmu]\n  srtp: off", "f", out var file, out _));
        var environment = new Dictionary<string, string>
        {
            ["SOFTPHONE_CODECS"] = "g722, pcma",
            ["SOFTPHONE_SRTP"] = "sdes",
            ["SOFTPHONE_DTMF"] = "",
            ["SOFTPHONE_LOG"] = "debug",
            ["HOME"] = "/root",
        };
        var flags = new Dictionary<string, string> { ["media.codecs"] = "opus" };
        var profile = ProfileOverrides.Apply(file, environment, flags, None, out var errors);
        Assert.Empty(errors);
        Assert.Equal([SdpCodec.Opus], profile.Media.Codecs);
        Assert.Equal((SrtpMode.Sdes, 100, "sip:a@b"), (profile.Media.Srtp, profile.Account.Expires, profile.Account.Uri));
        Assert.Equal([SdpCodec.Pcmu], file.Media.Codecs);
    }

    [Fact]
    public void Overrides_OfTurn_NameOneServer_AndPasswordsStayInTheirVariables()
    {
        var environment = new Dictionary<string, string>
        {
            ["SOFTPHONE_TURN"] = "turn:t.example,turns:t.example:443",
            ["SOFTPHONE_TURN_USER"] = "u",
            ["SOFTPHONE_TURN_PASSWORD"] = "hunter2",
            ["SOFTPHONE_PASSWORD"] = "hunter2",
        };
        var profile = ProfileOverrides.Apply(new Profile(), environment, None, None, out var errors);
        Assert.Empty(errors);
        var turn = Assert.Single(profile.Nat.Turn);
        Assert.Equal((2, "u", new PasswordSource.Environment("SOFTPHONE_TURN_PASSWORD")), (turn.Urls.Count, turn.User, turn.Password));
        Assert.Equal(new PasswordSource.Environment("SOFTPHONE_PASSWORD"), profile.Account.Password);
        Assert.False(profile.HasLiteralSecret);
    }

    [Fact]
    public void Override_OfTurnByASecret_TakesThePlaceOfThePassword_AndTheOtherWayRound()
    {
        var file = new Profile { Nat = new NatProfile { Turn = [new TurnProfile { User = "u", Password = new PasswordSource.Command("x") }] } };
        var shared = ProfileOverrides.Apply(file, new Dictionary<string, string> { ["SOFTPHONE_TURN_SECRET"] = "north", ["SOFTPHONE_MOBILITY"] = "true" }, None, None, out var errors);
        Assert.Empty(errors);
        Assert.Equal((null, new PasswordSource.Environment("SOFTPHONE_TURN_SECRET")), (shared.Nat.Turn[0].Password, (PasswordSource.Environment)shared.Nat.Turn[0].Secret!));
        Assert.True(shared.Nat.Mobility);
        var again = ProfileOverrides.Apply(shared, new Dictionary<string, string> { ["SOFTPHONE_TURN_PASSWORD_COMMAND"] = "y" }, None, None, out _);
        Assert.Equal((null, new PasswordSource.Command("y")), (again.Nat.Turn[0].Secret, (PasswordSource.Command)again.Nat.Turn[0].Password!));
    }

    [Fact]
    [Rfc("draft-uberti-behave-turn-rest", "2.2", Line = "T38")]
    public void Setup_OfASharedSecret_MakesCredentialsThatEnd_AndRollsThemOverAtFourFifths()
    {
        var profile = new Profile
        {
            Account = new AccountProfile { Uri = "sip:a@b.example" },
            Nat = new NatProfile
            {
                Mobility = true,
                Turn =
                [
                    new TurnProfile { Urls = [new ServerUri(true, "t.example", 3478, Transport.Udp), new ServerUri(true, "t.example", 443, Transport.Tls)], User = "alice", Secret = new PasswordSource.Environment("S"), Ttl = TimeSpan.FromHours(1) },
                    new TurnProfile { Urls = [new ServerUri(true, "u.example", 3478, Transport.Udp)], User = "bob", Password = new PasswordSource.Environment("P") },
                ],
            },
        };
        var secrets = new ProfileSecrets("", ["north", "pw"]) { FetchedAt = DateTimeOffset.FromUnixTimeSeconds(1433895918 - 3600) };
        Assert.True(PhoneSetup.TryFrom(profile, secrets, out var setup, out _));
        Assert.True(setup.Options.Nat.Mobility);
        Assert.Equal(
            [("1433895918:alice", "RqMvcGPYTJMGThVLSi4amT4zFtI="), ("1433895918:alice", "RqMvcGPYTJMGThVLSi4amT4zFtI="), ("bob", "pw")],
            setup.Options.Nat.TurnServers.Select(t => (t.User, t.Password)));
        Assert.Equal(TimeSpan.FromMinutes(48), TurnAccounts.RollOverAfter(profile));
        Assert.Null(TurnAccounts.RollOverAfter(new Profile()));
        Assert.DoesNotContain("north", $"{secrets}{setup.Options.Nat.TurnServers[0]}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SOFTPHONE_CODECS", "mp3", "SOFTPHONE_CODECS: \"mp3\" is not allowed")]
    [InlineData("SOFTPHONE_URI", "nobody", "SOFTPHONE_URI: \"nobody\" is no SIP address")]
    [InlineData("SOFTPHONE_TURN_USER", "u", "SOFTPHONE_TURN_USER: there is no TURN server")]
    public void Overrides_ThatAreWrong_NameTheVariableAndDoNotCount(string variable, string value, string message)
    {
        var profile = ProfileOverrides.Apply(new Profile(), new Dictionary<string, string> { [variable] = value }, None, None, out var errors);
        Assert.StartsWith(message, Assert.Single(errors).ToString());
        Assert.Equal(SdpCodec.All, profile.Media.Codecs);
    }

    [Fact]
    public void Overrides_ByAFlagThatIsWrong_NameTheFlag()
    {
        ProfileOverrides.Apply(
            new Profile(), None, new Dictionary<string, string> { ["media.srtp"] = "maybe" }, new Dictionary<string, string> { ["media.srtp"] = "--srtp" }, out var errors);
        Assert.Equal("--srtp: \"maybe\" is not allowed: off, try, sdes, dtls", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Settings_HaveKeysAndVariablesOfTheirOwn()
    {
        Assert.Equal(ProfileSetting.All.Count, ProfileSetting.All.Select(s => s.Key).Distinct().Count());
        Assert.Equal(ProfileSetting.All.Count, ProfileSetting.All.Select(s => s.Variable).Distinct().Count());
        Assert.All(ProfileSetting.All, s => Assert.StartsWith("SOFTPHONE_", s.Variable));
    }

    [Theory]
    [InlineData("any", DigestDemand.Any)]
    [InlineData("sha256", DigestDemand.Sha256)]
    [InlineData("SHA256", DigestDemand.Sha256)]
    public void Digest_OfTheProfile_IsTheAccounts(string text, DigestDemand demand)
    {
        Assert.True(ProfileReader.TryRead($"account: {{ uri: sip:a@b.example, digest: {text} }}", "a.yaml", out var profile, out _));
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal(demand, setup.Account.Digest);
        Assert.Contains($"digest: {text.ToLowerInvariant()}", ProfileWriter.Write(profile));
    }

    /// <summary>Keys in SIP that anybody can read are no keys: the person must say that this is meant.</summary>
    [Theory]
    [InlineData("sip:a@b.example", "srtp: sdes", false)]
    [InlineData("sip:a@b.example;transport=tcp", "srtp: sdes", false)]
    [InlineData("sip:a@b.example;transport=tls", "srtp: sdes", true)]
    [InlineData("sips:a@b.example", "srtp: sdes", true)]
    [InlineData("sip:a@b.example", "srtp: sdes, srtp-over-plain-sip: true", true)]
    [InlineData("sip:a@b.example", "srtp: try", true)]
    [InlineData("sip:a@b.example;transport=tls", "srtp: dtls", true)]
    [InlineData("sip:a@b.example;transport=tcp", "srtp: dtls", true)]
    [Rfc("4568", "7", Line = "media S9")]
    public void Srtp_ByKeysInSip_WantsSipThatIsEncrypted(string uri, string media, bool isTaken)
    {
        Assert.True(ProfileReader.TryRead($"account: {{ uri: \"{uri}\" }}\nmedia: {{ {media} }}\n", "a.yaml", out var profile, out _));
        Assert.Equal(isTaken, PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out var fault));
        if (isTaken) Assert.Equal(profile.Media.Srtp, setup!.Options.Srtp);
        // Who only tries shows no key where anybody can read it.
        if (isTaken) Assert.Equal(uri.Contains("tls", StringComparison.Ordinal) || uri.StartsWith("sips", StringComparison.Ordinal) || profile.Media.SrtpOverPlainSip, setup!.Options.ShowsKeys);
        else Assert.Equal(Layer.Profile, fault!.Layer);
        Assert.Equal(profile.Media.SrtpOverPlainSip, ProfileWriter.Write(profile).Contains("srtp-over-plain-sip: true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("account:\n  uri: sip:a@b.example\n  private: true\n", true)]
    [InlineData("account:\n  uri: sip:a@b.example\n  private: false\n", false)]
    [InlineData("account:\n  uri: sip:a@b.example\n", false)]
    public void Private_GoesFromTheFileToThePhoneAndBack(string text, bool expected)
    {
        Assert.True(ProfileReader.TryRead(text, "f.yaml", out var profile, out _));
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal(expected, setup.Account.IsPrivate);
        Assert.Equal(expected, ProfileWriter.Write(profile).Contains("  private: true\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("asked", null, true, "asked")]
    [InlineData("ASKED", null, true, "asked")]
    [InlineData("3s", 3, false, "3s")]
    [InlineData("off", null, false, "off")]
    public void AutoAnswer_GoesFromTheFileAndBack(string written, int? after, bool isAsked, string again)
    {
        Assert.True(ProfileReader.TryRead($"account:\n  uri: sip:a@b.example\ncall:\n  auto-answer: {written}\n  auto-answer-from: [bob]\n", "f.yaml", out var profile, out _));
        Assert.Equal((after, isAsked), ((int?)profile.Call.Manners.AutoAnswer?.TotalSeconds, profile.Call.Manners.AutoAnswerAsked));
        Assert.Contains($"  auto-answer: {again}\n", ProfileWriter.Write(profile), StringComparison.Ordinal);
        Assert.Equal(isAsked || after is not null, !ProfileReader.TryRead($"account:\n  uri: sip:a@b.example\ncall:\n  auto-answer: {written}\n", "f.yaml", out _, out _));
    }

    [Theory]
    [InlineData("generic", "", Reliability.Supported)]
    [InlineData("asterisk", "required", Reliability.Required)]
    [InlineData("provider", "", Reliability.Off)]
    [InlineData("provider", "Supported", Reliability.Supported)]
    [InlineData("generic", "off", Reliability.Off)]
    public void ReliableProvisionals_AreThoseOfTheFileElseOfThePreset(string preset, string written, Reliability expected)
    {
        var line = written.Length > 0 ? $"  reliable-provisionals: {written}\n" : "";
        Assert.True(ProfileReader.TryRead($"account:\n  uri: sip:a@b.example\n  preset: {preset}\n{line}", "f.yaml", out var profile, out _));
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal(expected, setup.Account.Provisionals);
        Assert.Equal(written.Length > 0, ProfileWriter.Write(profile).Contains($"  reliable-provisionals: {written.ToLowerInvariant()}\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ask", ReferralPolicy.Ask)]
    [InlineData("Follow", ReferralPolicy.Follow)]
    [InlineData("refuse", ReferralPolicy.Refuse)]
    public void Transfers_GoFromTheFileToThePhoneAndBack(string written, ReferralPolicy policy)
    {
        Assert.True(ProfileReader.TryRead($"account:\n  uri: sip:a@b.example\n  transfers: {written}\n", "f.yaml", out var profile, out _));
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal(policy, setup.Options.Referrals);
        Assert.Contains($"  transfers: {written.ToLowerInvariant()}\n", ProfileWriter.Write(profile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auto", null, "auto")]
    [InlineData("Auto", null, "auto")]
    [InlineData("off", 0, "off")]
    [InlineData("20", 20, "20")]
    [InlineData("3600", 3600, "3600")]
    [InlineData(null, null, "auto")]
    public void Keepalive_AsSet_IsThatOfBothKindsOfFlowsAndReadsBack(string? set, int? seconds, string written)
    {
        var text = $"account:\n  uri: sip:a@b.example\n{(set is null ? "" : $"  keepalive: {set}\n")}";
        Assert.True(ProfileReader.TryRead(text, "a.yaml", out var profile, out _));
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, profile.Account.Keepalive);
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        var pause = TimeSpan.FromSeconds(seconds ?? 15);
        Assert.Equal((pause, pause), (setup.Options.Sip.UdpKeepalive, setup.Options.Sip.StreamKeepalive));
        Assert.Contains($"  keepalive: {written}\n", ProfileWriter.Write(profile), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AccountPreset.Generic, RtcpMuxPolicy.Offer, true, false)]
    [InlineData(AccountPreset.Asterisk, RtcpMuxPolicy.Offer, true, false)]
    [InlineData(AccountPreset.Freeswitch, RtcpMuxPolicy.Offer, true, false)]
    [InlineData(AccountPreset.Kamailio, RtcpMuxPolicy.Offer, true, false)]
    [InlineData(AccountPreset.Provider, RtcpMuxPolicy.Off, false, false)]
    [InlineData(AccountPreset.FritzBox, RtcpMuxPolicy.Off, false, false)]
    [InlineData(AccountPreset.Strict, RtcpMuxPolicy.Require, true, true)]
    public void Preset_SetsWhatItsServersNeed(AccountPreset preset, RtcpMuxPolicy mux, bool ice, bool strict)
    {
        var behaviour = PresetBehaviour.Of(preset);
        Assert.Equal((mux, ice, strict), (behaviour.Mux, behaviour.UsesIce, behaviour.StrictIce));
        var profile = new Profile { Account = new AccountProfile { Uri = "sip:a@b.example", Preset = preset } };
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal((mux, strict, behaviour.ServerHint), (setup.Options.Mux, setup.Options.StrictIce, setup.Options.ServerHint));
        Assert.Equal(preset is AccountPreset.Asterisk or AccountPreset.Freeswitch or AccountPreset.Kamailio, behaviour.ServerHint.Length > 0);
    }

    [Theory]
    [InlineData("sips:alice@example.net", SipTransports.Tls)]
    [InlineData("sip:alice@example.net;transport=tls", SipTransports.Tls)]
    [InlineData("sip:alice@example.net;transport=tcp", SipTransports.Tcp)]
    [InlineData("sip:alice@example.net", SipTransports.Any)]
    [InlineData("sip:alice@example.net;transport=udp", SipTransports.Udp)]
    [Rfc("5922", "7.1", Line = "sip T7")]
    public void Uri_ThatAsksForTls_GetsItForItsDomain(string uri, SipTransports transports)
    {
        var profile = new Profile { Account = new AccountProfile { Uri = uri } };
        Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
        Assert.Equal((transports, "example.net"), (setup.Options.SipTransports, setup.Options.TlsDomain));
    }
}
