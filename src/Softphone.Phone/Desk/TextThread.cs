using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What a desk keeps of the texts between an account and somebody.</summary>
internal sealed class TextThread(string account, string peer)
{
    private readonly List<Kept> _texts = [];
    private ThreadView? _view;

    public string Account => account;

    public string Peer => peer;

    /// <summary>Where it was written to last; null before.</summary>
    public Softphone.Sip.SipUri? Target { get; set; }

    /// <summary>As the peer tells itself, cleaned; empty when it does not.</summary>
    public string ToldName { get; set; } = "";

    public string Name
    {
        get;
        set
        {
            if (field != value) _view = null;
            field = value;
        }
    } = "";

    public string Who => Name.Length > 0 ? Name : peer;

    public int Unread { get; private set; }

    public int Count => _texts.Count;

    /// <summary>The same object as long as nothing changed.</summary>
    public ThreadView View => _view ??= new ThreadView(account, peer, Name, [.. _texts.Select(t => t.View)], Unread);

    public void Add(TextId? id, TextView text)
    {
        _texts.Add(new Kept(id, text));
        if (!text.IsOurs) Unread++;
        _view = null;
    }

    /// <summary>What became of a text of ours; false when it is not kept any more.</summary>
    public bool Settle(TextId id, TextState state, string problem)
    {
        var at = _texts.FindLastIndex(t => t.Id == id);
        if (at < 0) return false;
        _texts[at] = new Kept(id, _texts[at].View with { State = state, Problem = problem });
        _view = null;
        return true;
    }

    /// <summary>Somebody has looked; false when there was nothing new.</summary>
    public bool See()
    {
        if (Unread == 0) return false;
        Unread = 0;
        _view = null;
        return true;
    }

    /// <summary>Forgets the oldest; gives how long it was.</summary>
    public int DropOldest()
    {
        var length = _texts[0].View.Text.Length;
        _texts.RemoveAt(0);
        Unread = Math.Min(Unread, _texts.Count(t => !t.View.IsOurs));
        _view = null;
        return length;
    }

    private readonly record struct Kept(TextId? Id, TextView View);
}
