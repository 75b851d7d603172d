using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>The words about the NAT, after one call through it.</summary>
public sealed class DeskNatTests
{
    [Theory]
    [InlineData("none", "no NAT")]
    [InlineData("full-cone", "NAT: same outer port for all")]
    [InlineData("port-restricted", "NAT: same outer port for all")]
    [InlineData("symmetric", "NAT: symmetric")]
    [InlineData("udp-blocked", "no UDP")]
    [Rfc("4787", "4.1")]
    public void Nat_AfterACall_IsSaidAsItIs(string nat, string words)
    {
        using var office = new DemoDesk(new DemoOptions { NatA = NatBehavior.Named(nat) }, new PlainCodec(), _ => new Quiet());
        var world = office.World.World;
        world.RunUntil(Instant.Zero + TimeSpan.FromSeconds(3));
        Assert.Equal("", office.Alice.View.Nat);
        office.Alice.Do(new PhoneCommand.Dial("dave"));
        Assert.True(world.RunUntil(() => office.Alice.View.Nat.Length > 0, world.Now + TimeSpan.FromSeconds(10)));
        world.RunUntil(world.Now + TimeSpan.FromSeconds(3));
        Assert.Equal(words, office.Alice.View.Nat);
    }

    private sealed class Quiet : IAudioSource
    {
        public bool Read(Span<short> pcm48k)
        {
            pcm48k.Clear();
            return true;
        }
    }
}
