using System.Text;
using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>A peer that does what a test says: it records what it gets and sends what it is told, message by message.</summary>
internal sealed class Script
{
    private readonly SipNet _net;
    private readonly bool _isStream;

    public Script(SipNet net, string address, bool isStream = false)
    {
        _net = net;
        _isStream = isStream;
        At = Address.Parse(address);
        net.Peer(At, isStream, (from, octets) =>
        {
            From = from;
            if (!SipParser.TryParse(octets, out var message, out _))
            {
                Other.Add(octets);
                OnOther?.Invoke(octets);
                return;
            }

            if (message is SipRequest request)
            {
                if (request.Headers.TryVia(out var via)) request.Headers.SetTopVia(via.WithSource(Seen ?? from));
                Requests.Add(request);
                OnRequest?.Invoke(request);
            }
            else
            {
                Responses.Add((SipResponse)message);
                OnResponse?.Invoke((SipResponse)message);
            }
        });
    }

    public Address At { get; }

    /// <summary>Who sent last.</summary>
    public Address From { get; set; }

    /// <summary>What the peer pretends to see as the source; null for the truth.</summary>
    public Address? Seen { get; set; }

    public List<SipRequest> Requests { get; } = [];

    public List<SipResponse> Responses { get; } = [];

    public List<byte[]> Other { get; } = [];

    public Action<SipRequest>? OnRequest { get; set; }

    public Action<byte[]>? OnOther { get; set; }

    public Action<SipResponse>? OnResponse { get; set; }

    public SipRequest Last(string method) => Requests.Last(request => request.Method == method);

    public int Count(string method) => Requests.Count(request => request.Method == method);

    public void Send(SipMessage message) => _net.Send(At, From, message.ToArray(), _isStream);

    public void Send(string text) => _net.Send(At, From, text.ReplaceLineEndings("\r\n"), _isStream);

    public SipResponse Answer(SipRequest request, int status, string? tag = "peer", string sdp = "", string? contact = null, params (string Name, string Value)[] headers)
    {
        var response = SipResponse.For(request, status, null, tag);
        if (request.Method == SipMethod.Invite && status is > 100 and < 300)
            response.Headers.Add(HeaderName.Contact, contact ?? $"<sip:peer@{At}{(_isStream ? ";transport=tcp" : "")}>");
        foreach (var (name, value) in headers) response.Headers.Add(name, value);
        if (sdp.Length > 0) response.SetBody(MediaType.ApplicationSdp, Encoding.UTF8.GetBytes(sdp));
        Send(response);
        return response;
    }

    /// <summary>A request of the peer's own.</summary>
    public SipRequest Make(string method, string target, string branch, string to, string from = "<sip:peer@example.com>;tag=peer", string callId = "script", uint cseq = 1, string sdp = "")
    {
        var request = new SipRequest(method, SipNode.Uri(target));
        request.Headers.Add(HeaderName.Via, $"SIP/2.0/{(_isStream ? "TCP" : "UDP")} {At};branch={branch};rport");
        request.Headers.Add(HeaderName.MaxForwards, "70");
        request.Headers.Add(HeaderName.From, from);
        request.Headers.Add(HeaderName.To, to);
        request.Headers.Add(HeaderName.CallId, callId);
        request.Headers.Add(HeaderName.CSeq, $"{cseq} {method}");
        if (method is SipMethod.Invite or SipMethod.Update) request.Headers.Add(HeaderName.Contact, $"<sip:peer@{At}>");
        if (sdp.Length > 0) request.SetBody(MediaType.ApplicationSdp, Encoding.UTF8.GetBytes(sdp));
        return request;
    }
}
