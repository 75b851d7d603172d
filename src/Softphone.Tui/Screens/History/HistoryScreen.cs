using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Calls that are over.</summary>
public sealed class HistoryScreen : Screen
{
    private readonly ListView _list = new();

    public override string Title => "history";

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var history = session.View.History;
        var inner = Frame.Draw(surface, area, Title, hasFocus: true, $"{history.Count}");
        Table.Draw(surface, inner, [new Column("time", 5), new Column("peer", 0), new Column("result", 24)], history.Count,
            i => [history[i].At.ToString("HH:mm"), history[i].Peer, history[i].Reason], _list, hasFocus: true);
    }
}
