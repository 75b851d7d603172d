using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Sound devices with their levels, and the accounts.</summary>
public sealed class SettingsScreen : Screen
{
    public override string Title => "settings";

    public override void Draw(Session session, Surface surface, Rect area)
    {
        var inner = Frame.Draw(surface, area, Title, hasFocus: true);
        var audio = session.View.Audio;
        surface.Write(inner.X + 1, inner.Y, $"Microphone   {audio.Input.Chosen}");
        surface.Write(inner.X + 1, inner.Y + 1, $"Loudspeaker  {audio.Output.Chosen}");
        surface.Write(inner.X + 1, inner.Y + 2, $"Ringing      {audio.Ring.Chosen}");
    }
}
