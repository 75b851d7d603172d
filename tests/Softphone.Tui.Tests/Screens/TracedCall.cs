using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>
/// One whole call between two phones in the virtual internet, with views of it at any moment: what screens show in tests was done by the
/// machines that run on real sockets.
/// </summary>
internal sealed class TracedCall
{
    private static readonly CallId First = new(1);
    private static readonly DateTimeOffset Epoch = new(2026, 3, 14, 14, 2, 0, TimeSpan.Zero);

    private readonly CallRecords _alice;
    private readonly CallRecords _bob;

    public TracedCall(DemoOptions options, Func<PhoneOptions, PhoneOptions>? adjust = null)
    {
        Call = new DemoCall(new DemoWorld(options), new PlainCodec(), new CallOptions(), new CallOptions(), adjust);
        _alice = new CallRecords(Call.Alice.Machine);
        _bob = new CallRecords(Call.Bob.Machine);
        Call.Begin();
    }

    public DemoCall Call { get; }

    public World World => Call.World.World;

    public Instant Now => World.Now;

    public CallView Alice => View(Call.Alice, _alice);

    public CallView Bob => View(Call.Bob, _bob);

    /// <summary>Runs until this holds of alice's view.</summary>
    public TracedCall Until(Func<CallView, bool> holds)
    {
        Assert.True(World.RunUntil(() => holds(Alice), World.Now + TimeSpan.FromMinutes(3)), "it never came to that");
        return this;
    }

    public TracedCall For(double seconds)
    {
        World.RunUntil(World.Now + TimeSpan.FromSeconds(seconds));
        return this;
    }

    /// <summary>The phone's view with this call in it.</summary>
    public PhoneView Phone(CallView call) => new() { Now = Now, Clock = Epoch + (Now - Instant.Zero), Calls = [call], Account = "work" };

    private CallView View(VirtualPhone phone, CallRecords records)
    {
        var changes = phone.Events.OfType<PhoneEvent.CallChanged>().Where(e => e.Call == First).ToList();
        var ended = phone.Events.OfType<PhoneEvent.CallEnded>().FirstOrDefault();
        var answered = changes.Find(c => c.State == CallState.Connected);
        var snapshot = phone.Machine.Snapshot(Now, First);
        var trace = records.Of(First);
        return new CallView(First, changes.Count > 0 ? changes[^1].State : CallState.Dialing, changes.Count > 0 ? changes[0].Direction : CallDirection.Outgoing, changes.Count > 0 ? changes[0].Peer : "")
        {
            Account = "work",
            Began = trace.Count > 0 ? trace[0].At : Now,
            Talked = answered is null ? null : (ended?.At ?? Now) - answered.At,
            Path = snapshot?.Path ?? ended?.Summary.Path ?? "",
            Media = snapshot?.Media ?? ended?.Summary.Media,
            Ice = snapshot?.Ice,
            Explanation = ended?.Summary.Explanation ?? snapshot?.Explanation ?? "",
            Ending = ended is null ? "" : $"{ended.Summary.Status} {ended.Summary.Reason}",
            Trace = trace,
        };
    }
}
