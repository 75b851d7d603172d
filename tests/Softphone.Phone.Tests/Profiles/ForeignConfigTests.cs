using Softphone.Core;

namespace Softphone.Phone.Tests;

/// <summary>Accounts of other phones become profiles; what has no place here is told, and no secret is.</summary>
public class ForeignConfigTests
{
    private const string Baresip = """
        # SIP accounts of somebody
        "Reception" <sip:201@pbx.example.net;transport=tcp>;auth_user=r201;auth_pass=s3cr=et!;outbound="sip:edge.example.net;transport=tls";regint=600;audio_codecs=opus/48000/2,pcma,g726;mediaenc=srtp-mand;medianat=ice;stunserver="turn:turn.example.net:3478";stunuser=u;stunpass=tp;answermode=auto;dtmfmode=info;ptime=20
        <sip:bob:pw@[2001:db8::1]:5070>;stunserver=stun.example.net
        <sip:202@other.example.org>;regint=0;mediaenc=zrtp
        """;

    private const string Linphone = """
        [sip]
        media_encryption=srtp
        media_encryption_mandatory=1
        [net]
        stun_server=stun.example.org
        [proxy_1]
        reg_proxy=sip:sip.example.com
        reg_identity=sip:carl@example.com
        reg_sendregister=0
        [proxy_0]
        reg_proxy=<sip:sip.example.org;transport=tls>
        reg_route=<sip:edge.example.org;transport=tls;lr>
        reg_identity="Al ice" <sip:alice@example.org>
        reg_expires=3600
        reg_sendregister=1
        nat_policy_ref=abc
        [auth_info_0]
        username=alice
        userid=al
        passwd=topsecret
        realm=example.org
        [auth_info_1]
        username=carl
        ha1=0123456789abcdef
        [auth_info_2]
        username=tu
        passwd=turnsecret
        [nat_policy_0]
        ref=abc
        stun_server=turn.example.org
        stun_server_username=tu
        protocols=stun,turn,ice
        [audio_codec_0]
        mime=opus
        enabled=1
        [audio_codec_1]
        mime=PCMA
        enabled=0
        """;

    private const string Pjsua = """
        # for --config-file
        --id "\"Carol\" <sip:carol@example.com>"
        --registrar sip:sip.example.com
        --realm *
        --username carol
        --password=pass"wo"rd   # not this
        --stun-srv stun.example.com
        --turn-srv turn.example.com:5349
        --turn-tcp
        --turn-user tc
        --turn-passwd tp
        --use-srtp 2
        --add-codec opus
        --next-account
        --id sip:dave@example.com
        --registrar=sip:sip.example.com;transport=tcp
        --username d2
        --password x\ y
        --null-audio
        --auto-answer 200
        """;

    private const string MicroSip = """
        [Settings]
        enableSTUN=1
        STUN=stun.example.net:3479
        audioCodecs=opus/48000/2 PCMA/8000/1 G729/8000/1
        [Account1]
        label=Office
        server=pbx.example.net
        proxy=edge.example.net:5070
        domain=example.net
        username=301
        password=abc
        authID=301a
        displayName=Eve
        transport=tls
        SRTP=mandatory
        registerRefresh=120
        [Account2]
        server=pbx.example.net
        domain=example.net
        username=302
        password=01ab02cd
        passwordSize=4
        """;

    private const string Twinkle = """
        # a profile
        user_name=frank
        user_domain=sip.example.org
        user_display=Frank
        auth_name=f1
        auth_pass=tw pass
        outbound_proxy=edge.example.org
        registration_time=1800
        codecs=speex-wb,g711u,g711a
        stun_server=stun.example.org:3478
        dtmf_transport=inband
        allow_refer=no
        zrtp_enabled=yes
        """;

    [Theory]
    [InlineData(Baresip, ForeignPhone.Baresip)]
    [InlineData(Linphone, ForeignPhone.Linphone)]
    [InlineData(Pjsua, ForeignPhone.Pjsua)]
    [InlineData(MicroSip, ForeignPhone.MicroSip)]
    [InlineData(Twinkle, ForeignPhone.Twinkle)]
    public void File_SaysWhoseItIs(string text, ForeignPhone phone) => Assert.Equal(phone, ForeignConfig.KindOf(text));

    [Theory]
    [InlineData("")]
    [InlineData("account:\n  uri: sip:a@example.net\n")]
    [InlineData("[section]\nkey=value\n")]
    public void File_OfNobody_IsOfNoKind(string text) => Assert.Null(ForeignConfig.KindOf(text));

    [Fact]
    public void Baresip_TakesWhatThereIsASettingFor()
    {
        var (profile, left) = Only(ForeignPhone.Baresip, Baresip, 0);
        Assert.Equal("sip:201@pbx.example.net", profile.Account.Uri);
        Assert.Equal(("Reception", "r201", "sip:pbx.example.net;transport=tcp", "sip:edge.example.net;transport=tls", 600), (profile.Account.DisplayName, profile.Account.AuthUser, profile.Account.Registrar, profile.Account.OutboundProxy, profile.Account.Expires));
        Assert.Equal(new PasswordSource.Literal("s3cr=et!"), profile.Account.Password);
        var turn = Assert.Single(profile.Nat.Turn);
        Assert.Equal(("turn:turn.example.net:3478", "u"), (turn.Urls[0].ToString(), turn.User));
        Assert.Equal(new PasswordSource.Literal("tp"), turn.Password);
        Assert.Equal(["opus", "PCMA"], profile.Media.Codecs.Select(c => c.Name));
        Assert.Equal((SrtpMode.Sdes, DtmfMode.Info), (profile.Media.Srtp, profile.Media.Dtmf));
        Assert.Contains(left, l => l.Contains("g726", StringComparison.Ordinal));
        Assert.Contains(left, l => l.StartsWith("answermode", StringComparison.Ordinal));
        Assert.Contains("ptime", left);
    }

    [Fact]
    public void Baresip_AddressesOfOtherKinds_AreRead()
    {
        var (bob, _) = Only(ForeignPhone.Baresip, Baresip, 1);
        Assert.Equal(("sip:bob@[2001:db8::1]", "sip:[2001:db8::1]:5070"), (bob.Account.Uri, bob.Account.Registrar));
        Assert.Equal(new PasswordSource.Literal("pw"), bob.Account.Password);
        Assert.Equal("stun:stun.example.net", Assert.Single(bob.Nat.Stun).ToString());

        var (unregistered, left) = Only(ForeignPhone.Baresip, Baresip, 2);
        Assert.Null(unregistered.Account.Registrar);
        Assert.Equal(SrtpMode.Try, unregistered.Media.Srtp);
        Assert.Contains(left, l => l.StartsWith("mediaenc", StringComparison.Ordinal));
    }

    /// <summary>In a password with a semicolon baresip itself sees the rest as a parameter: it is not shown as one.</summary>
    [Theory]
    [InlineData("<sip:a@example.net>;auth_pass=first;second")]
    [InlineData("<sip:a@example.net>;auth_pass=first;second=third")]
    public void Baresip_PartsOfAPassword_AreNotShown(string line)
    {
        var account = Assert.Single(ForeignConfig.Read(ForeignPhone.Baresip, line));
        Assert.All(account.Left, l => Assert.DoesNotContain("second", l));
        Assert.Single(account.Left);
    }

    [Fact]
    public void Linphone_FindsPasswordsAndServersOfTheAccount()
    {
        var (alice, _) = Only(ForeignPhone.Linphone, Linphone, 0);
        Assert.Equal(("sip:alice@example.org", "Al ice", "al", 3600), (alice.Account.Uri, alice.Account.DisplayName, alice.Account.AuthUser, alice.Account.Expires));
        Assert.Equal(("sip:sip.example.org;transport=tls", "sip:edge.example.org;transport=tls"), (alice.Account.Registrar, alice.Account.OutboundProxy));
        Assert.Equal(new PasswordSource.Literal("topsecret"), alice.Account.Password);
        Assert.Equal((SrtpMode.Sdes, "turn:turn.example.org", "tu"), (alice.Media.Srtp, alice.Nat.Turn[0].Urls[0].ToString(), alice.Nat.Turn[0].User));
        Assert.Equal(new PasswordSource.Literal("turnsecret"), alice.Nat.Turn[0].Password);
        Assert.Equal(["opus"], alice.Media.Codecs.Select(c => c.Name));

        var (carl, left) = Only(ForeignPhone.Linphone, Linphone, 1);
        Assert.Null(carl.Account.Registrar);
        Assert.Null(carl.Account.Password);
        Assert.Equal("stun:stun.example.org", Assert.Single(carl.Nat.Stun).ToString());
        Assert.Contains(left, l => l.Contains("hash", StringComparison.Ordinal));
        Assert.All(left, l => Assert.DoesNotContain("0123456789abcdef", l));
    }

    [Fact]
    public void Pjsua_DividesAccounts_AndSharesTheRest()
    {
        var (carol, _) = Only(ForeignPhone.Pjsua, Pjsua, 0);
        Assert.Equal(("sip:carol@example.com", "Carol", null), (carol.Account.Uri, carol.Account.DisplayName, carol.Account.AuthUser));
        Assert.Equal(new PasswordSource.Literal("password"), carol.Account.Password);
        Assert.Equal("sip:sip.example.com", carol.Account.Registrar);

        var (dave, left) = Only(ForeignPhone.Pjsua, Pjsua, 1);
        Assert.Equal(("sip:dave@example.com", "d2", "sip:sip.example.com;transport=tcp"), (dave.Account.Uri, dave.Account.AuthUser, dave.Account.Registrar));
        Assert.Equal(new PasswordSource.Literal("x y"), dave.Account.Password);
        foreach (var profile in (Profile[])[carol, dave])
        {
            Assert.Equal("stun:stun.example.com", Assert.Single(profile.Nat.Stun).ToString());
            Assert.Equal(("turn:turn.example.com:5349?transport=tcp", "tc"), (profile.Nat.Turn[0].Urls[0].ToString(), profile.Nat.Turn[0].User));
            Assert.Equal(SrtpMode.Sdes, profile.Media.Srtp);
        }

        Assert.Single(left, l => l.StartsWith("--auto-answer", StringComparison.Ordinal));
    }

    [Fact]
    public void MicroSip_EncryptedPassword_IsNotTaken()
    {
        var (eve, lacking) = Only(ForeignPhone.MicroSip, MicroSip, 0);
        Assert.Equal(("sip:301@example.net", "Eve", "301a", 120), (eve.Account.Uri, eve.Account.DisplayName, eve.Account.AuthUser, eve.Account.Expires));
        Assert.Equal(("sip:pbx.example.net;transport=tls", "sip:edge.example.net:5070;transport=tls"), (eve.Account.Registrar, eve.Account.OutboundProxy));
        Assert.Equal(new PasswordSource.Literal("abc"), eve.Account.Password);
        Assert.Equal((SrtpMode.Sdes, "stun:stun.example.net:3479"), (eve.Media.Srtp, eve.Nat.Stun[0].ToString()));
        Assert.Contains(lacking, l => l.Contains("G729", StringComparison.Ordinal));

        var (other, left) = Only(ForeignPhone.MicroSip, MicroSip, 1);
        Assert.Null(other.Account.Password);
        Assert.Contains(left, l => l.Contains("encrypted", StringComparison.Ordinal));
    }

    [Fact]
    public void Twinkle_IsRead()
    {
        var (frank, left) = Only(ForeignPhone.Twinkle, Twinkle, 0);
        Assert.Equal(("sip:frank@sip.example.org", "Frank", "f1", 1800), (frank.Account.Uri, frank.Account.DisplayName, frank.Account.AuthUser, frank.Account.Expires));
        Assert.Equal(("sip:sip.example.org", "sip:edge.example.org"), (frank.Account.Registrar, frank.Account.OutboundProxy));
        Assert.Equal(new PasswordSource.Literal("tw pass"), frank.Account.Password);
        Assert.Equal(["PCMU", "PCMA"], frank.Media.Codecs.Select(c => c.Name));
        Assert.Equal((DtmfMode.Inband, ReferralPolicy.Refuse, "stun:stun.example.org:3478"), (frank.Media.Dtmf, frank.Account.Transfers, frank.Nat.Stun[0].ToString()));
        Assert.Contains(left, l => l.StartsWith("zrtp_enabled", StringComparison.Ordinal));
    }

    /// <summary>What is no value here is left at our default, and told.</summary>
    [Theory]
    [InlineData("<sip:a@example.net>;regint=9999999", "account.expires")]
    [InlineData("<sip:a@example.net>;regint=often", "account.expires")]
    public void Value_ThatIsNone_IsTold(string line, string key)
    {
        var profile = ForeignConfig.ToProfile(ForeignConfig.Read(ForeignPhone.Baresip, line)[0], "a", out var errors);
        Assert.Equal(key, Assert.Single(errors).ToString().Split(':')[0]);
        Assert.Equal(new AccountProfile().Expires, profile.Account.Expires);
    }

    /// <summary>Somebody else's file, or one that was cut or mixed up, makes no exception.</summary>
    [Fact]
    public void File_Damaged_MakesNoException()
    {
        var random = new SeededEntropy(20261201);
        string[] files = [Baresip, Linphone, Pjsua, MicroSip, Twinkle];
        for (var round = 0; round < 4_000; round++)
        {
            var text = new System.Text.StringBuilder(files[random.NextInt(files.Length)]);
            for (var i = random.NextInt(12); i >= 0 && text.Length > 4; i--)
            {
                var at = random.NextInt(text.Length - 2);
                switch (random.NextInt(3))
                {
                    case 0:
                        text.Remove(at, Math.Min(random.NextInt(40), text.Length - at));
                        break;
                    case 1:
                        text.Insert(at, "<>;=\"[]:@\\\n\0é-"[random.NextInt(14)]);
                        break;
                    default:
                        text[at] = (char)random.NextInt(0x250);
                        break;
                }
            }

            foreach (var phone in Enum.GetValues<ForeignPhone>())
                foreach (var account in ForeignConfig.Read(phone, text.ToString()))
                    _ = ForeignConfig.ToProfile(account, "a", out _);
            _ = ForeignConfig.KindOf(text.ToString());
        }
    }

    private static (Profile Profile, IReadOnlyList<string> Left) Only(ForeignPhone phone, string text, int index)
    {
        var account = ForeignConfig.Read(phone, text)[index];
        var profile = ForeignConfig.ToProfile(account, "a", out var errors);
        Assert.Empty(errors);
        return (profile, account.Left);
    }
}
