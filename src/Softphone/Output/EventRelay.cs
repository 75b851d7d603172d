namespace Softphone.Cli;

/// <summary>
/// Events of a thread of their own, such as that of the sound devices. While a phone runs they take their place among its events, so that all are
/// written in the order of their time; before and after they are written at once.
/// </summary>
internal sealed class EventRelay(IEventWriter direct) : IEventWriter
{
    private readonly Lock _gate = new();
    private Action<OutputEvent>? _phone;

    public void Write(OutputEvent happened)
    {
        lock (_gate)
        {
            if (_phone is { } phone) phone(happened);
            else direct.Write(happened);
        }
    }

    /// <summary>From now on events go to a phone that runs, or with null to the output again.</summary>
    public void LeadTo(Action<OutputEvent>? phone)
    {
        lock (_gate) _phone = phone;
    }
}
