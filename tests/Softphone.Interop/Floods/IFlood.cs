namespace Softphone.Interop;

/// <summary>Strangers who send from the moment they are made until they are disposed.</summary>
internal interface IFlood : IDisposable
{
    /// <summary>Messages sent, or connections opened, so far.</summary>
    int Sent { get; }
}
