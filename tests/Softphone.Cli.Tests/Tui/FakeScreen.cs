using System.Text;
using Softphone.Terminal;

namespace Softphone.Cli.Tests;

/// <summary>A terminal that renders what is shown and remembers it.</summary>
internal sealed class FakeScreen : IScreen
{
    private readonly Renderer _renderer = new(new TerminalFeatures(true, ColorMode.None, false));

    /// <summary>Frames that put something on the wire.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>How often a frame was drawn, whether it changed anything or not.</summary>
    public int Drawn { get; private set; }

    public StringBuilder Sent { get; } = new();

    public string Text { get; private set; } = "";

    public bool IsShown { get; set; } = true;

    public bool IsForeground { get; set; } = true;

    public bool IsGone { get; set; }

    public int Suspensions { get; private set; }

    public (int Width, int Height) Size { get; set; } = (100, 30);

    public bool Show(Surface frame)
    {
        Drawn++;
        Text = frame.ToString();
        var octets = _renderer.Draw(frame);
        if (!octets.IsEmpty) Frames.Add(octets.ToArray());
        return !IsGone;
    }

    public void Send(ReadOnlySpan<byte> octets) => Sent.Append(Encoding.UTF8.GetString(octets));

    public void Use(Theme theme) => _renderer.Theme = theme;

    public void Forget() => _renderer.Forget();

    public void Suspend()
    {
        Suspensions++;
        IsShown = IsForeground;
    }

    public bool Resume() => IsShown = IsForeground;
}
