using Softphone.Core;
using Softphone.Lab;
using Softphone.Nat;

namespace Softphone.Scenarios;

/// <summary>
/// Makes of a phone that nominates its first valid pair one whose first valid pair goes by a relay wherever there is one: in the first
/// moments it does not hear the answers to its direct checks.
/// </summary>
internal sealed class HastyPeer(IMachine phone) : IMachine
{
    private static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(600);
    private Instant? _until;

    public Instant? NextTimeout => phone.NextTimeout;

    public void Receive(in Datagram datagram)
    {
        if (datagram.Remote.Ip != DemoWorld.TurnAddress.Ip && IsAnswer(datagram.Payload))
        {
            _until ??= datagram.At + Haste;
            if (datagram.At < _until) return;
        }

        phone.Receive(datagram);
    }

    public void Fail(in PathFailure failure) => phone.Fail(failure);

    public void Advance(Instant now) => phone.Advance(now);

    public void Sent(Instant now) => phone.Sent(now);

    public bool TryTransmit(Span<byte> buffer, out Transmit transmit) => phone.TryTransmit(buffer, out transmit);

    private static bool IsAnswer(ReadOnlySpan<byte> octets) =>
        Demultiplexer.Classify(octets) == PacketKind.Stun && StunReader.TryParse(octets, out var stun, out _) && stun is { Class: StunClass.Success, Method: StunMethod.Binding, HasIntegrity: true };
}
