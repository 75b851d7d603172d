using Softphone.Core;
using static Softphone.Sip.Tests.SipBench;

namespace Softphone.Sip.Tests;

/// <summary>A registrar that answers keepalives as a test says, and what it was asked.</summary>
internal sealed class KeepingServer
{
    private readonly SipNet _net;
    private readonly Script _script;
    private readonly bool _isStream;

    public KeepingServer(SipNet net, bool isStream = false)
    {
        _net = net;
        _isStream = isStream;
        _script = new Script(net, Server, isStream) { OnRequest = OnRequest, OnOther = OnOther };
    }

    public Address At => _script.At;

    public Address From => _script.From;

    /// <summary>Nothing reaches it, and nothing is answered.</summary>
    public bool IsDead { get; set; }

    public bool AnswersRegister { get; set; } = true;

    public bool AnswersOptions { get; set; } = true;

    /// <summary>STUN, or pings of a stream.</summary>
    public bool AnswersNative { get; set; } = true;

    /// <summary>Where a NAT lets us seem to be; null where there is none.</summary>
    public Address? Seen { get => _script.Seen; set => _script.Seen = value; }

    public List<(Instant At, SipRequest Request)> Registers { get; } = [];

    public List<Instant> Options { get; } = [];

    /// <summary>STUN requests of different transactions, or pings.</summary>
    public List<(Instant At, byte[] Octets)> Native { get; } = [];

    /// <summary>CRLF on UDP.</summary>
    public List<Instant> Blind { get; } = [];

    public int RegistersSince(Instant start) => Registers.Count(r => r.At >= start);

    private void OnRequest(SipRequest request)
    {
        if (IsDead) return;
        if (request.Method == SipMethod.Register)
        {
            Registers.Add((_net.Now, request));
            if (AnswersRegister) _script.Answer(request, 200, headers: (HeaderName.Contact, request.Headers.GetList(HeaderName.Contact)[^1]));
        }
        else if (request.Method == SipMethod.Options)
        {
            Options.Add(_net.Now);
            if (AnswersOptions) _script.Answer(request, 405);
        }
    }

    private void OnOther(byte[] octets)
    {
        if (IsDead) return;
        if (!_isStream && !PlainBinding.IsRequest(octets))
        {
            Blind.Add(_net.Now);
            return;
        }

        if (_isStream || Native.Count == 0 || !Native[^1].Octets.AsSpan().SequenceEqual(octets)) Native.Add((_net.Now, octets));
        if (AnswersNative) _net.Send(At, From, _isStream ? "\r\n"u8 : PlainBinding.Answer(octets, Seen ?? From), _isStream);
    }
}
