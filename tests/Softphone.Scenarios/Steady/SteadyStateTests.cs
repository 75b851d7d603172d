using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>Two phones that talk: what a packet costs once the call runs.</summary>
public sealed class SteadyStateTests
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    /// <summary>
    /// In each 20 ms two phones with their trace on, the NATs and the TURN server between them carry two packets. Nothing is allocated
    /// for them: only the few frames do so in which a consent check, a report or a registration was due.
    /// </summary>
    [Theory]
    [InlineData("none")]
    [InlineData("port-restricted")]
    [InlineData("symmetric")]
    [Rfc("8445", "12.1", Line = "I67")]
    public void Call_OnceItRuns_AllocatesNothingForAPacket(string nat)
    {
        if (!CodecFactory.Instance.Supports("opus")) Assert.Skip("the library for opus is not installed");
        var demo = new DemoWorld(new DemoOptions { NatA = NatBehavior.Named(nat), NatB = NatBehavior.Named(nat) });
        var call = new DemoCall(demo, CodecFactory.Instance, new CallOptions(), new CallOptions());
        call.Begin();
        var world = demo.World;
        Assert.True(world.RunUntil(() => IsConnected(call.Alice) && IsConnected(call.Bob), Seconds(20)));
        world.RunUntil(world.Now + TimeSpan.FromSeconds(60));
        var frames = new long[1000];
        for (var i = 0; i < frames.Length; i++)
        {
            var end = world.Now + Frame;
            var before = GC.GetAllocatedBytesForCurrentThread();
            world.RunUntil(end);
            frames[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.True(IsConnected(call.Alice) && IsConnected(call.Bob));
        var busy = frames.Where(bytes => bytes > 0).ToArray();
        Assert.True(busy.Length <= 40, $"{busy.Length} of {frames.Length} frames allocated: {string.Join(' ', busy)}");
    }

    private static bool IsConnected(VirtualPhone phone) => phone.Events.OfType<PhoneEvent.CallChanged>().LastOrDefault()?.State == CallState.Connected;

    private static Instant Seconds(double seconds) => Instant.Zero + TimeSpan.FromSeconds(seconds);
}
