using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// What a <see cref="SipDialogTable"/> keeps of one Call-ID. Messages are only ever added behind the used part of an array, so that what
/// <see cref="Snapshot"/> gave may be read by another thread while more come.
/// </summary>
internal sealed class DialogRun
{
    /// <summary>A message that is the same as one of so many before it, between the same two, was sent again.</summary>
    private const int LooksBack = 12;

    /// <summary>The method of a response that does not say which it answers.</summary>
    private const string Nameless = "?";

    private readonly long _number;
    private readonly SipDialogKind _kind;
    private readonly string _method;
    private readonly string _from;
    private readonly string _to;
    private readonly SipTrace.Message _first;
    private SipTrace.Message[] _messages = new SipTrace.Message[4];
    private SipDialog? _snapshot;
    private SipDialogState _state = SipDialogState.Trying;
    private (int Status, string Reason) _final = (0, "");
    private Instant _last;
    private Instant? _askedAt;
    private bool _isProceeding;
    private bool _isCancelled;

    /// <summary>The request that waits takes back what it made: a binding, a subscription.</summary>
    private bool _isLeaving;
    private bool _hasFailed;
    private int _start;
    private int _kept;
    private int _count;

    public DialogRun(long number, SipTrace.Message first)
    {
        // The text goes with the message.
        (_number, _first) = (number, first with { Text = "" });
        var named = MaskedText.IsRequest(first.StartLine) ? MaskedText.NameOf(first.StartLine) : MaskedText.MethodOf(first.Text);
        _method = named.Length > 0 ? named : Nameless;
        _kind = SipDialogKinds.Of(_method);
        (_from, _to) = (Address(first, HeaderName.From), Address(first, HeaderName.To));
    }

    /// <summary>The first message, which gave it its name; it may be kept no more.</summary>
    public SipTrace.Message First => _first;

    /// <summary>Nothing of it is kept any more.</summary>
    public bool IsEmpty => _kept == 0;

    /// <summary>Something in it went wrong, or somebody talked: such messages are wanted longer than those of everyday.</summary>
    public bool IsWorthKeeping => _hasFailed || _kind is SipDialogKind.Call or SipDialogKind.Message;

    /// <summary>The same object until something changes.</summary>
    public SipDialog Snapshot => _snapshot ??= new SipDialog(_number, _first.Source, _first.CallId, _kind, _method)
    {
        From = _from,
        To = _to,
        Source = _first.IsSent ? _first.Local : _first.Remote,
        Target = _first.IsSent ? _first.Remote : _first.Local,
        Transport = _first.Transport,
        IsSent = _first.IsSent,
        Messages = new ArraySegment<SipTrace.Message>(_messages, _start, _kept),
        Count = _count,
        First = _first.At,
        Last = _last,
        Status = _final.Status,
        Reason = _final.Reason,
        State = _state,
        AskedAt = _askedAt,
        IsProceeding = _isProceeding,
    };

    /// <summary>Adds a message; gives it as it is kept.</summary>
    public SipTrace.Message Add(SipTrace.Message message)
    {
        // Our own transactions know what they send again; of others the text tells.
        if (message is { Source.Length: 0, IsRepeat: false } && WasThere(message)) message = message with { IsRepeat = true };
        if (_start + _kept == _messages.Length) MakeRoom();
        _messages[_start + _kept++] = message;
        _count++;
        _last = message.At;
        _snapshot = null;
        Follow(message);
        return message;
    }

    /// <summary>Forgets the oldest message, and gives it.</summary>
    public SipTrace.Message Drop()
    {
        // It stays in the array, which readers may have, until that is left for another one.
        var dropped = _messages[_start++];
        _kept--;
        _snapshot = null;
        if (_start > 16 && _start > _kept) MakeRoom();
        return dropped;
    }

    private void MakeRoom()
    {
        var room = new SipTrace.Message[Math.Max(2 * _kept, 4)];
        Array.Copy(_messages, _start, room, 0, _kept);
        (_messages, _start) = (room, 0);
    }

    private bool WasThere(SipTrace.Message message)
    {
        for (var i = _kept - 1; i >= Math.Max(_kept - LooksBack, 0); i--)
        {
            var other = _messages[_start + i];
            if (other.Local == message.Local && other.Remote == message.Remote && other.Text == message.Text) return true;
        }

        return false;
    }

    private void Follow(SipTrace.Message message)
    {
        if (MaskedText.IsRequest(message.StartLine)) OnRequest(message, MaskedText.NameOf(message.StartLine));
        else if (IsMain(MaskedText.MethodOf(message.Text))) OnResponse(message, MaskedText.StatusOf(message.StartLine));
    }

    private void OnRequest(SipTrace.Message request, string method)
    {
        if (IsMain(method))
        {
            if (request.IsRepeat) return;
            if (method == SipMethod.Ack)
            {
                _state = SipDialogState.Up;
                return;
            }

            (_askedAt, _isProceeding) = (request.At, false);
            _isLeaving = MaskedText.Header(request.Text, HeaderName.Expires) is "0" || IsLast(MaskedText.AllHold(request.Text, HeaderName.Contact, "expires=0"));
            if (_state is SipDialogState.Up or SipDialogState.Ringing) return;
            (_state, _final) = (SipDialogState.Trying, (0, ""));
            return;
        }

        switch (method)
        {
            case SipMethod.Bye when _kind == SipDialogKind.Call:
                (_state, _askedAt) = (SipDialogState.Ended, null);
                break;
            case SipMethod.Cancel:
                _isCancelled = true;
                break;
            case SipMethod.Notify when _kind == SipDialogKind.Subscription:
                OnNotify(MaskedText.Header(request.Text, HeaderName.SubscriptionState));
                break;
        }

        // "expires=0" also begins "expires=05"; nobody writes that.
        bool IsLast(bool all) => all && _kind == SipDialogKind.Registration;
    }

    private void OnNotify(ReadOnlySpan<char> state)
    {
        if (state.StartsWith("terminated", StringComparison.OrdinalIgnoreCase)) _state = SipDialogState.Ended;
        else if (_state == SipDialogState.Trying) _state = SipDialogState.Up;
    }

    private void OnResponse(SipTrace.Message response, int status)
    {
        if (status < 100) return;
        if (status < 200)
        {
            _isProceeding = true;
            if (status > 100 && _kind == SipDialogKind.Call && _state is SipDialogState.Trying or SipDialogState.Challenged) _state = SipDialogState.Ringing;
            return;
        }

        _askedAt = null;
        // What became of an offer in the middle of a call, and of the other branches of one that was taken, ends nothing.
        if (_kind == SipDialogKind.Call && _state is SipDialogState.Up or SipDialogState.Ended) return;
        _final = (status, MaskedText.NameOf(response.StartLine) is { Length: > 4 } name ? name[4..] : "");
        _state = status switch
        {
            < 300 => Accepted(),
            < 400 => SipDialogState.Redirected,
            401 or 407 => SipDialogState.Challenged,
            _ when _isCancelled => SipDialogState.Cancelled,
            _ => SipDialogState.Refused,
        };
        _hasFailed |= _state == SipDialogState.Refused;
    }

    private SipDialogState Accepted()
    {
        var isLasting = _kind is SipDialogKind.Call or SipDialogKind.Registration || (_kind == SipDialogKind.Subscription && _method != SipMethod.Notify);
        return !isLasting ? SipDialogState.Answered : _isLeaving || _method == SipMethod.Bye ? SipDialogState.Ended : SipDialogState.Up;
    }

    /// <summary>The request whose answer decides where it stands.</summary>
    private bool IsMain(string method) => method == _method || (_kind == SipDialogKind.Call && method == SipMethod.Invite) || (method.Length == 0 && _method == Nameless);

    private static string Address(SipTrace.Message message, string header) => PlainText.Clean(MaskedText.AddressOf(MaskedText.Header(message.Text, header)), 256);
}
