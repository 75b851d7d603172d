namespace Softphone.Lab;

/// <summary>What many simulated calls came to.</summary>
public sealed class SimulationTally
{
    private const int MostFailures = 20;
    private readonly List<CallReport> _failures = [];
    private readonly List<double> _connectedAfter = [];

    public long Calls { get; private set; }

    public long Connected { get; private set; }

    /// <summary>Calls that the oracle said had to come about.</summary>
    public long MustConnect { get; private set; }

    /// <summary>Calls that it said had to live on after what went wrong.</summary>
    public long MustRecover { get; private set; }

    public long Aborted { get; private set; }

    public long Phones { get; private set; }

    /// <summary>Calls whose media was encrypted.</summary>
    public long Secured { get; private set; }

    public long Restarts { get; private set; }

    public long Failures { get; private set; }

    /// <summary>Calls by relays on the path: none, one, two.</summary>
    public long[] ByLegs { get; } = new long[3];

    /// <summary>Calls whose path has more relays than need be; on clean lines each of them counts as a failure.</summary>
    public long Detours { get; private set; }

    /// <summary>Phones that had to stay registered.</summary>
    public long Stays { get; private set; }

    /// <summary>The most REGISTERs that one of them sent for one event.</summary>
    public int MostRegisters { get; private set; }

    /// <summary>Each trouble of theirs: how often it was drawn, and how often a phone came through it.</summary>
    public (long Drawn, long Survived)[] Troubles { get; } = new (long, long)[Enum.GetValues<NetworkTrouble>().Length];

    public long Events { get; private set; }

    public TimeSpan VirtualTime { get; private set; }

    /// <summary>Of all calls, whatever their order.</summary>
    public ulong Digest { get; private set; }

    /// <summary>The first failures.</summary>
    public IReadOnlyList<CallReport> Examples => _failures;

    public void Add(CallReport report)
    {
        Calls++;
        if (report.Connected) Connected++;
        if (report.MustConnect) MustConnect++;
        if (report.MustRecover) MustRecover++;
        if (report.Aborted) Aborted++;
        if (report.Plan.WholePhones) Phones++;
        if (report.Secured) Secured++;
        Restarts += report.Restarts;
        Events += report.Events;
        VirtualTime += report.Lasted;
        Digest += report.Digest;
        if (report.Stay is { } stay) Add(stay);
        if (report.ConnectedAfter is { } after) _connectedAfter.Add(after.TotalMilliseconds);
        if (report.Legs is { } legs)
        {
            ByLegs[legs]++;
            if (legs > report.FewestLegs) Detours++;
        }

        if (report.Violation is null) return;
        Failures++;
        if (_failures.Count < MostFailures) _failures.Add(report);
    }

    private void Add(StayReport stay)
    {
        Stays++;
        MostRegisters = Math.Max(MostRegisters, stay.MostRegisters);
        foreach (var (kind, survived) in stay.Troubles)
        {
            Troubles[(int)kind].Drawn++;
            if (survived) Troubles[(int)kind].Survived++;
        }
    }

    public void Add(SimulationTally other)
    {
        Stays += other.Stays;
        MostRegisters = Math.Max(MostRegisters, other.MostRegisters);
        for (var i = 0; i < Troubles.Length; i++)
        {
            Troubles[i].Drawn += other.Troubles[i].Drawn;
            Troubles[i].Survived += other.Troubles[i].Survived;
        }

        Calls += other.Calls;
        Connected += other.Connected;
        MustConnect += other.MustConnect;
        MustRecover += other.MustRecover;
        Aborted += other.Aborted;
        Phones += other.Phones;
        Secured += other.Secured;
        Restarts += other.Restarts;
        Failures += other.Failures;
        Detours += other.Detours;
        Events += other.Events;
        VirtualTime += other.VirtualTime;
        Digest += other.Digest;
        for (var i = 0; i < ByLegs.Length; i++) ByLegs[i] += other.ByLegs[i];
        _connectedAfter.AddRange(other._connectedAfter);
        _failures.AddRange(other._failures.Take(MostFailures - _failures.Count));
    }

    /// <summary>From the first packet to a path on both sides, ringing included: the value below which this share of the calls lies.</summary>
    public double ConnectedWithin(double share)
    {
        if (_connectedAfter.Count == 0) return 0;
        _connectedAfter.Sort();
        return _connectedAfter[(int)Math.Min(_connectedAfter.Count - 1, share * _connectedAfter.Count)];
    }
}
