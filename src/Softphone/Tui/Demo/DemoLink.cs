using System.Collections.Concurrent;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// Your desk in a virtual internet whose seconds take seconds. One thread owns the world; the UI thread reaches it by
/// <see cref="IPhoneLink"/> as it would a phone on real sockets.
/// </summary>
internal sealed class DemoLink : IPhoneLink, IDisposable
{
    /// <summary>Further behind than this the process was stopped or the machine asleep: then the world stood still too.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private readonly UiInbox _inbox;
    private readonly VerbContext _context;
    private readonly DemoShell _shell;
    private readonly DemoDesk _demo;
    private readonly AutoResetEvent _wake = new(false);
    private readonly ConcurrentQueue<string> _asides = [];
    private readonly Thread _thread;
    private readonly DemoClock _clock;
    private bool _isShuttingDown;
    private bool _toldDown;
    private volatile bool _ends;

    /// <param name="options">What stands between the phones.</param>
    /// <param name="folder">Where recordings go.</param>
    /// <param name="inbox">Where views go.</param>
    /// <param name="clock">The time in the world.</param>
    /// <param name="context">How the process ends.</param>
    public DemoLink(Softphone.Lab.DemoOptions options, DemoFolder folder, UiInbox inbox, DemoClock clock, VerbContext context)
    {
        (_inbox, _clock, _context) = (inbox, clock, context);
        var (hers, his) = (Speech.Load("alice"), Speech.Load("bob"));
        _shell = new DemoShell(folder, text => Tell(text), TellAside, context);
        _demo = new DemoDesk(options, CodecFactory.Instance, who => new PcmSource(who == "carol" ? hers : his, loops: true), _shell);
        _thread = new Thread(Drive) { IsBackground = true, Name = "demo" };
    }

    public void Start() => _thread.Start();

    public void Do(PhoneCommand command) => Post(() => _demo.Alice.Do(command));

    public void Watch(CallId? call) => Post(() => _demo.Alice.Desk.Watch = call);

    public void AskView() => Post(() => _inbox.TryAdd(new UiSignal.View(_demo.View)));

    public void Shutdown() => Post(() =>
    {
        _isShuttingDown = true;
        _demo.Alice.Shutdown();
    });

    public void Dispose()
    {
        _ends = true;
        _wake.Set();
        if (_thread.IsAlive && !_context.Ending.Saw(_thread.Join(_context.Ending.Left(EndLimit)))) return;
        _demo.Dispose();
        _shell.Dispose();
        _wake.Dispose();
    }

    private void Tell(string text) => _demo.Alice.Desk.Tell(_demo.World.World.Now, text, isAnswer: true);

    /// <summary>From any thread, and before there is a desk.</summary>
    private void TellAside(string text)
    {
        _asides.Enqueue(text);
        _wake.Set();
    }

    private void Post(Action input)
    {
        _demo.World.World.Post(input);
        _wake.Set();
    }

    private void Drive()
    {
        try
        {
            while (!_ends)
            {
                var world = _demo.World.World;
                if (world.NextEventAt < _clock.Now - Standstill) _clock.StandStill(_clock.Now - world.Now);
                world.KeepUp(_clock.Now);
                while (_asides.TryDequeue(out var text)) Tell(text);
                if (_isShuttingDown && !_toldDown && _demo.Alice.Desk.IsDown)
                {
                    _toldDown = true;
                    _inbox.TryAdd(new UiSignal.Down());
                }

                var ahead = world.NextEventAt is { } next ? next - _clock.Now : Standstill;
                if (ahead > TimeSpan.Zero) _wake.WaitOne((int)Math.Ceiling(Math.Min(ahead.TotalMilliseconds, Standstill.TotalMilliseconds)));
            }
        }
        catch (Exception e)
        {
            _inbox.TryAdd(new UiSignal.Crashed(e));
        }
    }
}
