namespace Softphone.Sdp;

/// <summary>A payload type for telephone-event (RFC 4733 §2.4) with its clock in Hz and the events that its writer takes, "0-15".</summary>
public readonly record struct TelephoneEventFormat(byte PayloadType, int ClockRate, string Events = "0-15")
{
    /// <summary>True when the list of events, such as "0-11,16", has this one in it.</summary>
    public bool Takes(int code)
    {
        foreach (var part in Events.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = part.IndexOf('-');
            if (!int.TryParse(dash < 0 ? part : part[..dash], out var from)) continue;
            var to = from;
            if (dash >= 0 && !int.TryParse(part.AsSpan(dash + 1), out to)) continue;
            if (code >= from && code <= to) return true;
        }

        return false;
    }
}
