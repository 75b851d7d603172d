namespace Softphone.Phone;

/// <summary>Numbers calls from 1. Phones of one desk share one, so that a call's number names it among all of them.</summary>
public sealed class CallNumbering
{
    private int _last;

    public CallId Next() => new(++_last);
}
