using System.Text;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>A UDP socket that speaks SIP by hand, for what a well-behaved agent would never send. Media goes to a <see cref="ScriptedPeer"/>.</summary>
internal sealed class RawPeer : IMachine
{
    private readonly TransmitQueue _out = new();
    private readonly VirtualHost _host;
    private readonly PathId _path;

    public RawPeer(VirtualHost host, IpAddress address)
    {
        _host = host;
        if (!host.TryOpen(Transport.Udp, address, 5060, out _path, out var bound, out _)) throw new InvalidOperationException("no socket");
        Address = bound;
        host.Run(this);
    }

    public Address Address { get; }

    /// <summary>Where its messages go: to whoever sent last.</summary>
    public Address Remote { get; set; }

    public List<SipMessage> Got { get; } = [];

    public Action<SipMessage>? Received { get; set; }

    public Instant? NextTimeout => null;

    /// <summary>A response to this request, with our Contact, the methods we allow and a description.</summary>
    public void Respond(SipRequest request, int status, string tag, string sdp = "", string allow = "")
    {
        var response = SipResponse.For(request, status, toTag: tag);
        response.Headers.Add(HeaderName.Contact, $"<sip:peer@{Address}>");
        if (allow.Length > 0) response.Headers.Add(HeaderName.Allow, allow);
        if (sdp.Length > 0) response.SetBody(MediaType.ApplicationSdp, Encoding.ASCII.GetBytes(sdp));
        _out.Enqueue(_path, Remote, response.ToArray());
        _host.Settle();
    }

    public void Send(string text)
    {
        _out.Enqueue(_path, Remote, Encoding.ASCII.GetBytes(text));
        _host.Settle();
    }

    public void Receive(in Datagram datagram)
    {
        Remote = datagram.Remote;
        if (!SipParser.TryParse(datagram.Payload, out var message, out _)) return;
        Got.Add(message);
        Received?.Invoke(message);
    }

    public void Fail(in PathFailure failure)
    {
    }

    public void Advance(Instant now)
    {
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => _out.TryDequeue(buffer, out transmit);
}
