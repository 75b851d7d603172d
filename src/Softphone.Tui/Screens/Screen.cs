using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>What fills the terminal, or lies over another screen: draws itself from the session's view, and says which keys it knows.</summary>
public abstract class Screen
{
    /// <summary>In the title of a full screen or of a dialog's frame.</summary>
    public abstract string Title { get; }

    /// <summary>What can be done here; looked up before the keys that hold everywhere.</summary>
    public virtual IReadOnlyList<KeyBinding> Keys => [];

    /// <summary>True while keys are text: then no binding but those with Ctrl, Alt or a function key is looked up before <see cref="Handle"/>.</summary>
    public virtual bool TakesText => false;

    /// <summary>Lies over the screen below it, which is drawn first.</summary>
    public virtual bool IsOverlay => false;

    /// <summary>Input that is no binding of this screen; true when it was used.</summary>
    public virtual bool Handle(Session session, InputEvent input) => false;

    /// <summary>A new view is there; a screen whose call is gone closes itself here.</summary>
    public virtual void Refresh(Session session)
    {
    }

    /// <summary>It is off the stack: what it had asked for while it was open is given back.</summary>
    public virtual void Closed(Session session)
    {
    }

    /// <summary>Draws into the area, which is clear; header and footer are drawn by the <see cref="TuiMachine"/> unless it is an overlay.</summary>
    public abstract void Draw(Session session, Surface surface, Rect area);
}
