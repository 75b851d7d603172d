using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>softphone without a verb.</summary>
/// <param name="Profiles">The accounts, the one to call with first; none when there is none yet.</param>
/// <param name="Broken">Profiles that cannot be used, for the person to know.</param>
internal sealed record TuiOptions(IReadOnlyList<Profile> Profiles, IReadOnlyList<BrokenProfile> Broken)
{
    /// <summary>The theme of this run; null takes the one that was chosen last.</summary>
    public Theme? Theme { get; init; }

    /// <summary>The sound devices to begin with: those of the first profile, or of the environment while there is none.</summary>
    public AudioProfile Audio { get; init; } = Profiles.Count > 0 ? Profiles[0].Audio : new AudioProfile();
}

/// <summary>softphone demo.</summary>
internal sealed record DemoOptions
{
    public DemoNat NatA { get; init; } = DemoNat.PortRestricted;

    public DemoNat NatB { get; init; } = DemoNat.PortRestricted;

    /// <summary>One way, of each of the two links.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>From 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The same seed is the same run; null is 1, or what a scenario file says.</summary>
    public ulong? Seed { get; init; }

    /// <summary>A scenario file to play in place of the usual call.</summary>
    public Lab.Scenario? Scenario { get; init; }

    /// <summary>Tell of every packet that was dropped.</summary>
    public bool Verbose { get; init; }

    /// <summary>How long the call lasts, in the time of the virtual internet.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The folder for recordings; null makes one.</summary>
    public string? Out { get; init; }

    public bool Tui { get; init; }

    /// <summary>In real time, as also with <see cref="Tui"/>.</summary>
    public bool RealTime { get; init; }

    public bool Json { get; init; }
}

/// <summary>softphone test FILE.yaml.</summary>
internal sealed record TestOptions
{
    /// <summary>Scenario files, and folders of such.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Where the results go as JUnit XML.</summary>
    public string? Junit { get; init; }

    /// <summary>Instead of the seed of each file.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Tell each scenario as a story.</summary>
    public bool Verbose { get; init; }

    public bool Json { get; init; }
}

/// <summary>The NATs of the demo, and of the lab's matrix.</summary>
internal enum DemoNat
{
    None,
    Firewall,
    FullCone,
    RestrictedCone,
    PortRestricted,
    Symmetric,
    UdpBlocked,
}

/// <summary>What call and answer have in common.</summary>
internal abstract record MediaVerbOptions
{
    /// <summary>The account, with --nat, --codec, --srtp and --audio put over it.</summary>
    public required Profile Profile { get; init; }

    /// <summary>For call and answer: hang up so long after the answer. Null waits for the peer, or for Ctrl-C.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>A WAV file that the peer hears.</summary>
    public string? Play { get; init; }

    /// <summary>A WAV file of what the peer says.</summary>
    public string? Record { get; init; }

    /// <summary>Keys to press once connected; w waits half a second.</summary>
    public string Dtmf { get; init; } = "";

    public IReadOnlyList<Expectation> Expect { get; init; } = [];

    public bool Json { get; init; }

    public string? Pcap { get; init; }

    /// <summary>A Markdown file.</summary>
    public string? Report { get; init; }

    /// <summary>SIP messages on standard error.</summary>
    public bool Verbose { get; init; }
}

/// <summary>softphone call URI.</summary>
internal sealed record CallVerbOptions : MediaVerbOptions
{
    /// <summary>As it was typed when it is a whole address; a bare user has the account's domain put behind it.</summary>
    public required string Uri { get; init; }

    /// <summary>Give up when nobody has answered by then; null waits for the network to give up.</summary>
    public TimeSpan? RingFor { get; init; }

    /// <summary>By which the INVITE goes; null for what profile and address say.</summary>
    public Transport? Transport { get; init; }

    /// <summary>Headers of the INVITE beside our own, in order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>softphone answer.</summary>
internal sealed record AnswerOptions : MediaVerbOptions
{
    /// <summary>End after the first call.</summary>
    public bool Once { get; init; }

    /// <summary>The port of SIP; 0 takes a free one.</summary>
    public ushort Port { get; init; }

    /// <summary>The only address of SIP; null takes the one that leads to the account's server.</summary>
    public IpAddress? Listen { get; init; }

    /// <summary>Refuse with this status, 400–699.</summary>
    public int? Code { get; init; }

    /// <summary>Ring so long before answering.</summary>
    public TimeSpan Ring { get; init; }

    /// <summary>Calls at once; null leaves it to the profile.</summary>
    public int? Limit { get; init; }

    /// <summary>Send back what is heard.</summary>
    public bool Echo { get; init; }
}

/// <summary>softphone register.</summary>
internal sealed record RegisterOptions
{
    public required Profile Profile { get; init; }

    /// <summary>Register, say so, unregister and end.</summary>
    public bool Once { get; init; }

    public TimeSpan? For { get; init; }

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone options URI: one request out of dialog.</summary>
internal sealed record RequestOptions
{
    public required string Uri { get; init; }

    public required Profile Profile { get; init; }

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone message.</summary>
internal sealed record MessageOptions
{
    public required string To { get; init; }

    public required string Text { get; init; }

    public required Profile Profile { get; init; }

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone nat.</summary>
internal sealed record NatOptions
{
    /// <summary>The profile's STUN servers, or those given by --stun.</summary>
    public required Profile Profile { get; init; }

    /// <summary>The longest lifetime to look for; null leaves it out.</summary>
    public TimeSpan? Lifetime { get; init; }

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone ice gather.</summary>
internal sealed record IceGatherOptions
{
    /// <summary>Whose servers, interfaces and budget.</summary>
    public required Profile Profile { get; init; }

    /// <summary>1, or 2 with a port of its own for RTCP.</summary>
    public int Components { get; init; } = 1;

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone turn test.</summary>
internal sealed record TurnTestOptions
{
    /// <summary>With the TURN servers.</summary>
    public required Profile Profile { get; init; }

    /// <summary>How long packets are sent to each.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Packets a second, each way.</summary>
    public int Rate { get; init; } = 50;

    /// <summary>Octets of a packet, its RTP header included.</summary>
    public int Size { get; init; } = 172;

    public WatchOptions Watch { get; init; } = new();

    public bool Json { get; init; }
}

/// <summary>softphone lab explain.</summary>
internal sealed record LabExplainOptions
{
    /// <summary>The NAT types of the rows and columns that are printed; empty takes all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>The sentences are printed too.</summary>
    public bool Sentences { get; init; }

    public bool Json { get; init; }
}

/// <summary>softphone lab matrix.</summary>
internal sealed record LabMatrixOptions
{
    /// <summary>One way, of each of the two links.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Extra delay of each link, from zero to this.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>From 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The same seed is the same run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Seeds in all, one after another from <see cref="Seed"/>; more than one gives percentiles.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Between two checks of one agent.</summary>
    public TimeSpan Ta { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>True nominates the first valid pair of each component.</summary>
    public bool Immediate { get; init; }

    /// <summary>The NAT types of the rows and columns; empty takes all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    public bool Json { get; init; }
}
