using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Drawing: header, the full screen on top, what lies over it, footer.</summary>
public sealed partial class TuiMachine
{
    private const int LeastWidth = 40;
    private const int LeastHeight = 10;

    private readonly Footer _footer = new();
    private readonly Banner _banner = new();

    public void Draw(Surface surface)
    {
        surface.Clear();
        if (surface.Width < LeastWidth || surface.Height < LeastHeight)
        {
            DrawTooSmall(surface);
            return;
        }

        var (header, rest) = surface.Bounds.CutRows(1);
        var (footer, area) = rest.CutRows(-1);
        Header.Draw(_session, surface, header);
        _banner.Clear();
        if (_session.Incoming is { } incoming)
        {
            (var banner, area) = area.CutRows(1);
            _banner.Draw(_session, incoming, surface, banner);
        }

        if (Told(_session) is { Length: > 0 } told)
        {
            (var row, area) = area.CutRows(-1);
            surface.Write(row.X + 1, row.Y, told, Style.Dim, row.Width - 2);
        }

        var first = _session.Screens.Count - 1;
        while (first > 0 && _session.Screens[first].IsOverlay) first--;
        _footer.Draw(_session, surface, footer);
        for (var i = first; i < _session.Screens.Count; i++)
        {
            // The cursor belongs to whoever has the keys.
            surface.Cursor = null;
            _session.Screens[i].Draw(_session, surface, area);
        }

        _footer.DrawNotice(_session, surface, footer);
    }

    /// <summary>What stands above the footer all the time.</summary>
    private static string Told(Session session) => session.View.Notice.Length > 0 ? session.View.Notice : session.Setup.Demo;

    private void DrawTooSmall(Surface surface)
    {
        var middle = surface.Height / 2;
        Centre(surface, middle, surface.Width < 24 ? $"needs {LeastWidth}×{LeastHeight}" : $"softphone needs {LeastWidth}×{LeastHeight}", Style.Bold);
        Centre(surface, middle + 1, $"this is {surface.Width}×{surface.Height}", Style.Plain);
        if (_session.Call is { State: not CallState.Ended } call && middle > 0)
            Centre(surface, middle - 1, $"{Marks.Of(call).Word} {Wording.Who(call)} {Wording.Clock(call.Age(_session.View.Now))}", Marks.Of(call).Style);
    }

    private static void Centre(Surface surface, int y, string text, Style style) =>
        surface.Write(Math.Max((surface.Width - GlyphWidth.Of(text)) / 2, 0), y, text, style);
}
