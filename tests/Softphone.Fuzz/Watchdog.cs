using System.Diagnostics;

namespace Softphone.Fuzz;

/// <summary>One for each thread: looked at by a thread of its own once a second, so that starting and stopping it costs nothing.</summary>
internal sealed class Watchdog
{
    private static readonly List<Watchdog> All = [];

    [ThreadStatic]
    private static Watchdog? _ofThread;

    private volatile Action? _onHang;
    private TimeSpan _limit;
    private long _started;

    static Watchdog() => new Thread(Look) { IsBackground = true, Name = "watchdog" }.Start();

    public static Watchdog Start(TimeSpan limit, Action onHang)
    {
        if (_ofThread is not { } dog)
        {
            _ofThread = dog = new Watchdog();
            lock (All) All.Add(dog);
        }

        dog._limit = limit;
        Volatile.Write(ref dog._started, Stopwatch.GetTimestamp());
        dog._onHang = onHang;
        return dog;
    }

    public void Stop() => _onHang = null;

    private static void Look()
    {
        while (true)
        {
            Thread.Sleep(1000);
            lock (All)
            {
                foreach (var dog in All)
                {
                    if (dog._onHang is not { } onHang || Stopwatch.GetElapsedTime(Volatile.Read(ref dog._started)) < dog._limit) continue;
                    onHang();
                    Environment.Exit(1);
                }
            }
        }
    }
}
