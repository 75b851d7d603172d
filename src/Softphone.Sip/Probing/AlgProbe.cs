using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Finds out whether something on the way to a SIP server rewrites what it carries by UDP (a SIP ALG). It sends OPTIONS, and what the server answers
/// with must have our Via as it left, but for received and rport (RFC 3261 §18.1.2, RFC 3581 §4). A gateway that puts right what comes back is found by
/// a second one, whose Via shows the address that it would hide: only such a gateway changes that.
/// </summary>
public sealed class AlgProbe : IMachine<AlgVerdict>
{
    /// <summary>Sendings of one question.</summary>
    private const int MostSendings = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    private readonly INetwork _network;
    private readonly IEntropy _entropy;
    private readonly Address _server;
    private readonly string _domain;
    private PathId _path;
    private Address _local;
    private Via? _sent;
    private byte[] _request = [];
    private bool _isDue;
    private bool _isSecond;
    private int _sendings;
    private AlgVerdict? _verdict;

    /// <param name="network">Lends the socket.</param>
    /// <param name="entropy">For branches and tags.</param>
    /// <param name="server">A SIP server that answers OPTIONS by UDP, with whatever status.</param>
    /// <param name="domain">What it serves.</param>
    public AlgProbe(INetwork network, IEntropy entropy, Address server, string domain)
    {
        _network = network;
        _entropy = entropy;
        _server = server;
        _domain = domain;
    }

    public Instant? NextTimeout { get; private set; }

    /// <summary>Opens the socket and asks; false when there is no way there.</summary>
    public bool TryStart(Instant now)
    {
        if (!_network.TryRoute(_server.Ip, out var local) || !_network.TryOpen(Transport.Udp, local, 0, out _path, out _local, out _)) return false;
        Ask(now, _local);
        return true;
    }

    public void Receive(in Datagram datagram)
    {
        if (datagram.Path != _path || datagram.Remote != _server || _sent is not { } sent) return;
        if (!SipParser.TryParse(datagram.Payload, out var message, out _) || message is not SipResponse response || response.IsProvisional) return;
        if (!response.Headers.TryVia(out var came) || came.Branch != sent.Branch) return;
        if (came.Host != sent.Host || came.Port != sent.Port)
        {
            End(new AlgVerdict(true, $"Via left as {Shown(sent)} and came back as {Shown(came)}"));
            return;
        }

        // Where the server sees us at the address we have there is no translator, and nothing to rewrite.
        if (_isSecond || came.Rport is not { } port || came.Received is not { } received || !IpAddress.TryParse(received, out var ip) || new Address(ip, port) == _local)
        {
            End(new AlgVerdict(false, _isSecond ? "the server answers with our Via as it left, with the local address and with the public one" : "the server answers with our Via as it left"));
            return;
        }

        _isSecond = true;
        Ask(datagram.At, new Address(ip, port));
    }

    public void Fail(in PathFailure failure)
    {
        if (failure.Path == _path) End(new AlgVerdict(null, $"{_server} refused the datagram"));
    }

    public void Advance(Instant now)
    {
        if (NextTimeout is not { } due || now < due) return;
        if (_sendings < MostSendings) Send(now);
        else End(new AlgVerdict(null, $"{_server} answers no OPTIONS by UDP{(_isSecond ? " that names the public address" : "")}"));
    }

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
    {
        transmit = default;
        if (!_isDue || buffer.Length < _request.Length) return false;
        _isDue = false;
        _request.CopyTo(buffer);
        transmit = new Transmit(_path, _server, _request.Length);
        return true;
    }

    public bool TryEvent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AlgVerdict? happened)
    {
        happened = _verdict;
        _verdict = null;
        return happened is not null;
    }

    private void Ask(Instant now, Address sentBy)
    {
        _sent = Via.Create(Transport.Udp, sentBy.Ip.ToString(), sentBy.Port, Via.MagicCookie + _entropy.NextToken(11), rport: true);
        var domain = SipUri.Create(null, _domain);
        var request = new SipRequest(SipMethod.Options, domain);
        request.Headers.Add(HeaderName.Via, _sent.ToString());
        request.Headers.Add(HeaderName.MaxForwards, "70");
        request.Headers.Add(HeaderName.From, new NameAddr(SipUri.Create("probe", "anonymous.invalid")).WithTag(_entropy.NextToken(10)).ToString());
        request.Headers.Add(HeaderName.To, new NameAddr(domain).ToString());
        request.Headers.Add(HeaderName.CallId, _entropy.NextToken(11));
        request.Headers.Add(HeaderName.CSeq, "1 OPTIONS");
        _request = request.ToArray();
        _sendings = 0;
        Send(now);
    }

    private void Send(Instant now)
    {
        _isDue = true;
        NextTimeout = now + FirstPause * (1 << _sendings++);
    }

    private void End(AlgVerdict verdict)
    {
        if (_sent is null) return;
        (_verdict, _sent, NextTimeout) = (verdict, null, null);
        _network.Close(_path);
    }

    private static string Shown(Via via) => via.Port is { } port ? $"{via.Host}:{port}" : via.Host;
}
