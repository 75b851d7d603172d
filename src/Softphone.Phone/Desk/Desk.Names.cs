using Softphone.Core;

namespace Softphone.Phone;

/// <summary>Questions of all phones to one resolver: each phone counts its own from 1, so that they are numbered anew.</summary>
public sealed partial class Desk
{
    private readonly Dictionary<int, (DeskLine Line, int Id)> _asked = [];
    private int _lastQuery;

    /// <summary>Takes the next question for the shell's resolver.</summary>
    public bool TryQuery(out NameQuery query)
    {
        foreach (var line in _driven)
        {
            if (!line.Phone.TryQuery(out query)) continue;
            _asked[++_lastQuery] = (line, query.Id);
            query = query with { Id = _lastQuery };
            return true;
        }

        query = default;
        return false;
    }

    /// <summary>The resolver's answer.</summary>
    public void Resolved(Instant now, NameAnswer answer)
    {
        if (!_asked.Remove(answer.Id, out var asked)) return;
        Guard(now, asked.Line.Account.Name, "a name's answer", () => asked.Line.Phone.Resolved(now, answer with { Id = asked.Id }));
        Settle(now);
    }
}
