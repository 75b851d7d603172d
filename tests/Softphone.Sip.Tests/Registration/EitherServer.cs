using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>A registrar at one address by UDP and TCP, which keeps the bindings that it is told and refuses calls as busy.</summary>
internal sealed class EitherServer
{
    private readonly SipNet _net;

    public EitherServer(SipNet net, string at, bool tcp = true)
    {
        _net = net;
        At = Address.Parse(at);
        Udp = new Script(net, at);
        Udp.OnRequest = request => Take(Udp, Transport.Udp, request);
        if (!tcp) return;
        Tcp = new Script(net, at, isStream: true);
        Tcp.OnRequest = request => Take(Tcp, Transport.Tcp, request);
        Tcp.OnOther = _ => Pinged();
    }

    public Address At { get; }

    public Script Udp { get; }

    public Script? Tcp { get; }

    /// <summary>Transports by which nothing is answered.</summary>
    public HashSet<Transport> Mute { get; } = [];

    /// <summary>What a REGISTER over TCP is answered with.</summary>
    public int TcpRegisterStatus { get; set; } = 200;

    /// <summary>Whether OPTIONS are answered.</summary>
    public bool AnswersOptions { get; set; } = true;

    /// <summary>The Contacts that are bound, and by what each came.</summary>
    public Dictionary<string, Transport> Bindings { get; } = [];

    public List<(Instant At, Transport Transport, SipRequest Request)> Taken { get; } = [];

    public IEnumerable<SipRequest> Of(string method, Transport transport) => Taken.Where(t => t.Request.Method == method && t.Transport == transport).Select(t => t.Request);

    private void Take(Script script, Transport transport, SipRequest request)
    {
        Taken.Add((_net.Now, transport, request));
        if (Mute.Contains(transport)) return;
        switch (request.Method)
        {
            case SipMethod.Register when transport == Transport.Tcp && TcpRegisterStatus != 200:
                script.Answer(request, TcpRegisterStatus);
                break;
            case SipMethod.Register:
                request.Headers.TryContacts(out var contacts);
                foreach (var contact in contacts!)
                {
                    if (contact.Expires == 0) Bindings.Remove(contact.Uri.ToString());
                    else Bindings[contact.Uri.ToString()] = transport;
                }

                script.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
                break;
            case SipMethod.Options when AnswersOptions:
                script.Answer(request, 200);
                break;
            case SipMethod.Invite:
                script.Answer(request, 486);
                break;
        }
    }

    private void Pinged()
    {
        if (!Mute.Contains(Transport.Tcp)) _net.Send(At, Tcp!.From, "\r\n"u8, isStream: true);
    }
}
