using System.Text;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Lab;

/// <summary>
/// How long each SIP message of a default call is: two phones as they come, each with one interface behind a NAT of its own, with STUN, TURN
/// and digest, registered over UDP. It is read off the wire at both phones.
/// </summary>
public sealed class CallOctets
{
    private readonly List<SipDatagram> _alice = [];
    private readonly List<SipDatagram> _bob = [];

    private CallOctets()
    {
    }

    /// <summary>What crossed alice's line, in order; she calls.</summary>
    public IReadOnlyList<SipDatagram> Alice => _alice;

    /// <summary>What crossed bob's line, in order; he is called.</summary>
    public IReadOnlyList<SipDatagram> Bob => _bob;

    /// <summary>Has the call made in virtual time.</summary>
    /// <param name="codecs">The codecs of both phones.</param>
    /// <param name="seed">The seed of the world.</param>
    /// <param name="adjust">Changes the options of both phones; as they come when null.</param>
    /// <param name="digest">How the server asks for passwords: by MD5 as nearly all do, or by SHA-256, whose response is 32 octets longer.</param>
    public static CallOctets Measure(
        ICodecFactory codecs, ulong seed = 1, Func<PhoneOptions, PhoneOptions>? adjust = null, DigestAlgorithm digest = DigestAlgorithm.Md5)
    {
        var octets = new CallOctets();
        var call = new DemoCall(
            new DemoWorld(new DemoOptions { Seed = seed, Digests = [digest] }),
            codecs,
            new CallOptions { Duration = TimeSpan.FromSeconds(2) },
            new CallOptions(),
            // The demo takes two ports to show both; the phone as it comes offers both and takes one.
            options => (adjust ?? (o => o))(options with { Mux = new PhoneOptions { Name = options.Name }.Mux, SipTransports = SipTransports.Udp }),
            (name, machine) => new Wire(machine, name == "alice" ? octets._alice : octets._bob));
        call.Begin();
        if (!call.World.World.RunUntil(() => call.IsOver, Instant.Zero + TimeSpan.FromSeconds(60)))
            throw new InvalidOperationException("the call did not end");
        return octets;
    }

    /// <summary>The rows of the table, in the order of the call; retransmissions are not counted.</summary>
    public IEnumerable<(string Message, int Octets)> Table()
    {
        yield return ("REGISTER", First(_alice, true, "REGISTER", secured: false));
        yield return ("REGISTER with credentials", First(_alice, true, "REGISTER", secured: true));
        yield return ("INVITE", First(_alice, true, "INVITE", secured: false));
        yield return ("INVITE with credentials", First(_alice, true, "INVITE", secured: true));
        yield return ("INVITE as it is delivered", First(_bob, false, "INVITE", secured: false));
        yield return ("180 Ringing", First(_bob, true, "SIP/2.0 180", secured: false));
        yield return ("200 OK to INVITE", First(_bob, true, "SIP/2.0 200", secured: false, of: "INVITE"));
        yield return ("200 OK as it is delivered", First(_alice, false, "SIP/2.0 200", secured: false, of: "INVITE"));
        yield return ("ACK", First(_alice, true, "ACK sip:bob@", secured: false, last: true));
        yield return ("BYE", First(_alice, true, "BYE", secured: false));
    }

    private static int First(List<SipDatagram> line, bool isSent, string start, bool secured, string of = "", bool last = false)
    {
        bool Fits(SipDatagram d) => d.IsSent == isSent && d.Text.StartsWith(start, StringComparison.Ordinal) && d.HasCredentials == secured
            && (of.Length == 0 || d.Text.Contains($" {of}\r\n", StringComparison.Ordinal));
        return (last ? line.LastOrDefault(Fits) : line.FirstOrDefault(Fits))?.Octets ?? throw new InvalidOperationException($"no {start} crossed the line");
    }

    /// <summary>Stands between a phone and its host and keeps what is SIP.</summary>
    private sealed class Wire(IMachine machine, List<SipDatagram> kept) : IMachine
    {
        public Instant? NextTimeout => machine.NextTimeout;

        public void Receive(in Datagram datagram)
        {
            Keep(isSent: false, datagram.Payload);
            machine.Receive(datagram);
        }

        public void Fail(in PathFailure failure) => machine.Fail(failure);

        public void Advance(Instant now) => machine.Advance(now);

        public bool TryTransmit(Span<byte> buffer, out Transmit transmit)
        {
            if (!machine.TryTransmit(buffer, out transmit)) return false;
            Keep(isSent: true, buffer[..transmit.Length]);
            return true;
        }

        private void Keep(bool isSent, ReadOnlySpan<byte> octets)
        {
            // STUN, TURN and RTP begin with an octet that is no letter, keepalives are shorter.
            if (octets.Length > 20 && char.IsAsciiLetterUpper((char)octets[0]) && octets.IndexOf("SIP/2.0"u8) >= 0)
                kept.Add(new SipDatagram(isSent, octets.Length, Encoding.UTF8.GetString(octets)));
        }
    }
}

/// <summary>A SIP message as it crossed the line.</summary>
/// <param name="IsSent">The phone sent it.</param>
/// <param name="Octets">Its length on the wire.</param>
/// <param name="Text">The message, secrets and all.</param>
public sealed record SipDatagram(bool IsSent, int Octets, string Text)
{
    public bool HasCredentials => Text.Contains("\nAuthorization:", StringComparison.Ordinal) || Text.Contains("\nProxy-Authorization:", StringComparison.Ordinal);
}
