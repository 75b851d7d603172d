using Softphone.Core;

namespace Softphone.Core.Tests;

public sealed class TimerTableTests
{
    [Fact]
    public void Timers_RandomSetMoveCancel_FireInDueOrderAndLeaveNothing()
    {
        var table = new TimerTable<int>();
        var model = new Dictionary<int, Instant>();
        var entropy = new SeededEntropy(7);
        var now = Instant.Zero;
        for (var i = 0; i < 20_000; i++)
        {
            var key = entropy.NextInt(50);
            switch (entropy.NextInt(4))
            {
                case 0 or 1:
                    model[key] = now + TimeSpan.FromMilliseconds(entropy.NextInt(100));
                    table.Set(key, model[key]);
                    break;
                case 2:
                    Assert.Equal(model.Remove(key), table.Cancel(key));
                    break;
                default:
                    now += TimeSpan.FromMilliseconds(entropy.NextInt(30));
                    var last = Instant.Zero;
                    while (model.Count > 0 && model.Values.Min() <= now)
                    {
                        Assert.True(table.TryExpire(now, out var fired));
                        Assert.Equal(model.Values.Min(), model[fired]);
                        Assert.True(model[fired] >= last);
                        last = model[fired];
                        model.Remove(fired);
                    }

                    Assert.False(table.TryExpire(now, out _));
                    break;
            }

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(model.Count == 0 ? null : model.Values.Min(), table.Next);
        }
    }

    [Fact]
    public void Timers_DueAtTheSameInstant_FireInTheOrderSet()
    {
        var table = new TimerTable<string>();
        foreach (var key in new[] { "c", "a", "b" }) table.Set(key, Instant.Zero);
        var fired = new List<string>();
        while (table.TryExpire(Instant.Zero, out var key)) fired.Add(key);
        Assert.Equal(["c", "a", "b"], fired);
    }
}
