using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Terminal;
using Softphone.Tui;

namespace Softphone.Cli.Tests;

/// <summary>A call of the virtual internet that is over, with its record; and what a person sees of a record.</summary>
internal static class RecordedCall
{
    private static readonly Lazy<(HistoryEntry Row, CallView Record, Instant Now, DateTimeOffset Clock)> Made = new(Make);

    public static HistoryEntry Row => Made.Value.Row;

    public static CallView Record => Made.Value.Record;

    public static Instant Now => Made.Value.Now;

    public static DateTimeOffset Clock => Made.Value.Clock;

    /// <summary>Its page, its ladder and its ICE, as text.</summary>
    public static string Screens(CallView record, HistoryEntry row)
    {
        var shown = row with { Number = 1, Record = RecordPlace.Memory, Call = record.Id };
        var machine = new TuiMachine(new TuiSetup());
        machine.Show(Now, new PhoneView { Now = Now, Clock = Clock, Past = [record], History = [shown] });
        var surface = new Surface(160, 50);
        var text = "";
        foreach (var keys in new[] { "Hp", "s", "i", "\r", "\u001b", "s\r" })
        {
            foreach (var key in keys)
                machine.Handle(Now, new InputEvent.Key(key switch { '\r' => KeyCode.Enter, '\u001b' => KeyCode.Escape, _ => KeyCode.Character }, key >= ' ' ? new System.Text.Rune(key) : default));
            machine.Draw(surface);
            text += surface;
        }

        return text;
    }

    private static (HistoryEntry Row, CallView Record, Instant Now, DateTimeOffset Clock) Make()
    {
        var demo = new DemoWorld(new Softphone.Lab.DemoOptions { NatA = NatBehavior.Named("symmetric"), NatB = NatBehavior.Named("port-restricted") });
        using var bob = new VirtualDesk(demo.HostB, CodecFactory.Instance);
        bob.AddUser("bob", o => o with { Codecs = [Sdp.SdpCodec.Pcmu], Answering = new AnswerPolicy.Auto(TimeSpan.FromSeconds(1), () => new CallOptions()) });
        using var alice = new VirtualDesk(demo.HostA, CodecFactory.Instance);
        alice.AddUser("alice", o => o with { Codecs = [Sdp.SdpCodec.Pcmu] }, records: new RecordSettings(OnDisk: true));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(2));
        alice.Do(new PhoneCommand.Dial("sip:bob@lab.test"));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(10));
        alice.Do(new PhoneCommand.Dtmf(alice.Call!.Id, "1234"));
        alice.Do(new PhoneCommand.Hangup(alice.Call!.Id));
        demo.World.RunUntil(demo.World.Now + TimeSpan.FromSeconds(20));
        var view = alice.View;
        return (view.History[0], view.Past[0], demo.World.Now, view.Clock);
    }
}
