using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The callee's side of RFC 3262 for one INVITE: its provisional responses have numbers, each is repeated at T1 and then at twice the pause until
/// its PRACK comes, and the next waits for that.
/// </summary>
/// <param name="core">Timers, chance and the way out.</param>
/// <param name="server">The INVITE.</param>
/// <param name="make">Makes a provisional response of a status and a description.</param>
/// <param name="unheard">Called when nobody has acknowledged one for 64·T1.</param>
internal sealed class ReliableProgress(AgentCore core, Transaction server, Func<int, ReadOnlyMemory<byte>, SipResponse> make, Action<Instant> unheard) : ITimed
{
    private readonly List<(int Status, ReadOnlyMemory<byte> Sdp)> _waiting = [];
    private readonly bool _hasOffer = !MessageBody.SdpOf(server.Request).IsEmpty;
    private uint _number;
    private (SipResponse Response, bool Describes)? _open;
    private TimeSpan _interval;
    private Instant _end;
    private bool _isOver;

    /// <summary>Our description, the answer or an offer, has gone out in one: the 2xx has none then (RFC 3261 §13.2.1).</summary>
    public bool IsDescribed { get; private set; }

    /// <summary>Offer and answer are complete, and both sides know it.</summary>
    public bool IsAgreed { get; set; }

    /// <summary>Our offer went out in one, and its PRACK, which is to answer it, has not come.</summary>
    public bool IsOffering => IsDescribed && !IsAgreed && !_hasOffer;

    /// <summary>A 2xx waits for the PRACK of what has a description in it (§3).</summary>
    public bool MayAccept => _open is not { Describes: true };

    /// <summary>What is to be accepted with, once it may.</summary>
    public ReadOnlyMemory<byte>? Accepting { get; set; }

    /// <summary>Sends a provisional response, or has it wait. The first to an INVITE without an offer has one, or is not sent (§5).</summary>
    public void Send(Instant now, int status, ReadOnlyMemory<byte> sdp)
    {
        if (_isOver) return;
        if (IsDescribed || _waiting.Exists(w => !w.Sdp.IsEmpty)) sdp = default;
        if (!_hasOffer && !IsDescribed && _waiting.Count == 0 && sdp.IsEmpty) return;
        // Of those without a description only the newest has anything to say.
        if (_waiting.Count > 0 && _waiting[^1].Sdp.IsEmpty) _waiting.RemoveAt(_waiting.Count - 1);
        _waiting.Add((status, sdp));
        if (_open is null) SendNext(now);
    }

    /// <summary>Takes a PRACK. False when it acknowledges nothing that is open.</summary>
    /// <param name="rack">What it names.</param>
    /// <param name="wasOffer">What it acknowledges was our offer: the answer is in the PRACK.</param>
    public bool TryTake(RAck rack, out bool wasOffer)
    {
        wasOffer = IsOffering;
        if (_open is not { } open || rack.Number != _number || rack.Method != SipMethod.Invite) return false;
        if (!server.Request.Headers.TryCSeq(out var cseq) || rack.CSeq != cseq.Number) return false;
        _open = null;
        core.Timers.Cancel((this, SipTimer.Reliable));
        wasOffer &= open.Describes;
        IsAgreed |= open.Describes && _hasOffer;
        return true;
    }

    /// <summary>The next one, if any waits.</summary>
    public void SendNext(Instant now)
    {
        if (_isOver || _open is not null || _waiting.Count == 0) return;
        var (status, sdp) = _waiting[0];
        _waiting.RemoveAt(0);
        // The first number is drawn, so that nobody acknowledges what he has not got (§3).
        _number = _number == 0 ? 1 + (uint)core.Entropy.NextInt(int.MaxValue) : _number + 1;
        var response = make(status, sdp);
        response.Headers.Add(HeaderName.Require, OptionTags.Prack);
        response.Headers.Add(HeaderName.RSeq, _number.ToString(CultureInfo.InvariantCulture));
        _open = (response, !sdp.IsEmpty);
        IsDescribed |= !sdp.IsEmpty;
        core.Transactions.Respond(now, server, response);
        _interval = core.Options.T1;
        _end = now + core.Transactions.Timers.Limit;
        core.Timers.Set((this, SipTimer.Reliable), now + _interval);
    }

    /// <summary>A final response goes out: nothing more is sent, and a PRACK that is under way is still taken (§3).</summary>
    public void Finish()
    {
        _isOver = true;
        _waiting.Clear();
        Accepting = null;
        core.Timers.Cancel((this, SipTimer.Reliable));
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        if (_isOver || _open is not { } open) return;
        if (now >= _end)
        {
            unheard(now);
            return;
        }

        core.Transactions.Respond(now, server, open.Response);
        _interval *= 2;
        core.Timers.Set((this, SipTimer.Reliable), now + _interval < _end ? now + _interval : _end);
    }
}
