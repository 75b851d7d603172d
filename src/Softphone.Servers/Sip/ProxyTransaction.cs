using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Servers;

/// <summary>Where a forwarded request stands.</summary>
internal enum ProxyState
{
    /// <summary>Forwarded; nothing came back.</summary>
    Calling,

    /// <summary>A provisional response came.</summary>
    Proceeding,

    /// <summary>A final response other than 2xx to INVITE went upstream.</summary>
    Completed,

    /// <summary>A 2xx to INVITE went upstream; repeats of it still pass (RFC 6026 §7).</summary>
    Accepted,
}

/// <summary>One request on its way through the proxy: its server transaction upstream and its client transaction downstream (RFC 3261 §16.2).</summary>
internal sealed class ProxyTransaction(long id, SipRequest request, SipFlow upstream, string serverKey)
{
    public long Id { get; } = id;

    /// <summary>As received, with the source noted in its Via: what responses of our own are made from.</summary>
    public SipRequest Request { get; } = request;

    public SipFlow Upstream { get; } = upstream;

    public string ServerKey { get; } = serverKey;

    /// <summary>The branch of the Via that we put on the forwarded request; null when it was answered here.</summary>
    public string? Branch { get; set; }

    public SipFlow Downstream { get; set; }

    /// <summary>The request as forwarded.</summary>
    public SipRequest? Forwarded { get; set; }

    public ProxyState State { get; set; }

    /// <summary>The last response sent upstream, which a repeated request gets again.</summary>
    public byte[]? LastResponse { get; set; }

    /// <summary>Our CANCEL downstream, once it is owed.</summary>
    public SipRequest? Cancel { get; set; }

    public bool IsCancelSent { get; set; }

    /// <summary>The interval of the running retransmission, of the request or of the final response.</summary>
    public TimeSpan Interval { get; set; }

    public bool IsInvite => Request.Method == SipMethod.Invite;
}
