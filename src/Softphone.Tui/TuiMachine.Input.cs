using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>Input: keys that are no text go to bindings first, the screen on top has all others, and what it leaves goes to the keys that hold everywhere.</summary>
public sealed partial class TuiMachine
{
    private const int LongestDtmf = 64;

    public void Handle(Instant now, InputEvent input)
    {
        _session.Now = now;
        switch (input)
        {
            case InputEvent.Key key:
                Press(key);
                break;
            case InputEvent.Mouse { Action: MouseAction.Press, Button: 0 } mouse when (_banner.At(mouse.X, mouse.Y) ?? _footer.At(mouse.X, mouse.Y)) is { } binding:
                _session.Do(binding);
                break;
            case InputEvent.Paste paste when !_session.Top.Handle(_session, paste):
                Paste(paste.Text);
                break;
            case InputEvent.Mouse or InputEvent.Focus:
                _session.Top.Handle(_session, input);
                break;
        }
    }

    private void Press(InputEvent.Key key)
    {
        var top = _session.Top;
        if (top.TakesText)
        {
            if ((KeyNames.IsSpecial(key) && TryDo(top.Keys, key)) || top.Handle(_session, key)) return;
            var isText = key.Code == KeyCode.Character && !KeyNames.IsSpecial(key);
            if (!isText && !TryDo(top.Keys, key)) TryDo(_session.Global, key);
            return;
        }

        if (TryDo(top.Keys, key) || top.Handle(_session, key) || TryDo(_session.Global, key)) return;
        if (_session.Setup.Capture is null && KeyNames.Digit(key) is { } digit) Bindings.Digits(_session, digit.ToString());
    }

    private bool TryDo(IReadOnlyList<KeyBinding> bindings, InputEvent.Key key)
    {
        for (var i = 0; i < bindings.Count; i++)
        {
            if (!_session.Keys.Matches(bindings[i], key)) continue;
            _session.Do(bindings[i]);
            return true;
        }

        return false;
    }

    /// <summary>A number is dialled, or sent to the call that talks; anything else is somebody to call.</summary>
    private void Paste(string text)
    {
        var keys = text.Trim();
        if (_session.Top.TakesText || keys.Length == 0 || _session.Setup.Capture is not null) return;
        if (keys.Length <= LongestDtmf && keys.All(c => c is (>= '0' and <= '9') or '*' or '#')) Bindings.Digits(_session, keys);
        else _session.Open(new DialScreen(keys));
    }
}
