namespace Softphone.Sockets;

/// <summary>
/// Runs what nobody waits for: callbacks of timers and of the system, and work on the pool. An exception out of one of these would end the
/// process, or be lost; here it is told, and everything else goes on.
/// </summary>
public static class Guarded
{
    /// <summary>Runs the work here and now.</summary>
    /// <param name="work">May throw.</param>
    /// <param name="failed">Told of an exception; what it throws itself is dropped, for there is nobody left to tell.</param>
    public static void Run(Action work, Action<Exception>? failed = null)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            Tell(failed, e);
        }
    }

    /// <summary>Runs the work on a thread of the pool.</summary>
    public static void Begin(Action work, Action<Exception>? failed = null) => _ = Task.Run(() => Run(work, failed));

    /// <summary>The same for work that waits in between.</summary>
    public static void Begin(Func<Task> work, Action<Exception>? failed = null) => _ = Task.Run(async () =>
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Tell(failed, e);
        }
    });

    /// <summary>A timer whose ticks cannot end the process.</summary>
    public static Timer Timer(Action tick, TimeSpan due, TimeSpan period, Action<Exception>? failed = null) => new(_ => Run(tick, failed), null, due, period);

    private static void Tell(Action<Exception>? failed, Exception e)
    {
        try
        {
            failed?.Invoke(e);
        }
        catch (Exception)
        {
            // The thread of a timer has no caller.
        }
    }
}
