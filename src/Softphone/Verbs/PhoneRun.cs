using System.Threading.Channels;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// A live phone for the length of one verb: made from a profile, its events written out as they come and handed to the verb in order,
/// and shut down in the end so that nothing is left at any server.
/// </summary>
internal sealed class PhoneRun : IDisposable
{
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    /// <summary>As the full screen waits: the answer to a BYE belongs into the record.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>Nobody waits for the call any more, and its record is wanted.</summary>
    private static readonly TimeSpan KeepLimit = TimeSpan.FromSeconds(10);

    /// <summary>A pump that does not come to it within that is stuck.</summary>
    private static readonly TimeSpan TraceLimit = TimeSpan.FromSeconds(2);

    /// <summary>What happened on the phone, and between it what others told; one of the two is null.</summary>
    private readonly Channel<(PhoneEvent? Phone, OutputEvent? Other)> _events =
        Channel.CreateUnbounded<(PhoneEvent?, OutputEvent?)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly LivePhone _phone;
    private readonly IEventWriter _output;
    private readonly bool _json;
    private readonly PacketCapture? _capture;
    private readonly CredentialKeeper _credentials;

    private PhoneRun(
        PhoneSetup setup, TlsTrust trust, Profile profile, ProfileSecrets secrets, VerbContext context, bool json, Trace trace, PacketCapture? capture, ReportFile? report)
    {
        Report = report;
        Setup = setup;
        Context = context;
        _output = context.Events(json);
        _json = json;
        _capture = capture;
        _phone = new LivePhone(
            setup.Options,
            trust,
            CodecFactory.Instance,
            trace,
            (_, happened, _) =>
            {
                _keeping?.Happened(happened);
                if (happened is PhoneEvent.CallEnded) _settled?.Change(Settling, Timeout.InfiniteTimeSpan);
                _events.Writer.TryWrite((happened, null));
            },
            crash => _events.Writer.TryComplete(crash),
            new FaultLog(new KeptFolders(context.Environment), line => context.Error.WriteLine($"softphone: {line}")),
            context.Report,
            capture);
        Translate = new EventTranslator(_phone.WallClock);
        Trace = trace;
        _credentials = new CredentialKeeper(
            profile,
            secrets,
            accounts => Do((machine, now) => machine.SetTurnAccounts(now, accounts)),
            e => context.Report(new Fault(Layer.Turn, $"no new TURN credentials could be made: {e.Message}", "they are tried again; the old ones last a little longer")));
    }

    public PhoneSetup Setup { get; }

    public VerbContext Context { get; }

    public EventTranslator Translate { get; }

    public Trace Trace { get; }

    /// <summary>Where ended calls are reported; null when nobody asked.</summary>
    public ReportFile? Report { get; }

    /// <summary>Makes the phone; on failure the person has been told and the exit code says why.</summary>
    /// <param name="profile">The account and how to reach the network.</param>
    /// <param name="context">Where to write.</param>
    /// <param name="json">Events as JSON.</param>
    /// <param name="adjust">What the verb changes of the phone's options.</param>
    /// <param name="code">The exit code on failure.</param>
    /// <param name="pcap">A file for every packet of the phone, or null.</param>
    /// <param name="page">A file for the report of a call, or null.</param>
    /// <param name="isVerbose">SIP messages go to standard error as they pass.</param>
    /// <param name="registers">The verb registers where it can: another softphone that does so with the same profile is told of.</param>
    public static PhoneRun? Create(
        Profile profile,
        VerbContext context,
        bool json,
        Func<PhoneOptions, PhoneOptions> adjust,
        out ExitCode code,
        string? pcap = null,
        string? page = null,
        bool isVerbose = false,
        bool registers = false)
    {
        code = ExitCode.Ok;
        var fetcher = new SecretFetcher(context.Environment);
        if (!fetcher.TryFetch(profile.Account.Password, out var password, out var fault)) return Refuse(fault, out code);
        var turn = new List<string>();
        foreach (var entry in profile.Nat.Turn)
        {
            if (!fetcher.TryFetch(entry.Source, out var secret, out fault)) return Refuse(fault, out code);
            turn.Add(secret);
        }

        var secrets = new ProfileSecrets(password, turn) { FetchedAt = DateTimeOffset.UtcNow };
        if (!PhoneSetup.TryFrom(profile, secrets, out var setup, out fault)) return Refuse(fault, out code);
        if (!TrustReader.TryRead(profile, context.Environment, out var trust, out fault)) return Refuse(fault, out code);
        foreach (var note in setup.Notes) context.Error.WriteLine($"softphone: {note.What}");
        PacketCapture? capture = null;
        ReportFile? report = null;
        if ((page is not null && !ReportFile.TryOpen(page, out report, out fault)) || (pcap is not null && !PacketCapture.TryOpen(pcap, () => context.Ending.Left(EndLimit), out capture, out fault)))
        {
            report?.Dispose();
            context.Report(fault!);
            code = ExitCode.Usage;
            return null;
        }

        InstanceLocks? locks = null;
        if (registers && profile.Name.Length > 0 && setup.Account.Registrar is not null)
        {
            locks = new InstanceLocks(context.Environment);
            if (!locks.TryTake(profile, out fault)) context.Report(fault);
        }

        var trace = isVerbose ? new Trace { Emitted = new SipTeller(context.Error).Tell } : new Trace();
        return new PhoneRun(setup with { Options = RunIdentity.Give(adjust(setup.Options)) }, trust, profile, secrets, context, json, trace, capture, report) { _locks = locks };

        PhoneRun? Refuse(Fault why, out ExitCode exit)
        {
            context.Report(why);
            exit = ExitCodes.Of(why);
            return null;
        }
    }

    /// <summary>Starts the pump; the account is the first of the machine.</summary>
    /// <param name="first">Its first commands, on the pump thread.</param>
    /// <param name="stop">Hangs up and unregisters at once when it is cancelled, whatever the verb waits for.</param>
    public void Start(Action<PhoneMachine, Instant, Sip.AccountId> first, CancellationToken stop)
    {
        _phone.Start((machine, now) => first(machine, now, _account));
        _stops = stop.Register(() => Do((machine, now) => machine.Shutdown(now)));
    }

    /// <summary>Adds the account; before <see cref="Start"/>.</summary>
    public PhoneRun WithAccount()
    {
        _account = _phone.Machine.AddAccount(Setup.Account);
        return this;
    }

    private Sip.AccountId _account;
    private CancellationTokenRegistration _stops;
    private EventRelay? _relay;
    private InstanceLocks? _locks;
    private Keeper? _keeper;
    private CallKeeping? _keeping;
    private Timer? _settled;
    private bool _isDisposed;

    /// <summary>A command on the pump thread; false once that has ended.</summary>
    public bool Do(Action<PhoneMachine, Instant> command) => _phone.Do(command);

    /// <summary>Keeps the calls in the history where the profile wants records on disk; before <see cref="Start"/>.</summary>
    public PhoneRun KeepingCalls(Profile profile)
    {
        if (profile.Records is not { OnDisk: true, Keep: > 0 } settings) return this;
        _keeper = new Keeper(new KeptFolders(Context.Environment)) { Failed = why => Context.Error.WriteLine($"softphone: {why}") };
        _keeping = new CallKeeping(_phone.Machine, Setup.Options.Name, profile.Name, settings, _keeper, _phone.WallClock);
        _settled = new Timer(_ => Do((_, _) => _keeping.Flush()));
        return this;
    }

    public void Write(OutputEvent happened) => _output.Write(happened);

    /// <summary>What is told here has its place among the events of the phone until that ends; before <see cref="Start"/>.</summary>
    public PhoneRun Take(EventRelay relay)
    {
        _relay = relay;
        relay.LeadTo(happened => Do((_, now) => _events.Writer.TryWrite((null, happened with { T = _phone.WallClock(now) }))));
        return this;
    }

    /// <summary>A registration that failed: why, on standard error for a person and as an event for a script.</summary>
    public void Tell(PhoneEvent.Registration failed, Fault fault)
    {
        Context.Report(fault);
        if (_json) Write(Translate.Explain(failed.At, null, RegistrationRecords.WhyNot(fault)));
    }

    /// <summary>Every event in order, already written out, until the token is cancelled.</summary>
    public async IAsyncEnumerable<PhoneEvent> Events([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(stop))
        {
            if ((happened.Other ?? Translate.Of(happened.Phone!)) is { } line) Write(line);
            if (happened.Phone is { } phone) yield return phone;
        }
    }

    /// <summary>What was traced so far, taken on the thread that writes it: unregistering goes on while a report is written.</summary>
    public IReadOnlyCollection<TraceEntry> TraceNow()
    {
        var taken = new TaskCompletionSource<TraceEntry[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!Do((_, _) => taken.TrySetResult([.. Trace.Entries]))) return Trace.Entries;
        return taken.Task.Wait(TraceLimit) ? taken.Task.Result : [];
    }

    /// <summary>Hangs up, unregisters, gives allocations back; call ends that come meanwhile are handed to the verb.</summary>
    public async Task ShutDownAsync(Action<PhoneEvent>? happened = null)
    {
        Do((machine, now) => machine.Shutdown(now));
        using var limit = new CancellationTokenSource(Context.Ending.Left(ShutdownLimit));
        try
        {
            await foreach (var e in Events(limit.Token))
            {
                happened?.Invoke(e);
                if (e is PhoneEvent.ShutDown) return;
            }
        }
        catch (OperationCanceledException)
        {
            // The servers do not answer; what they hold for us runs out by itself.
        }
    }

    /// <summary>Ends the phone and closes its files. One that is not whole was told, and is no success.</summary>
    public ExitCode Judge(ExitCode code)
    {
        Dispose();
        return code == ExitCode.Ok && (Report is { HasFailed: true } || _capture?.Failure is not null) ? ExitCode.Output : code;
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _stops.Dispose();
        _settled?.Dispose();
        _locks?.Dispose();
        _credentials.Dispose();
        var hasEnded = Context.Ending.Saw(_phone.End(Context.Ending.Left(EndLimit)));
        if (hasEnded) _keeping?.Flush();
        if (_keeper is not null && !Context.Ending.Saw(_keeper.End(Context.Ending.Left(KeepLimit))))
            Context.Error.WriteLine("softphone: the disk did not take the record of the call in time: it is not kept");
        _relay?.LeadTo(null);
        while (_events.Reader.TryRead(out var late))
            if (late.Other is { } other) Write(other);
        Report?.Dispose();
        if (_capture is null) return;
        _capture.Dispose();
        if (_capture.Failure is { } fault) Context.Report(fault);
    }
}
