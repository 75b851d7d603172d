using Softphone.Core;

namespace Softphone.Phone;

/// <summary>What stands between the phones of a desk, and between them and the person: what one of them throws is told, and the others go on.</summary>
public sealed partial class Desk
{
    private readonly Respite _mixing = new();
    private Instant _settledAt;

    private void Guard(Instant now, string account, string where, Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            Report(now, account, where, e);
        }
    }

    private void Advance(Instant now, DeskLine line)
    {
        try
        {
            line.Phone.Advance(now);
            line.Respite.Worked();
        }
        catch (Exception e)
        {
            line.Respite.Failed(now);
            Report(now, line.Account.Name, "a timer", e);
        }
    }

    private void Remind(Instant now, (DeskTimer Kind, CallId Call) timer)
    {
        try
        {
            OnTimer(now, timer);
        }
        catch (Exception e)
        {
            Report(now, "", "a timer", e);
        }
    }

    private void Route(Instant now)
    {
        try
        {
            RoutePorts();
            UpdateTones(now);
        }
        catch (Exception e)
        {
            Report(now, "", "who hears whom", e);
        }
    }

    /// <summary>Microphone, loudspeaker and recordings are its shell's, and may throw whatever they like: no call ends for that.</summary>
    private void Mix(Instant now)
    {
        if (_mixing.Delay(now) > now) return;
        try
        {
            _mixer.Advance(now);
            _mixing.Worked();
        }
        catch (Exception e)
        {
            _mixing.Failed(now);
            Report(now, "", "the sound", e);
        }
    }

    private void Take(Instant now, DeskLine line, PhoneEvent happened)
    {
        try
        {
            if (happened is PhoneEvent.Broke broke) Report(now, line.Account.Name, broke.Where, broke.Error);
            else On(line, happened);
            Happened?.Invoke(line.Account, happened);
        }
        catch (Exception e)
        {
            Report(now, line.Account.Name, $"the event {happened.GetType().Name}", e);
        }
    }

    private void End(Instant now, DeskLine line)
    {
        if (line.IsStarted) Guard(now, line.Account.Name, "hanging up", () => line.Phone.Shutdown(now));
        else line.IsDown = true;
    }

    /// <summary>What comes again and again is told the person once.</summary>
    private void Report(Instant now, string account, string where, Exception error)
    {
        Broke?.Invoke(now, account.Length == 0 ? where : $"{where} of {account}", error);
        if (_reported.Count >= MostReported || !_reported.Add((where, error.GetType()))) return;
        Problem(now, $"{(account.Length == 0 ? "" : $"{account}: ")}an error of this program ({error.GetType().Name} at {where})", "calls and accounts that it does not concern go on; please report it");
    }

    private const int MostReported = 16;

    private readonly HashSet<(string Where, Type Error)> _reported = [];
}
