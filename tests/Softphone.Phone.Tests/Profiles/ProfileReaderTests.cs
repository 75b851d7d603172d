using Softphone.Core;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Phone.Tests;

public sealed class ProfileReaderTests
{
    private const string Contract = """
        account:
          uri: sip:201@pbx.example.net
          display-name: Reception
          auth-user: "201"
          password-command: pass show sip/201
          registrar: sip:pbx.example.net;transport=tls
          outbound-proxy: null
          expires: 300
          preset: asterisk          # asterisk | freeswitch | kamailio | provider | generic | strict
        nat:
          mode: auto                # auto | ice | relay | none
          stun: [stun:stun.example.net]
          turn:
            - urls: [turn:t.example.net, turn:t.example.net?transport=tcp, turns:t.example.net:443]
              user: u
              password-command: pass show turn
          skip-interfaces: [docker*, veth*, virbr*]
          gather-budget: 500ms
        media:
          codecs: [opus, g722, pcma, pcmu]
          srtp: try                 # off | try | sdes | dtls
          dtmf: auto                # auto | rfc4733 | info | inband
          jitter-buffer: 20ms-200ms
        audio: { input: default, output: default, ring: default }
        """;

    [Fact]
    public void Profile_OfTheContract_HasEveryValue()
    {
        var profile = Read(Contract, "/home/u/.config/softphone/profiles/office.yaml");
        Assert.Equal("office", profile.Name);
        Assert.Equal(
            new AccountProfile
            {
                Uri = "sip:201@pbx.example.net",
                DisplayName = "Reception",
                AuthUser = "201",
                Password = new PasswordSource.Command("pass show sip/201"),
                Registrar = "sip:pbx.example.net;transport=tls",
                Preset = AccountPreset.Asterisk,
            },
            profile.Account);
        Assert.Equal([new ServerUri(false, "stun.example.net", 3478, Transport.Udp) { IsService = true }], profile.Nat.Stun);
        var turn = Assert.Single(profile.Nat.Turn);
        Assert.Equal(
            [
                new ServerUri(true, "t.example.net", 3478, Transport.Udp) { IsService = true },
                new ServerUri(true, "t.example.net", 3478, Transport.Tcp) { IsService = true },
                new ServerUri(true, "t.example.net", 443, Transport.Tls),
            ],
            turn.Urls);
        Assert.Equal(("u", new PasswordSource.Command("pass show turn")), (turn.User, (PasswordSource.Command)turn.Password!));
        Assert.Equal(["docker*", "veth*", "virbr*"], profile.Nat.SkipInterfaces);
        Assert.Equal(TimeSpan.FromMilliseconds(500), profile.Nat.GatherBudget);
        Assert.Equal([SdpCodec.Opus, SdpCodec.G722, SdpCodec.Pcma, SdpCodec.Pcmu], profile.Media.Codecs);
        Assert.Equal((SrtpMode.Try, DtmfMode.Auto, NatMode.Auto), (profile.Media.Srtp, profile.Media.Dtmf, profile.Nat.Mode));
        Assert.Equal("20ms-200ms", profile.Media.JitterBuffer.ToString());
        Assert.False(profile.HasLiteralSecret);
    }

    [Fact]
    public void Profile_WithNothingButAnAddress_HasTheDefaultsOfTheContract()
    {
        var sparse = Read("account: { uri: 'sip:201@pbx.example.net' }", "x.yaml");
        var full = Read(Contract, "x.yaml");
        Assert.Equal(full.Media with { Codecs = [] }, sparse.Media with { Codecs = [] });
        Assert.Equal(full.Media.Codecs, sparse.Media.Codecs);
        Assert.Equal(full.Nat.SkipInterfaces, sparse.Nat.SkipInterfaces);
        Assert.Equal(full.Nat.GatherBudget, sparse.Nat.GatherBudget);
        Assert.Equal(full.Audio, sparse.Audio);
        Assert.Equal((AccountPreset.Generic, ReferralPolicy.Ask), (sparse.Account.Preset, sparse.Account.Transfers));
    }

    [Theory]
    [InlineData("acount:\n  uri: x", 1, "unknown key \"acount\"; the nearest known key is account")]
    [InlineData("account:\n  uri: sip:a@b\n  expire: 3", 3, "unknown key \"expire\" in account; the nearest known key is account.expires")]
    [InlineData("account:\n  uri: sip:a@b\n  digset: sha256", 3, "the nearest known key is account.digest")]
    [InlineData("account:\n  uri: sip:a@b\n  digest: md5", 3, "account.digest \"md5\" is not allowed: any, sha256")]
    [InlineData("account:\n  uri: sip:a@b\n\n  passwrd-comand: x", 4, "the nearest known key is account.password-command")]
    [InlineData("account:\n  uri: sip:a@b\n  codecs: [opus]", 3, "unknown key \"codecs\" in account; the nearest known key is media.codecs")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  trun: []", 4, "the nearest known key is nat.turn")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t]\n      usr: u", 6, "the nearest known key is nat.turn.user")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t]\n      secret-comand: x", 6, "the nearest known key is nat.turn.secret-command")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t]\n      secret: x\n      password: y", 7, "only one password or secret")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t]\n      secret-env: X\n      ttl: 10s", 7, "nat.turn.ttl \"10s\" is not allowed: 1m to 720h")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t]\n      password-env: X\n      ttl: 1h", 7, "nat.turn.ttl is for credentials made of a secret")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  mobility: perhaps", 4, "nat.mobility \"perhaps\" is not allowed: true or false")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  mobilty: true", 4, "the nearest known key is nat.mobility")]
    [InlineData("account:\n  uri: sip:a@b\n  expires: soon", 3, "account.expires \"soon\" is not allowed: seconds from 10 to 86400")]
    [InlineData("account:\n  uri: sip:a@b\n  expires: 5", 3, "account.expires \"5\" is not allowed")]
    [InlineData("account:\n  uri: sip:a@b\n  preset: cisco", 3, "\"cisco\" is not allowed: generic, asterisk, freeswitch, kamailio, provider, fritzbox, strict")]
    [InlineData("account:\n  uri: sip:a@b\n  preset: 1", 3, "\"1\" is not allowed")]
    [InlineData("account:\n  uri: sip:a@b\n  transfers: always", 3, "account.transfers \"always\" is not allowed: ask, follow, refuse")]
    [InlineData("account:\n  uri: sip:a@b\n  reliable-provisionals: 1", 3, "account.reliable-provisionals \"1\" is not allowed: supported, off, required")]
    [InlineData("account:\n  uri: sip:a@b\n  transfer: ask", 3, "the nearest known key is account.transfers")]
    [InlineData("account:\n  uri: mailto:a@b", 2, "is no SIP address")]
    [InlineData("account:\n  uri: null", 2, "account.uri needs a value")]
    [InlineData("account:\n  expires: 300", 1, "account.uri is missing")]
    [InlineData("nat:\n  mode: ice", 1, "account.uri is missing")]
    [InlineData("account:\n  uri: [a]", 2, "account.uri is one value")]
    [InlineData("account: sip:a@b", 1, "account is a section")]
    [InlineData("account:\n  uri: sip:a@b\n  password: x\n  password-env: Y", 4, "only one of")]
    [InlineData("account:\n  uri: sip:a@b\n  uri: sip:c@d", 3, "twice")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  stun: [turn:t.example]", 4, "\"turn:t.example\" is not allowed: stun:host")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: [turn:t?transport=sctp]", 5, "is not turn:host")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - user: u", 5, "nat.turn.urls is missing")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn: turn:t", 4, "nat.turn is a list")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  gather-budget: 500", 4, "\"500\" is not allowed: 10ms to 10s")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  tcp: perhaps", 4, "\"perhaps\" is not allowed: true, false")]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  gather-budget: 1m", 4, "\"1m\" is not allowed")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  codecs: [opus, mp3]", 4, "\"mp3\" is not allowed: opus, g722, pcma, pcmu")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  codecs: [opus, opus]", 4, "\"opus\" is there twice")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  codecs: []", 4, "needs at least one")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  jitter-buffer: 200ms-20ms", 4, "is not allowed: least-most")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  jitter-buffer: 20ms-3s", 4, "is not allowed: least-most")]
    [InlineData("account:\n  uri: sip:a@b\n  calls-from: nobody", 3, "account.calls-from \"nobody\" is not allowed: server, anyone")]
    [InlineData("account:\n  uri: sip:a@b\n  call-from: anyone", 3, "the nearest known key is account.calls-from")]
    [InlineData("account:\n  uri: sip:a@b\n  keepalive: 4", 3, "account.keepalive \"4\" is not allowed: auto, off, or seconds from 5 to 3600")]
    [InlineData("account:\n  uri: sip:a@b\n  keepalive: never", 3, "account.keepalive \"never\" is not allowed: auto, off, or seconds from 5 to 3600")]
    [InlineData("account:\n  uri: sip:a@b\n  keepalives: 20", 3, "the nearest known key is account.keepalive")]
    [InlineData("account:\n  uri: sip:a@b\n  keep-alive: 20", 3, "the nearest known key is account.keepalive")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  ring-for: 4s", 4, "call.ring-for \"4s\" is not allowed: 5s to 1h")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  ring-for: 180", 4, "\"180\" is not allowed")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  ringfor: 1m", 4, "the nearest known key is call.ring-for")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  silence-limit: 9s", 4, "call.silence-limit \"9s\" is not allowed: 10s to 24h, or off")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  silence_limit: 1m", 4, "the nearest known key is call.silence-limit")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  limit: 0", 4, "call.limit \"0\" is not allowed: a number of calls from 1 to 1000")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  limit: 1001", 4, "\"1001\" is not allowed")]
    [InlineData("account:\n  uri: sip:a@b\nmedia:\n  limit: 3", 4, "the nearest known key is call.limit")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  do-not-disturb: busy", 4, "call.do-not-disturb \"busy\" is not allowed: true or false")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  do-not-disturb-status: 603", 4, "call.do-not-disturb-status \"603\" is not allowed: 486 (busy) or 480 (not available)")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  do-not-distrub: true", 4, "the nearest known key is call.do-not-disturb")]
    [InlineData("account:\n  uri: sip:a@b\n  do-not-disturb: true", 3, "the nearest known key is call.do-not-disturb")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  auto-answer: 2m", 4, "call.auto-answer \"2m\" is not allowed: 0s to 60s, asked, or off")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  ring-for: 1m\n  auto-answer: 2s", 5, "call.auto-answer needs call.auto-answer-from: users or addresses, or all")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  auto-answer-from: ['mailto:a@b']", 4, "\"mailto:a@b\" is not allowed: users or addresses, or all")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  autoanswer: 2s", 4, "the nearest known key is call.auto-answer")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  forward-always: 204", 4, "\"204\" is no SIP address")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  forward-busy: tel:+4930", 4, "is no SIP address")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  forward-busy: sip:c@d\n  forward-no-answer: sip:a@B:5060", 5, "call.forward-no-answer is the account itself: calls would run in a circle")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  forward-after: 4s", 4, "call.forward-after \"4s\" is not allowed: 5s to 3m")]
    [InlineData("account:\n  uri: sip:a@b\ncall:\n  forward-noanswer: sip:c@d", 4, "the nearest known key is call.forward-no-answer")]
    [InlineData("account:\n  uri: sip:a@b\n---\naccount: {}", 4, "one document")]
    [InlineData("account:\n  uri: 'sip:a@b", 2, "")]
    [InlineData("", 1, "is empty")]
    [InlineData("- a", 1, "starts with a section")]
    public void Mistake_IsNamedWithFileLineAndWhatIsAllowed(string text, int line, string message)
    {
        Assert.False(ProfileReader.TryRead(text, "office.yaml", out var profile, out var errors));
        Assert.Null(profile);
        Assert.Contains(errors, e => e.Line == line && e.Message.Contains(message, StringComparison.Ordinal) && e.Source == "office.yaml");
        Assert.StartsWith("office.yaml:", errors[0].ToString());
    }

    [Fact]
    public void Mistakes_OfOneFile_AreReportedTogetherInItsOrder()
    {
        Assert.False(ProfileReader.TryRead("account:\n  uri: sip:a@b\n  expires: x\nmedia:\n  srtp: yes\n  codec: [opus]", "f", out _, out var errors));
        Assert.Equal([3, 5, 6], errors.Select(e => e.Line));
    }

    [Theory]
    [InlineData("account:\n  uri: sip:a@b\n  password: hunter2", true)]
    [InlineData("account:\n  uri: sip:a@b\n  password-env: PW", false)]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: turn:t\n      password: hunter2", true)]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: turn:t\n      password-env: PW", false)]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: turn:t\n      secret: hunter2", true)]
    [InlineData("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - urls: turn:t\n      secret-env: PW", false)]
    public void LiteralSecret_IsKnown_AndNeverShown(string text, bool literal)
    {
        var profile = Read(text, "f");
        Assert.Equal(literal, profile.HasLiteralSecret);
        Assert.DoesNotContain("hunter2", profile.ToString());
        Assert.DoesNotContain("hunter2", string.Join("", profile.Nat.Turn));
    }

    [Fact]
    public void TurnServer_WithASharedSecret_HasItsLife_AndIsWrittenSo()
    {
        var text = "account:\n  uri: sip:a@b\nnat:\n  mobility: true\n  turn:\n    - { urls: turn:t, user: u, secret-command: pass turn, ttl: 12h }\n    - { urls: turn:s, secret-env: S }";
        foreach (var profile in new[] { Read(text, "f"), Read(ProfileWriter.Write(Read(text, "f")), "f") })
        {
            Assert.Equal((new PasswordSource.Command("pass turn"), TimeSpan.FromHours(12), null), ((PasswordSource.Command)profile.Nat.Turn[0].Secret!, profile.Nat.Turn[0].Ttl, profile.Nat.Turn[0].Password));
            Assert.Equal((new PasswordSource.Environment("S"), TimeSpan.FromHours(24), ""), ((PasswordSource.Environment)profile.Nat.Turn[1].Secret!, profile.Nat.Turn[1].Ttl, profile.Nat.Turn[1].User));
            Assert.True(profile.Nat.Mobility);
        }

        var hidden = ProfileWriter.Write(Read("account:\n  uri: sip:a@b\nnat:\n  turn:\n    - { urls: turn:t, secret: hunter2, ttl: 1h }", "f"));
        Assert.DoesNotContain("hunter2", hidden, StringComparison.Ordinal);
        Assert.Contains("# secret: (hidden)", hidden, StringComparison.Ordinal);
        Assert.True(ProfileReader.TryRead(hidden, "f", out _, out _));
    }

    [Theory]
    [InlineData("call: { silence-limit: 90s }", 90)]
    [InlineData("call: { silence-limit: 2h }", 7200)]
    [InlineData("call: { silence-limit: off }", 0)]
    [InlineData("", null)]
    public void SilenceLimit_IsReadWrittenAndHandedToThePhone(string line, int? seconds)
    {
        var text = $"account:\n  uri: sip:a@b\n{line}";
        foreach (var profile in new[] { Read(text, "f"), Read(ProfileWriter.Write(Read(text, "f")), "f") })
        {
            Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
            Assert.Equal(seconds, setup.Options.SilenceLimit?.TotalSeconds);
        }
    }

    [Fact]
    public void WhoMayRing_IsReadWrittenAndHandedToThePhone()
    {
        var text = "account:\n  uri: sip:a@b\n  registrar: sip:b\n  calls-from: anyone\ncall: { ring-for: 45s, limit: 3 }";
        foreach (var profile in new[] { Read(text, "f"), Read(ProfileWriter.Write(Read(text, "f")), "f"), Read(ProfileWriter.WriteNew(Read(text, "f"), withSecrets: false), "f") })
        {
            Assert.Equal((Sip.CallsFrom.Anyone, TimeSpan.FromSeconds(45), 3), (profile.Account.CallsFrom, profile.Call.RingFor, profile.Call.Limit));
            Assert.True(PhoneSetup.TryFrom(profile, new ProfileSecrets("", []), out var setup, out _));
            Assert.Equal((Sip.CallsFrom.Anyone, TimeSpan.FromSeconds(45), 3), (setup.Account.CallsFrom, setup.Options.RingFor, setup.Options.CallLimit));
        }

        var usual = Read("account: { uri: 'sip:a@b' }", "f");
        Assert.True(PhoneSetup.TryFrom(usual, new ProfileSecrets("", []), out var plain, out _));
        Assert.Equal((null, TimeSpan.FromMinutes(3), 8, false), (plain.Account.CallsFrom, plain.Options.RingFor, plain.Options.CallLimit, plain.Account.TakesAnyUser));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Reader_FedMutatedFiles_NeverThrows(ulong seed)
    {
        var entropy = new SeededEntropy(seed);
        for (var round = 0; round < 1_500; round++)
        {
            var letters = Contract.ToCharArray();
            for (var cuts = entropy.NextInt(8); cuts >= 0; cuts--) letters[entropy.NextInt(letters.Length)] = " \n:-[]{}&*!|>'\"%@`x,#?\t\0"[entropy.NextInt(24)];
            Assert.Equal(ProfileReader.TryRead(new string(letters), "f", out _, out var errors), errors.Count == 0);
        }
    }

    [Theory]
    [InlineData("asterisk", AccountPreset.Asterisk)]
    [InlineData("freeswitch", AccountPreset.Freeswitch)]
    [InlineData("kamailio", AccountPreset.Kamailio)]
    [InlineData("provider", AccountPreset.Provider)]
    [InlineData("fritzbox", AccountPreset.FritzBox)]
    [InlineData("generic", AccountPreset.Generic)]
    [InlineData("strict", AccountPreset.Strict)]
    [InlineData("lab", AccountPreset.Generic)]
    public void Sample_InTheRepository_IsReadWithoutAComplaint(string name, AccountPreset preset)
    {
        var file = Path.Combine(Repository(), "profiles", $"{name}.yaml");
        var profile = Read(File.ReadAllText(file), file);
        Assert.Equal((name, preset), (profile.Name, profile.Account.Preset));
        Assert.False(profile.HasLiteralSecret);
    }

    [Fact]
    public void Document_OfProfiles_NamesEveryKeyAndVariable()
    {
        var text = File.ReadAllText(Path.Combine(Repository(), "docs", "profiles.md"));
        Assert.All(ProfileSetting.All, s => Assert.Contains($"`{s.Variable}`", text));
        Assert.All(ProfileSetting.All.Where(s => s.InFile), s => Assert.Contains($"| `{s.Key}` | `{s.Variable}` |", text));
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Softphone.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    private static Profile Read(string text, string file)
    {
        Assert.True(ProfileReader.TryRead(text, file, out var profile, out var errors), string.Join("\n", errors));
        return profile;
    }
}
