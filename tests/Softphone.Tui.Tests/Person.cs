using System.Text;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>Somebody at the keyboard of a screen, without a phone behind it: presses keys, looks, and takes the commands that come out.</summary>
internal sealed class Person
{
    private readonly TuiMachine _tui;
    private readonly InputParser _parser = new();

    public Person(PhoneView view, int width = 100, int height = 30, TuiSetup? setup = null)
    {
        _tui = new TuiMachine(setup ?? new TuiSetup());
        Frame = new Surface(width, height);
        Now = view.Now;
        See(view);
    }

    public Instant Now { get; private set; }

    public Surface Frame { get; }

    public Session Session => _tui.Session;

    public string Screen => _tui.Session.Top.GetType().Name;

    /// <summary>The last row.</summary>
    public string Footer => Look().TextOf(Frame.Height - 1);

    /// <summary>A new view, at its own time.</summary>
    public void See(PhoneView view)
    {
        if (view.Now > Now) Now = view.Now;
        _tui.Show(Now, view);
    }

    /// <summary>Types the letters as they are; keys by name in angle brackets: "d202&lt;Enter&gt;", "&lt;Alt-3&gt;".</summary>
    public Person Type(string keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var end = keys[i] == '<' ? keys.IndexOf('>', i) : -1;
            _tui.Handle(Now, end > i + 1 ? Named(keys[(i + 1)..end]) : new InputEvent.Key(KeyCode.Character, new Rune(keys[i])));
            if (end > i + 1) i = end;
        }

        return this;
    }

    /// <summary>Octets as a terminal sends them.</summary>
    public void Send(string octets)
    {
        _parser.Feed(Now, Encoding.UTF8.GetBytes(octets));
        while (_parser.TryRead(out var input)) _tui.Handle(Now, input);
    }

    public void Paste(string text) => _tui.Handle(Now, new InputEvent.Paste(text));

    public void Click(int x, int y, MouseAction action = MouseAction.Press) => _tui.Handle(Now, new InputEvent.Mouse(action, 0, x, y, Modifiers.None));

    public void Wait(TimeSpan time)
    {
        Now += time;
        _tui.Advance(Now);
    }

    public Surface Look()
    {
        _tui.Draw(Frame);
        return Frame;
    }

    /// <summary>The only command that waits.</summary>
    public PhoneCommand Asked()
    {
        Assert.True(_tui.TryCommand(out var command), $"nothing was asked; {Footer}");
        Assert.False(_tui.TryCommand(out var more), $"{more}");
        return command;
    }

    public void AskedNothing() => Assert.False(_tui.TryCommand(out var command), $"{command}");

    /// <summary>Takes all commands that wait.</summary>
    public IReadOnlyList<PhoneCommand> Drain()
    {
        var commands = new List<PhoneCommand>();
        while (_tui.TryCommand(out var command)) commands.Add(command);
        return commands;
    }

    /// <summary>Where this text stands on the screen.</summary>
    public (int X, int Y) Find(string text)
    {
        Look();
        for (var y = 0; y < Frame.Height; y++)
            if (Frame.TextOf(y).IndexOf(text, StringComparison.Ordinal) is >= 0 and var x) return (x, y);
        Assert.Fail($"“{text}” is not on the screen:\n{Frame}");
        return default;
    }

    private static InputEvent.Key Named(string name)
    {
        var modifiers = Modifiers.None;
        if (name.StartsWith("Ctrl-", StringComparison.Ordinal)) (modifiers, name) = (Modifiers.Control, name[5..]);
        else if (name.StartsWith("Alt-", StringComparison.Ordinal)) (modifiers, name) = (Modifiers.Alt, name[4..]);
        if (name.Length == 1) return new InputEvent.Key(KeyCode.Character, new Rune(name[0]), modifiers);
        return name switch
        {
            "Space" => new InputEvent.Key(KeyCode.Character, new Rune(' '), modifiers),
            "Esc" => new InputEvent.Key(KeyCode.Escape, default, modifiers),
            "Shift-Tab" => new InputEvent.Key(KeyCode.BackTab),
            "PgUp" => new InputEvent.Key(KeyCode.PageUp, default, modifiers),
            "PgDn" => new InputEvent.Key(KeyCode.PageDown, default, modifiers),
            _ => new InputEvent.Key(Enum.Parse<KeyCode>(name), default, modifiers),
        };
    }
}
