using System.Collections.Concurrent;

namespace Softphone.Sockets.Tests;

/// <summary>Waiting on an event of a real thread, with a bound that only a failing test meets.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static T Next<T>(this BlockingCollection<T> queue)
    {
        Assert.True(queue.TryTake(out var item, Bound), "nothing came in time");
        return item!;
    }

    /// <summary>Runs on the pump thread and waits for the result.</summary>
    public static T On<T>(this Pump pump, Func<T> ask)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(pump.Post(() =>
        {
            try
            {
                result.SetResult(ask());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        }));
        Assert.True(result.Task.Wait(Bound), "the pump did not run the action in time");
        return result.Task.Result;
    }

    public static void On(this Pump pump, Action act) => pump.On(() =>
    {
        act();
        return true;
    });
}
