using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>A full screen that is one list with a filter: a filter that is open takes the keys, the others move in the list, a click selects.</summary>
public abstract class ListScreen : Screen
{
    public sealed override bool TakesText => Filter.IsOpen;

    /// <summary>The selection.</summary>
    private protected ListView List { get; } = new();

    /// <summary>What rows must have to be shown.</summary>
    private protected ListFilter Filter { get; } = new();

    /// <summary>Where the rows were drawn, headings left out.</summary>
    private protected Rect Body { get; set; }

    /// <summary>Rows that are seen at once.</summary>
    private protected int Page { get; set; } = 10;

    /// <summary>Rows that pass the filter.</summary>
    private protected abstract int Count { get; }

    public sealed override bool Handle(Session session, InputEvent input)
    {
        if (Filter.Handle(input))
        {
            Refresh(session);
            return true;
        }

        switch (input)
        {
            case InputEvent.Key { Code: KeyCode.Escape } when Filter.Clear():
                Refresh(session);
                return true;
            case InputEvent.Key key:
                return List.Handle(key, Count, Page);
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } mouse when mouse.Y >= Body.Y && mouse.Y < Body.Bottom && List.Top + mouse.Y - Body.Y < Count:
                List.Select(List.Top + mouse.Y - Body.Y, Count);
                return true;
            default:
                return false;
        }
    }
}
