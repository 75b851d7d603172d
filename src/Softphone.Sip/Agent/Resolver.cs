using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Runs one <see cref="Resolution"/> for each request that needs one and for the servers of each account, and carries its questions to the
/// shell and back. What led to a server once is remembered for when DNS is silent or fails.
/// </summary>
internal sealed class Resolver(AgentCore core)
{
    private static readonly Transport[] AllTransports = [Transport.Udp, Transport.Tcp, Transport.Tls];

    private readonly Queue<NameQuery> _questions = [];
    private readonly Dictionary<int, Lookup> _asked = [];
    private readonly NameMemory _memory = new();
    private int _lastId;

    public bool TryQuery(out NameQuery query) => _questions.TryDequeue(out query);

    /// <summary>Finds the targets; the user gets them at once when the host is numeric.</summary>
    public void Resolve(Instant now, SipUri uri, Transport? transport, IResolverUser user, bool prefersStream = false)
    {
        var resolution = new Resolution(
            uri, transport, core.Transport.Available(), core.Options.UseSrv, core.Transport.IsReachable, core.Entropy, prefersV4: core.Targets.PrefersV4(now), prefersStream: prefersStream);
        Continue(now, new Search(resolution, user));
    }

    /// <summary>Finds every place that a name leads to, whether we could send there now or not.</summary>
    public void ResolveAll(Instant now, SipUri uri, Transport? transport, IResolverUser user)
    {
        var resolution = new Resolution(uri, transport, AllTransports, core.Options.UseSrv, (_, _) => true, core.Entropy, isExhaustive: true);
        Continue(now, new Search(resolution, user));
    }

    public void Answer(Instant now, NameAnswer answer)
    {
        if (!_asked.Remove(answer.Id, out var asked)) return;
        if (!answer.Failed) _memory.NoteAnswer();
        // Where it failed nobody can tell a dead server from a name that is gone; what led to a server before may still do.
        Take(now, asked, answer.Failed && _memory.Find(asked.Question) is { } known ? known : answer);
    }

    public void Forget(IResolverUser user)
    {
        foreach (var (id, asked) in _asked.Where(pair => pair.Value.For.User == user).ToList())
        {
            _asked.Remove(id);
            core.Timers.Cancel((asked, SipTimer.Stale));
        }
    }

    private void Continue(Instant now, Search search)
    {
        while (search.Resolution.TryAsk(out var question))
        {
            var known = _memory.Find(question);
            // Whether DNS is back is learned all the same.
            _questions.Enqueue(new NameQuery(++_lastId, question.Name, question.Record));
            var lookup = new Lookup(this, question, search);
            _asked[_lastId] = lookup;
            if (known is null || !_memory.IsSilent(now))
            {
                if (known is not null) core.Timers.Set((lookup, SipTimer.Stale), now + NameMemory.Patience);
                continue;
            }

            lookup.IsTaken = true;
            search.Take(question, known);
        }

        if (!search.Resolution.IsDone) return;
        foreach (var lookup in _asked.Values.Where(lookup => lookup.For == search && !lookup.IsTaken))
        {
            // Asked besides and not needed.
            core.Timers.Cancel((lookup, SipTimer.Stale));
            lookup.IsTaken = true;
        }

        if (search.Resolution.Targets.Count > 0)
            foreach (var (question, answer) in search.Answers) _memory.Keep(question, answer);
        search.User.OnResolved(now, search.Resolution.Targets, search.Resolution.Last);
    }

    private void Take(Instant now, Lookup lookup, NameAnswer answer)
    {
        core.Timers.Cancel((lookup, SipTimer.Stale));
        if (lookup.IsTaken) return;
        lookup.IsTaken = true;
        lookup.For.Take(lookup.Question, answer);
        Continue(now, lookup.For);
    }

    private void UseKnown(Instant now, Lookup lookup)
    {
        _memory.NoteSilence(now);
        if (_memory.Find(lookup.Question) is { } known) Take(now, lookup, known);
    }

    /// <summary>The way to one server, and what was answered on it.</summary>
    private sealed class Search(Resolution resolution, IResolverUser user)
    {
        public Resolution Resolution { get; } = resolution;

        public IResolverUser User { get; } = user;

        public List<((string Name, NameRecord Record) Question, NameAnswer Answer)> Answers { get; } = [];

        public void Take((string Name, NameRecord Record) question, NameAnswer answer)
        {
            Answers.Add((question, answer));
            Resolution.Answer(question, answer);
        }
    }

    /// <summary>One question under way.</summary>
    private sealed class Lookup(Resolver owner, (string Name, NameRecord Record) question, Search search) : ITimed
    {
        public (string Name, NameRecord Record) Question { get; } = question;

        public Search For { get; } = search;

        /// <summary>Another answer was used; this one only tells that DNS is back.</summary>
        public bool IsTaken { get; set; }

        public void OnTimer(Instant now, SipTimer timer) => owner.UseKnown(now, this);
    }
}
