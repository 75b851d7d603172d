using Softphone.Core;

namespace Softphone.Media;

/// <summary>What protects one kind of packets of a stream, or both kinds: our key and the peer's, and whether they are in force.</summary>
internal sealed class GateLane(Trace trace, string name) : IDisposable
{
    private SrtpReceiver? _receiver;

    /// <summary>The last key of ours that was in force; what it has done is kept without it too: a branch that rang, and answers after another, brings it again.</summary>
    private SrtpSender? _sender;
    private bool _isWornTold;

    /// <summary>Keys are in force.</summary>
    public bool IsSecure { get; private set; }

    /// <summary>Keys will come, and until then nothing passes.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Packets that were the peer's.</summary>
    public long Taken { get; private set; }

    /// <summary>Ends protection, begins it, or goes on with other keys; counters of a source go on (RFC 3711 §3.3.1).</summary>
    /// <returns>Our packets are protected with a key that is new.</returns>
    public bool Secure(Instant now, MediaSecurity? security, bool isAwaited)
    {
        var was = IsSecure;
        IsSecure = security is not null;
        IsWaiting = security is null && isAwaited;
        if (security is null)
        {
            if (was && !IsWaiting && trace.IsOn) trace.Emit(new MediaTrace.Secured(now, name, ""));
            return false;
        }

        if (_receiver is null) _receiver = new SrtpReceiver(security.Receive);
        else _receiver.Change(security.Receive);
        var isNew = _sender?.Key.Equals(security.Send) != true;
        if (isNew)
        {
            // A peer that was plain in between has let go of its counters (RFC 3711 §3.3.1), and counts from the beginning under the new key.
            var before = _sender;
            _sender = new SrtpSender(security.Send, was && !security.StartsAnew ? before : null);
            before?.Dispose();
            _isWornTold = false;
        }

        if ((isNew || !was) && trace.IsOn) trace.Emit(new MediaTrace.Secured(now, name, security.Send.Suite.Name));
        return isNew;
    }

    /// <summary>Protects a packet in place where keys are in force; false where it may not leave.</summary>
    public bool TryProtect(Span<byte> buffer, ref int length, bool isReport)
    {
        if (IsWaiting) return false;
        if (!IsSecure || _sender is not { } sender) return true;
        var isGood = isReport ? sender.TryProtectRtcp(buffer, length, out var protectedLength) : sender.TryProtect(buffer, length, out protectedLength);
        length = protectedLength;
        return isGood;
    }

    /// <summary>True once for each key: it has nearly done what a key may.</summary>
    public bool IsWorn()
    {
        if (!IsSecure || _isWornTold || _sender?.IsWorn != true) return false;
        _isWornTold = true;
        return true;
    }

    /// <summary>Opens a packet in place; keys are in force.</summary>
    public SrtpVerdict Open(Span<byte> packet, bool isReport, out int length)
    {
        var verdict = isReport ? _receiver!.OpenRtcp(packet, out length) : _receiver!.Open(packet, out length);
        if (verdict == SrtpVerdict.Taken) Taken++;
        return verdict;
    }

    public void Dispose()
    {
        _sender?.Dispose();
        _receiver?.Dispose();
    }
}
