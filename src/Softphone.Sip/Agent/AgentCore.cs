using Softphone.Core;

namespace Softphone.Sip;

/// <summary>What registrations, sessions and the UAS core share: layers, timers, chance, and the queue of events.</summary>
internal sealed class AgentCore
{
    /// <summary>A longer message has its headers in compact form, and a request that is longer even so leaves UDP, since the path's MTU is unknown (§18.1.1).</summary>
    public const int DatagramLimit = 1300;

    /// <summary>What one packet of 1500 octets holds beside the headers of IP and UDP.</summary>
    public static int WholeDatagram(IpAddress remote) => remote.IsV4 ? 1472 : 1452;

    /// <summary>Methods that we serve, as they stand in Allow.</summary>
    public const string Allow = "INVITE,ACK,CANCEL,BYE,OPTIONS,PRACK,UPDATE,INFO,REFER,NOTIFY,SUBSCRIBE,MESSAGE";

    /// <summary>Extensions that the agent itself serves, announced beside those of its owner (RFC 3891 §4, RFC 4028 §5, RFC 3262 §4, RFC 6228 §6).</summary>
    private static readonly string[] OwnExtensions = ["replaces", "timer", OptionTags.Prack, OptionTags.Terminated];

    /// <summary>What a Require may name besides: without meaning in an INVITE, it is not announced there (RFC 4488).</summary>
    private static readonly string[] Understood = ["norefersub"];

    /// <summary>The host of who does not say who he is (RFC 3323 §4.1.1.3).</summary>
    private const string AnonymousHost = "anonymous.invalid";

    private int _lastReferral;

    private readonly Queue<SipEvent> _events = [];
    private readonly Dictionary<Address, Instant> _avoided = [];

    public AgentCore(SipAgentOptions options, IEntropy entropy, Trace trace, ITransportUser user)
    {
        Options = options;
        Entropy = entropy;
        Trace = trace;
        Ledger = options.Ledger ?? (trace.IsOn ? trace.Ledger : new OctetLedger());
        Transport = new TransportLayer(options, entropy, trace, user, Ledger);
        Transactions = new TransactionLayer(new TransactionTimers(options.T1, options.T2, options.T4), Transport, Ledger);
        Resolver = new Resolver(this);
        Barrier = new Barrier(this);
        Probe = new FlowProbe(this);
        Rewrites = new Rewrites(this);
        Transactions.Broke = (now, user, error) => Barrier.Broke(now, user, "a transaction", error);
    }

    public SipAgentOptions Options { get; }

    public IEntropy Entropy { get; }

    public Trace Trace { get; }

    /// <summary>What is kept of what others sent.</summary>
    public OctetLedger Ledger { get; }

    public TransportLayer Transport { get; }

    public TransactionLayer Transactions { get; }

    public Resolver Resolver { get; }

    public Barrier Barrier { get; }

    /// <summary>OPTIONS that keep flows alive.</summary>
    public FlowProbe Probe { get; }

    /// <summary>
    /// Servers whose TCP port did not answer when a long request tried it (RFC 3261 §18.1.1): the next one does not wait for it again.
    /// </summary>
    public FlowMemory MuteStreams { get; } = new();

    /// <summary>UDP by which datagrams longer than a packet do not arrive.</summary>
    public FlowMemory CutDatagrams { get; } = new();

    /// <summary>Some account is registered by this flow, and keeps it alive.</summary>
    public bool IsKept(in Flow flow)
    {
        foreach (var account in Accounts.Values)
            if (account.Registration?.Kept == flow) return true;
        return false;
    }

    /// <summary>Whether there is a session.</summary>
    public Func<bool> IsTalking { get; init; } = () => false;

    /// <summary>Somebody who calls now finds the person at another call; asked for <see cref="Diversion.Busy"/>.</summary>
    public Func<bool> IsBusy { get; set; } = () => false;

    /// <summary>Servers whose answers show that something on the way rewrites what we send.</summary>
    public Rewrites Rewrites { get; }

    public TargetMemory Targets { get; } = new();

    /// <summary>What the shell knows of the flow that is failing now, such as what is wrong with a certificate; null at any other time.</summary>
    public Fault? FailingFor { get; set; }

    public TimerTable<(ITimed Owner, SipTimer Timer)> Timers { get; } = new();

    public Dictionary<AccountId, Account> Accounts { get; } = [];

    /// <summary>Requests of ours that wait for DNS or a final response.</summary>
    public HashSet<Exchange> Exchanges { get; } = [];

    /// <summary>INVITEs that are taken back by another path than they went.</summary>
    public HashSet<Farewell> Farewells { get; } = [];

    /// <summary>REFERs of peers that are answered or told of.</summary>
    public Dictionary<ReferralId, Referral> Referrals { get; } = [];

    public IEnumerable<string> Supported => [.. Options.Supported, .. OwnExtensions];

    public Instant? NextTimeout =>
        Instant.Earlier(Timers.Next, Instant.Earlier(Transport.NextTimeout, Transactions.NextTimeout));

    public void Emit(SipEvent happened) => _events.Enqueue(happened);

    public bool TryEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SipEvent? happened) => _events.TryDequeue(out happened);

    public void Note(Instant now, string subject, string what)
    {
        if (Trace.IsOn) Trace.Emit(new SipTrace.State(now, Options.Source, subject, what));
    }

    public void Advance(Instant now)
    {
        Transport.Advance(now);
        Transactions.Advance(now);
        while (Timers.TryExpire(now, out var timer)) Tell(now, timer.Owner, timer.Timer);
    }

    /// <summary>What was queued has left: what was armed with it counts from now.</summary>
    public void Sent(Instant now)
    {
        if (Transport.QueuedAt is not { } queued) return;
        Transport.QueuedAt = null;
        Transactions.Delay(now - queued);
        Timers.Delay(now - queued);
    }

    private void Tell(Instant now, ITimed owner, SipTimer timer)
    {
        try
        {
            owner.OnTimer(now, timer);
        }
        catch (Exception e)
        {
            Barrier.Broke(now, owner, $"the timer {timer}", e);
        }
    }

    /// <summary>
    /// Where a request goes first: its topmost Route, else its Request-URI (§8.1.2). For a target in the account's own domain
    /// that is the registrar's host, which may be configured apart from the domain.
    /// </summary>
    public static SipUri NextHop(SipRequest request, Account account)
    {
        if (request.Headers.Routes() is [var first, ..]) return first.Uri;
        var target = request.RequestUri;
        var isOwnDomain = target.IsSip && target.Port is null && target.Host.Equals(account.Settings.Aor.Host, StringComparison.OrdinalIgnoreCase);
        if (!isOwnDomain) return target;
        return target.TransportName is { } transport ? account.Registrar.WithParameter("transport", transport) : account.Registrar;
    }

    /// <summary>A request got through by smaller segments that did not before: it is told, once.</summary>
    public void TellIfNarrow(Account? account, Transaction answered)
    {
        if (Transport.Narrow.TakeNews(answered))
            Emit(new SipEvent.WayFound(account?.Id, WayKind.SegmentsCut, answered.Flow.Remote, answered.Flow.Transport, SipFaults.SegmentsCut(answered.Flow)));
    }

    public string NewTag() => Entropy.NextToken(10);

    /// <summary>Eleven characters are 65 bits: nobody has drawn it before, and nobody guesses it.</summary>
    public string NewCallId() => Entropy.NextToken(11);

    public string NewBranch() => Via.MagicCookie + Entropy.NextToken(11);

    /// <summary>The Contact under which a flow reaches us: the public address once it is learned, else the local one.</summary>
    public NameAddr Contact(Account? account, in Flow flow)
    {
        var local = Transport.LocalOf(flow);
        var seen = account?.PublicAddress is { } known && account.PublicPath == flow.Path ? known : (Address?)null;
        var host = (seen ?? local) is { Ip: { IsValid: true } ip } ? ip.ToString() : "invalid";
        var port = seen?.Port ?? TransportLayer.Named(local);
        // Who is called by sips is reached by sips (RFC 3261 §8.1.1.8), which says TLS already.
        var isSecure = account?.Settings.Aor.IsSips == true;
        var uri = SipUri.Create(account?.ContactUser ?? "phone", host, port, isSecure);
        if (isSecure) return new NameAddr(uri);
        if (flow.Transport != Softphone.Core.Transport.Udp) uri = uri.WithParameter("transport", flow.Transport.ToString().ToLowerInvariant());
        return new NameAddr(uri);
    }

    /// <summary>
    /// The Contact of a dialog on this flow: a stack that only connects is nowhere to be reached at, so where its account is not registered by
    /// it, the UDP socket beside it stands there.
    /// </summary>
    public NameAddr DialogContact(Account? account, in Flow flow)
    {
        var isBound = account?.Registration?.Path == flow.Path || (account?.PublicAddress is not null && account.PublicPath == flow.Path);
        return !isBound && flow.Transport == Softphone.Core.Transport.Tcp && Transport.Find(flow.Path) is { Listens: false } && Transport.Select(Softphone.Core.Transport.Udp, flow.Remote.Ip) is { } open
            ? Contact(account, new Flow(open.Id, flow.Remote, Softphone.Core.Transport.Udp))
            : Contact(account, flow);
    }

    /// <summary>Where the server saw our request come from, by the top Via of its answer (RFC 3581 §4); null where it does not say.</summary>
    public Address? SeenFrom(in Flow flow, SipResponse response)
    {
        if (!response.Headers.TryVia(out var via) || Transport.Find(flow.Path) is not { } path || via.Rport is not { } port) return null;
        var ip = via.Received is { } received && IpAddress.TryParse(received, out var source) ? source : path.Bound.Ip;
        return ip.IsUnspecified ? null : new Address(ip, port);
    }

    /// <summary>The extensions and Info Packages that the agent and its owner support, and the account does not do without.</summary>
    public void AddSupported(SipMessage message, Account? account)
    {
        var isPlain = account?.Settings.Provisionals == Reliability.Off;
        message.Headers.Add(HeaderName.Supported, string.Join(',', Supported.Where(tag => !isPlain || tag != OptionTags.Prack)));
        if (Options.InfoPackages.Count > 0) message.Headers.Add(HeaderName.RecvInfo, string.Join(',', Options.InfoPackages));
    }

    /// <summary>A request outside any dialog, without Via and Contact (§8.1.1).</summary>
    public SipRequest RequestOutside(Account account, string method, SipUri target, bool anonymous = false)
    {
        var request = new SipRequest(method, target.AsRequestUri());
        foreach (var route in account.PreloadedRoute(method == SipMethod.Register)) request.Headers.Add(HeaderName.Route, route.ToString());
        request.Headers.Add(HeaderName.MaxForwards, "70");
        var from = anonymous
            ? new NameAddr(SipUri.Create("anonymous", AnonymousHost)) { DisplayName = "Anonymous" }
            : new NameAddr(account.Settings.Aor.AddressOfRecord) { DisplayName = account.Settings.DisplayName };
        request.Headers.Add(HeaderName.From, from.WithTag(NewTag()).ToString());
        request.Headers.Add(HeaderName.To, new NameAddr(Identity(target)).ToString());
        request.Headers.Add(HeaderName.CallId, NewCallId());
        request.Headers.Add(HeaderName.CSeq, $"1 {method}");
        if (Options.UserAgent.Length > 0) request.Headers.Add(HeaderName.UserAgent, Options.UserAgent);
        return request;
    }

    /// <summary>A request in which we do not say who we are (RFC 3323 §4.1).</summary>
    public static bool IsAnonymous(SipMessage message) => message.Headers.TryFrom(out var from) && from.Uri.Host == AnonymousHost;

    /// <summary>The Contact as it stands beside that From: its host and port lead to us, its user says nothing (RFC 3323 §4.1.1.3).</summary>
    public static NameAddr Hidden(NameAddr contact, SipRequest? request) =>
        request is not null && IsAnonymous(request) ? contact with { Uri = contact.Uri with { User = "anonymous" } } : contact;

    /// <summary>OPTIONS to the registrar of an account that goes by this flow and no other, and needs no Exchange.</summary>
    public SipRequest OptionsBy(in Flow flow, Account account)
    {
        var request = RequestOutside(account, SipMethod.Options, account.Registrar);
        var local = Transport.LocalOf(flow);
        request.Headers.Insert(0, HeaderName.Via, Via.Create(flow.Transport, local.Ip.ToString(), TransportLayer.Named(local), NewBranch(), rport: true).ToString());
        return request;
    }

    /// <summary>A target as it may stand in To: without port and without what only routes a request (§19.1.1 table 1).</summary>
    private static SipUri Identity(SipUri target)
    {
        var parameters = target.Parameters;
        foreach (var name in (string[])["transport", "maddr", "ttl", "method", "lr"]) parameters = parameters.Without(name);
        return target with { Port = null, Headers = "", Parameters = parameters };
    }

    /// <summary>The answer to OPTIONS (§11.2).</summary>
    public SipResponse Abilities(SipRequest request)
    {
        var response = Response(request, 200);
        response.Headers.Add(HeaderName.Allow, Allow);
        response.Headers.Add(HeaderName.Accept, $"{MediaType.ApplicationSdp}, {MediaType.TextPlain}");
        response.Headers.Add(HeaderName.Supported, string.Join(", ", [.. Supported, .. Understood]));
        response.Headers.Add(HeaderName.AllowEvents, "refer");
        return response;
    }

    public bool Understands(string tag) => Supported.Contains(tag, StringComparer.OrdinalIgnoreCase) || Understood.Contains(tag, StringComparer.OrdinalIgnoreCase);

    public ReferralId NextReferral() => new(++_lastReferral);

    /// <summary>SUBSCRIBE to what we tell nobody (RFC 6665 §4.2.1.1).</summary>
    public void RefuseEvent(Instant now, Transaction transaction)
    {
        var refusal = Response(transaction.Request, 489);
        refusal.Headers.Add(HeaderName.AllowEvents, "refer");
        Transactions.Respond(now, transaction, refusal);
    }

    /// <summary>A server sent 503 with Retry-After: until then others are tried before it (RFC 3261 §21.5.4).</summary>
    public void Avoid(Address server, Instant until)
    {
        if (_avoided.Count < 64 || _avoided.ContainsKey(server)) _avoided[server] = until;
    }

    public bool IsAvoided(Instant now, Address server)
    {
        if (!_avoided.TryGetValue(server, out var until)) return false;
        if (now < until) return true;
        _avoided.Remove(server);
        return false;
    }

    /// <summary>A response to a request with our Server header; to-tag and Contact as given.</summary>
    public SipResponse Response(SipRequest request, int status, string? reason = null, string? toTag = null)
    {
        var response = SipResponse.For(request, status, reason, toTag ?? NewTag());
        if (Options.UserAgent.Length > 0) response.Headers.Add(HeaderName.Server, Options.UserAgent);
        return response;
    }
}
