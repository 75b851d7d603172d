using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>How long the messages of a default call are: a datagram that is cut into fragments does not pass everywhere.</summary>
public sealed class CallOctetsTests
{
    /// <summary>What a datagram over IPv4 may hold on a path of 1,500 octets.</summary>
    private const int Uncut = 1_472;

    private static readonly Dictionary<string, int> Bounds = new()
    {
        ["INVITE"] = 1_300,
        ["INVITE with credentials"] = 1_350,
        ["INVITE as it is delivered"] = 1_450,
        ["180 Ringing"] = 1_300,
        ["200 OK to INVITE"] = 1_300,
        ["200 OK as it is delivered"] = 1_300,
    };

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(20UL)]
    [InlineData(77UL)]
    public void DefaultCall_NoMessageIsLongerThanItsBound(ulong seed)
    {
        var table = CallOctets.Measure(CodecFactory.Instance, seed).Table().ToList();
        Assert.All(table, row => Assert.True(row.Octets <= Bounds.GetValueOrDefault(row.Message, Uncut), string.Join("\n", table)));
    }

    /// <summary>A response of SHA-256 is 32 octets longer and its name, which MD5 can do without, has 18; nothing else of the call is.</summary>
    [Theory]
    [InlineData(1UL)]
    [InlineData(12UL)]
    public void DefaultCall_BySha256_IsLongerByItsResponseAlone(ulong seed)
    {
        var table = CallOctets.Measure(CodecFactory.Instance, seed, digest: DigestAlgorithm.Sha256).Table().ToList();
        Assert.All(table, row => Assert.True(row.Octets <= Bounds.GetValueOrDefault(row.Message, Uncut) + (row.Message == "INVITE with credentials" ? 50 : 0), string.Join("\n", table)));
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
        // Compact forms and what is left out with them save less than 250 octets.
        Assert.All(own.Where(IsCompact), d => Assert.True(d.Octets > 1_050, d.Text));
        // A proxy's Via is long, and SIPp copies those of one name only.
        Assert.All(own.Where(IsCompact), d => Assert.Contains("\nVia:", d.Text, StringComparison.Ordinal));
        Assert.All(own.Where(IsCompact), d => Assert.DoesNotContain("\nv:", d.Text, StringComparison.Ordinal));
    }

    /// <summary>An INVITE says less of itself only where it would be too long, and what it leaves out is told all the same.</summary>
    [Theory]
    [InlineData(3UL)]
    [InlineData(8UL)]
    public void DefaultCall_InviteThatIsTooLong_LeavesOutWhatLaterMessagesTell(ulong seed)
    {
        var octets = CallOctets.Measure(CodecFactory.Instance, seed);
        var invite = Secured(octets);
        Assert.DoesNotContain("\nAllow:", invite.Text);
        Assert.DoesNotContain("\nUser-Agent:", invite.Text);
        Assert.Contains(octets.Bob, d => d.IsSent && d.Text.StartsWith("SIP/2.0 200", StringComparison.Ordinal) && d.Text.Contains("\nAllow:", StringComparison.Ordinal));
        var brief = CallOctets.Measure(CodecFactory.Instance, seed, o => o with { Nat = o.Nat with { Mode = NatMode.None, StunServers = [], TurnServers = [] } });
        Assert.Contains("\nAllow:", Secured(brief).Text);

        static SipDatagram Secured(CallOctets octets) =>
            octets.Alice.First(d => d.IsSent && d.HasCredentials && d.Text.StartsWith("INVITE", StringComparison.Ordinal));
    }

    /// <summary>Without ICE there is little to tell, and nothing comes near the limit.</summary>
    [Fact]
    public void CallWithoutIce_EveryMessage_IsShort()
    {
        var octets = CallOctets.Measure(CodecFactory.Instance, adjust: o => o with { Nat = o.Nat with { Mode = NatMode.None, StunServers = [], TurnServers = [] } });
        Assert.All(octets.Alice.Concat(octets.Bob), d => Assert.True(d.Octets <= 1_200 && !IsCompact(d), d.Text));
    }

    private static bool IsCompact(SipDatagram datagram) => datagram.Text.Contains("\nl:", StringComparison.Ordinal);
}
