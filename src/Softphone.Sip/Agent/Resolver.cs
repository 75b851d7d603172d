using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Runs one <see cref="Resolution"/> for each request that needs one, and carries its questions to the shell and back.</summary>
internal sealed class Resolver(AgentCore core)
{
    private readonly Queue<NameQuery> _questions = [];
    private readonly Dictionary<int, (Resolution Resolution, Exchange For)> _asked = [];
    private int _lastId;

    public bool TryQuery(out NameQuery query) => _questions.TryDequeue(out query);

    /// <summary>Finds the targets; the exchange gets them at once when the host is numeric.</summary>
    public void Resolve(Instant now, SipUri uri, Transport? transport, Exchange exchange)
    {
        var resolution = new Resolution(uri, transport, core.Transport.Available(), core.Options.UseSrv, core.Transport.IsReachable, core.Entropy);
        Continue(now, resolution, exchange);
    }

    public void Answer(Instant now, NameAnswer answer)
    {
        if (!_asked.Remove(answer.Id, out var asked)) return;
        asked.Resolution.Answer(answer);
        Continue(now, asked.Resolution, asked.For);
    }

    public void Forget(Exchange exchange)
    {
        foreach (var id in _asked.Where(pair => pair.Value.For == exchange).Select(pair => pair.Key).ToList()) _asked.Remove(id);
    }

    private void Continue(Instant now, Resolution resolution, Exchange exchange)
    {
        if (resolution.Question is not { } question)
        {
            exchange.OnResolved(now, resolution.Targets);
            return;
        }

        _asked[++_lastId] = (resolution, exchange);
        _questions.Enqueue(new NameQuery(_lastId, question.Name, question.Record));
    }
}
