using System.Globalization;

namespace Softphone.Sip;

/// <summary>
/// The state two ends share (RFC 3261 §12): identities, sequence numbers, route set, remote target. The only place that builds a
/// request within a dialog (§12.2.1.1), ACK included.
/// </summary>
internal sealed class Dialog
{
    private readonly string _local;
    private readonly string _remote;
    private uint _localSeq;
    private uint? _remoteSeq;

    private Dialog(DialogKey key, string local, string remote, uint localSeq, uint? remoteSeq, IReadOnlyList<NameAddr> routeSet, SipUri remoteTarget, bool isCaller)
    {
        Key = key;
        _local = local;
        _remote = remote;
        _localSeq = localSeq;
        _remoteSeq = remoteSeq;
        RouteSet = routeSet;
        RemoteTarget = remoteTarget;
        IsCaller = isCaller;
    }

    public DialogKey Key { get; }

    /// <summary>Routes in the order in which our requests take them.</summary>
    public IReadOnlyList<NameAddr> RouteSet { get; private set; }

    public SipUri RemoteTarget { get; private set; }

    /// <summary>True for the one who made the Call-ID: it waits longer after a 491 (§14.1).</summary>
    public bool IsCaller { get; }

    /// <summary>Who the peer is, as From or To named it; null when that cannot be read.</summary>
    public SipUri? RemoteIdentity => NameAddr.TryParse(_remote, out var identity, out _) ? identity.Uri : null;

    /// <summary>Methods that the peer said it allows; empty when it did not say.</summary>
    public IReadOnlyList<string> RemoteAllow { get; private set; } = [];

    /// <summary>Info Packages that the peer takes (RFC 6086 §5.2.3).</summary>
    public IReadOnlyList<string> RemotePackages { get; private set; } = [];

    /// <summary>
    /// The request that made it came from a server of the account, or went to one. Only then may what is asked in it be a server's question:
    /// anybody can write a route through our server into a dialog of its own.
    /// </summary>
    public bool CameByServer { get; set; }

    /// <summary>The Contact that we gave last; null before the first.</summary>
    public string? ToldContact { get; set; }

    /// <summary>The dialog of a response to our request: Record-Route reversed (§12.1.2). Null when the response makes none.</summary>
    public static Dialog? ForClient(SipRequest request, SipResponse response)
    {
        if (!response.Headers.TryTo(out var to) || !request.Headers.TryFrom(out var from) || !request.Headers.TryCSeq(out var cseq)) return null;
        // A peer of RFC 2543 may leave out the tag, and then its dialog has the empty one (§12.1.2).
        var key = new DialogKey(request.Headers.CallId ?? "", from.Tag ?? "", to.Tag ?? "");
        var target = response.Headers.TryContact(out var contact) && contact.Uri.IsSip ? contact.Uri : request.RequestUri;
        var dialog = new Dialog(key, request.Headers.Get(HeaderName.From)!, response.Headers.Get(HeaderName.To)!, cseq.Number, null,
            [.. response.Headers.RecordRoutes().Reverse()], target, isCaller: true);
        dialog.Learn(response);
        dialog.ToldContact = request.Headers.Get(HeaderName.Contact);
        return dialog;
    }

    /// <summary>The dialog of a request that we answer: Record-Route in order (§12.1.1). Null when the request cannot make one.</summary>
    public static Dialog? ForServer(SipRequest request, string localTag)
    {
        var headers = request.Headers;
        if (!headers.TryFrom(out var from) || !headers.TryTo(out var to) || !headers.TryCSeq(out var cseq)) return null;
        var target = headers.TryContact(out var contact) && contact.Uri.IsSip ? contact.Uri : from.Uri;
        var key = new DialogKey(headers.CallId ?? "", localTag, from.Tag ?? "");
        var dialog = new Dialog(key, to.WithTag(localTag).ToString(), headers.Get(HeaderName.From)!, 0, cseq.Number, headers.RecordRoutes(), target, isCaller: false);
        dialog.Learn(request);
        return dialog;
    }

    /// <summary>The next local sequence number (RFC 3261 §12.2.1.1).</summary>
    public uint NextSeq() => ++_localSeq;

    /// <summary>Whether a request's number is in order, and if so takes it; a lower or equal one is owed 500 (§12.2.2).</summary>
    public bool TakeRemoteSeq(uint number)
    {
        if (_remoteSeq is { } last && number <= last) return false;
        _remoteSeq = number;
        return true;
    }

    /// <summary>A target refresh: re-INVITE, UPDATE and their 2xx move the remote target, never the route set (§12.2.1.2, §12.2.2).</summary>
    public void Refresh(SipMessage message)
    {
        if (message.Headers.TryContact(out var contact) && contact.Uri.IsSip) RemoteTarget = contact.Uri;
        Learn(message);
    }

    /// <summary>The first 2xx says the route set anew: proxies may add themselves only there (§13.2.2.4).</summary>
    public void Confirm(SipResponse response)
    {
        RouteSet = [.. response.Headers.RecordRoutes().Reverse()];
        Refresh(response);
    }

    /// <summary>The peer has another target by now than this request went to. Where a strict router is that target is not to be seen.</summary>
    public bool HasLeft(SipRequest request) => (RouteSet.Count == 0 || RouteSet[0].IsLoose) && request.RequestUri.ToString() != RemoteTarget.AsRequestUri().ToString();

    /// <summary>A request with the next number, without Via and Contact.</summary>
    public SipRequest Request(string method) => Request(method, NextSeq());

    /// <summary>The ACK to a 2xx: the number of its INVITE (§13.2.2.4). Its credentials depend on where it goes, so the exchange adds them.</summary>
    public SipRequest Ack(SipRequest invite)
    {
        invite.Headers.TryCSeq(out var cseq);
        return Request(SipMethod.Ack, cseq.Number);
    }

    /// <summary>Where a request built here goes first: its topmost Route, else its Request-URI; a strict router is both.</summary>
    public SipUri NextHop => RouteSet.Count > 0 ? RouteSet[0].Uri : RemoteTarget;

    private SipRequest Request(string method, uint number)
    {
        var isStrict = RouteSet.Count > 0 && !RouteSet[0].IsLoose;
        var request = new SipRequest(method, (isStrict ? RouteSet[0].Uri : RemoteTarget).AsRequestUri());
        foreach (var route in RouteSet.Skip(isStrict ? 1 : 0)) request.Headers.Add(HeaderName.Route, route.ToString());
        if (isStrict) request.Headers.Add(HeaderName.Route, new NameAddr(RemoteTarget).ToString());
        request.Headers.Add(HeaderName.MaxForwards, "70");
        request.Headers.Add(HeaderName.From, _local);
        request.Headers.Add(HeaderName.To, _remote);
        request.Headers.Add(HeaderName.CallId, Key.CallId);
        request.Headers.Add(HeaderName.CSeq, string.Create(CultureInfo.InvariantCulture, $"{number} {method}"));
        return request;
    }

    /// <summary>
    /// UPDATE may be sent. Who says nothing of its methods has not said that it has none (RFC 3261 §20.5), and who names Info Packages and no
    /// methods left them out of a long INVITE, as we do; 405 or 501 tells otherwise.
    /// </summary>
    public bool MayUpdate => RemoteAllow.Contains(SipMethod.Update) || (RemoteAllow.Count == 0 && RemotePackages.Count > 0);

    private void Learn(SipMessage message)
    {
        if (message.Headers.Has(HeaderName.Allow)) RemoteAllow = message.Headers.Allow;
        if (message.Headers.Has(HeaderName.RecvInfo)) RemotePackages = [.. message.Headers.GetList(HeaderName.RecvInfo).Where(p => p.Length > 0).Take(32)];
    }
}
