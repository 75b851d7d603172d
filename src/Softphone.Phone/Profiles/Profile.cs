using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>One account and how it is to be used: what a profile file says, with defaults for what it leaves out. Immutable.</summary>
public sealed record Profile
{
    /// <summary>The name that it is called by: the file's name without its ending.</summary>
    public string Name { get; init; } = "";

    public AccountProfile Account { get; init; } = new();

    public NatProfile Nat { get; init; } = new();

    public TlsProfile Tls { get; init; } = new();

    public MediaProfile Media { get; init; } = new();

    public AudioProfile Audio { get; init; } = new();

    public CallProfile Call { get; init; } = new();

    public RecordSettings Records { get; init; } = new();

    /// <summary>A password stands in the file itself, so that the file must be readable by its owner alone.</summary>
    public bool HasLiteralSecret =>
        Account.Password is PasswordSource.Literal || Nat.Turn.Any(t => t.Source is PasswordSource.Literal);
}

/// <summary>The account section.</summary>
public sealed record AccountProfile
{
    /// <summary>The address of record, "sip:201@pbx.example.net". Empty only before it was read.</summary>
    public string Uri { get; init; } = "";

    public string? DisplayName { get; init; }

    /// <summary>The name to authenticate with; null takes the user of the URI.</summary>
    public string? AuthUser { get; init; }

    /// <summary>Null when the server asks for none.</summary>
    public PasswordSource? Password { get; init; }

    /// <summary>Where to register; null registers only when asked to, at the domain of the URI.</summary>
    public string? Registrar { get; init; }

    /// <summary>Where to send everything first; null for nowhere special.</summary>
    public string? OutboundProxy { get; init; }

    /// <summary>The weakest digest by which a server may ask for the password.</summary>
    public DigestDemand Digest { get; init; }

    /// <summary>Seconds that a registration is asked for.</summary>
    public int Expires { get; init; } = 300;

    /// <summary>The longest pause between keepalives of the registration; zero for none, null as <see cref="Softphone.Sip.SipAgentOptions"/> has it.</summary>
    public TimeSpan? Keepalive { get; init; }

    public AccountPreset Preset { get; init; } = AccountPreset.Generic;

    /// <summary>Whose calls ring; null takes those of the server once it is registered, and anybody's without.</summary>
    public CallsFrom? CallsFrom { get; init; }

    /// <summary>What becomes of a peer's wish to send us to somebody else.</summary>
    public ReferralPolicy Transfers { get; init; } = ReferralPolicy.Ask;

    /// <summary>Its calls do not say who it is (RFC 3323).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Whether provisional responses are acknowledged (RFC 3262); null as the preset has it.</summary>
    public Reliability? ReliableProvisionals { get; init; }

    /// <summary>Nobody in particular, to be called at an address by whatever name; no setting of a file.</summary>
    public bool TakesAnyUser { get; init; }
}

/// <summary>The call section.</summary>
public sealed record CallProfile
{
    /// <summary>How long it rings before the caller is told that nobody is there.</summary>
    public TimeSpan RingFor { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Calls at once; null takes what suits the use: a phone of a person has fewer than one that answers by itself.</summary>
    public int? Limit { get; init; }

    /// <summary>What becomes of calls where nobody has decided.</summary>
    public CallManners Manners { get; init; } = CallManners.None;

    /// <summary>How long a peer without ICE may send nothing; zero for ever, null as <see cref="PhoneOptions.SilenceLimit"/> says.</summary>
    public TimeSpan? SilenceLimit { get; init; }
}

/// <summary>The nat section.</summary>
public sealed record NatProfile
{
    public NatMode Mode { get; init; } = NatMode.Auto;

    public IReadOnlyList<ServerUri> Stun { get; init; } = [];

    public IReadOnlyList<TurnProfile> Turn { get; init; } = [];

    /// <summary>The TURN servers take relays along to another address (RFC 8016): calls over them go on without a restart when the network changes.</summary>
    public bool Mobility { get; init; }

    /// <summary>Interfaces that offer no candidates, with * for any characters.</summary>
    public IReadOnlyList<string> SkipInterfaces { get; init; } = ["docker*", "veth*", "virbr*"];

    /// <summary>How long candidates are gathered at most before a call goes on without the missing ones.</summary>
    public TimeSpan GatherBudget { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>TCP candidates too (RFC 6544), for networks that let no UDP out.</summary>
    public bool Tcp { get; init; }
}

/// <summary>The tls section: which certificates the servers of this profile may show, SIP and TURN alike.</summary>
public sealed record TlsProfile
{
    /// <summary>The word that stands for the issuers that this machine trusts.</summary>
    public const string System = "system";

    /// <summary>
    /// Files with certificates of issuers to trust, and the word "system". Empty: those of the system, or, where a fingerprint is given, none.
    /// </summary>
    public IReadOnlyList<string> Ca { get; init; } = [];

    /// <summary>Certificates that are accepted whoever issued them, whatever they name and however old they are: "sha256:" and hexadecimal digits.</summary>
    public IReadOnlyList<string> Fingerprints { get; init; } = [];

    public bool TrustsSystem => Ca.Contains(System) || (Ca.Count == 0 && Fingerprints.Count == 0);

    /// <summary>Without the word for the system's.</summary>
    public IEnumerable<string> CaFiles => Ca.Where(file => file != System);
}

/// <summary>One TURN service: the ways to reach it, and who we are to it.</summary>
public sealed record TurnProfile
{
    public IReadOnlyList<ServerUri> Urls { get; init; } = [];

    public string User { get; init; } = "";

    public PasswordSource? Password { get; init; }

    /// <summary>What the server shares with who makes its credentials, in place of a password (draft-uberti-behave-turn-rest).</summary>
    public PasswordSource? Secret { get; init; }

    /// <summary>How long a credential that is made of the secret lasts.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Where the shell finds the password or the secret; null when there is neither.</summary>
    public PasswordSource? Source => Secret ?? Password;
}

/// <summary>The media section.</summary>
public sealed record MediaProfile
{
    /// <summary>Best first.</summary>
    public IReadOnlyList<SdpCodec> Codecs { get; init; } = SdpCodec.All;

    public SrtpMode Srtp { get; init; } = SrtpMode.Try;

    /// <summary>Keys of ours may go by SIP that is not encrypted, where whoever sees it can hear the calls.</summary>
    public bool SrtpOverPlainSip { get; init; }

    public DtmfMode Dtmf { get; init; } = DtmfMode.Auto;

    public DurationRange JitterBuffer { get; init; } = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(200));
}

/// <summary>The audio section: device names as `softphone devices` lists them, "default" for the system's choice, "null" for none.</summary>
public sealed record AudioProfile
{
    public string Input { get; init; } = "default";

    public string Output { get; init; } = "default";

    public string Ring { get; init; } = "default";

    /// <summary>What is done to the microphone's sound.</summary>
    public VoiceProcessing Processing { get; init; } = VoiceProcessing.On;
}

/// <summary>The audio.processing of a profile.</summary>
public enum VoiceProcessing
{
    /// <summary>The sound goes out as it is.</summary>
    Off,

    /// <summary>Echo and noise are taken out, the level is evened.</summary>
    On,
}

/// <summary>The media.srtp of a profile.</summary>
public enum SrtpMode
{
    /// <summary>Plain RTP.</summary>
    Off,

    /// <summary>SRTP when the peer can, else plain RTP.</summary>
    Try,

    /// <summary>SRTP with keys in the signalling (RFC 4568), or no call.</summary>
    Sdes,

    /// <summary>SRTP with keys from DTLS (RFC 5763), or no call.</summary>
    Dtls,
}

/// <summary>The media.dtmf of a profile: how digits are sent.</summary>
public enum DtmfMode
{
    /// <summary>RFC 4733 when the peer takes it, else SIP INFO when it takes that, else tones.</summary>
    Auto,
    Rfc4733,
    Info,
    Inband,
}
