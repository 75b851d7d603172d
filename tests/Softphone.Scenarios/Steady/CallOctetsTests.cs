using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>How long the messages of a default call are: a datagram that is cut into fragments does not pass everywhere.</summary>
public sealed class CallOctetsTests
{
    /// <summary>What a datagram over IPv4 may hold on a path of 1,500 octets.</summary>
    private const int Uncut = 1_472;

    private static readonly Dictionary<string, int> Bounds = new()
    {
        ["INVITE"] = 1_400,
        ["INVITE with credentials"] = 1_690,
        ["INVITE as it is delivered"] = 1_630,
    };

    [Theory]
    [InlineData(1UL)]
    [InlineData(77UL)]
    public void DefaultCall_NoMessageIsLongerThanItsBound(ulong seed)
    {
        var table = CallOctets.Measure(CodecFactory.Instance, seed).Table().ToList();
        Assert.All(table, row => Assert.True(row.Octets <= Bounds.GetValueOrDefault(row.Message, Uncut), string.Join("\n", table)));
    }

    /// <summary>Nothing that a proxy hands on gives the password's digest away (RFC 3261 §22.1, §22.3).</summary>
    [Fact]
    [Rfc("3261", "22.3")]
    public void DefaultCall_Callee_GetsNoCredentials()
    {
        var octets = CallOctets.Measure(CodecFactory.Instance);
        Assert.DoesNotContain(octets.Bob, d => !d.IsSent && d.HasCredentials);
        Assert.DoesNotContain(octets.Alice, d => d.Text.StartsWith("INVITE", StringComparison.Ordinal) && d.Text.Contains("\nAuthorization:", StringComparison.Ordinal));
    }

    [Theory]
    [Rfc("3261", "7.3.3")]
    [InlineData(1UL)]
    [InlineData(5UL)]
    public void DefaultCall_CompactForms_StandInLongMessagesOnly(ulong seed)
    {
        var octets = CallOctets.Measure(CodecFactory.Instance, seed);
        var own = octets.Alice.Concat(octets.Bob).Where(d => d.IsSent).ToList();
        Assert.Contains(own, d => IsCompact(d));
        Assert.All(own, d => Assert.True(IsCompact(d) || d.Octets <= 1_300, d.Text));
        Assert.All(own.Where(IsCompact), d => Assert.True(d.Octets > 1_150, d.Text));
    }

    /// <summary>Without ICE there is little to tell, and nothing comes near the limit.</summary>
    [Fact]
    public void CallWithoutIce_EveryMessage_IsShort()
    {
        var octets = CallOctets.Measure(CodecFactory.Instance, adjust: o => o with { Nat = o.Nat with { Mode = NatMode.None, StunServers = [], TurnServers = [] } });
        Assert.All(octets.Alice.Concat(octets.Bob), d => Assert.True(d.Octets <= 1_200 && !IsCompact(d), d.Text));
    }

    private static bool IsCompact(SipDatagram datagram) => datagram.Text.Contains("\nl: ", StringComparison.Ordinal);
}
