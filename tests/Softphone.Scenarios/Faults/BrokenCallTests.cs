using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// A call that throws ends, its peer is told, and the phone goes on: another call of the same phone loses no packet, and nothing of the
/// broken one stays.
/// </summary>
public sealed class BrokenCallTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<Flaw> Flaws => [.. Enum.GetValues<Flaw>()];

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Call_ThatThrows_EndsAloneAndIsTold(Flaw flaw)
    {
        using var bench = new Bench(flaw);
        var sound = bench.Dial("ann");
        bench.Run(3 * Second);
        bench.Broken.IsArmed = flaw is Flaw.EncoderIsMade or Flaw.DecoderIsMade;
        var faulty = bench.Dial("eve");
        bench.Run(2 * Second);
        bench.Broken.IsArmed = true;
        if (flaw == Flaw.EncoderIsDisposed) bench.Bob.Do((m, now) => m.Hangup(now, new CallId(2)));
        bench.Run(10 * Second);

        // The one is over for both, and told once.
        var end = Assert.Single(bench.Bob.Events.OfType<PhoneEvent.CallEnded>());
        Assert.Equal(new CallId(2), end.Call);
        Assert.NotEmpty(bench.Eve.Events.OfType<PhoneEvent.CallEnded>());
        Assert.InRange(bench.Broken.Thrown, 1, 4);
        Assert.InRange(bench.Bob.Events.OfType<PhoneEvent.Broke>().Count(), 1, 3);
        Assert.Contains(bench.Bob.Machine.Trace.Entries, e => e is CallTrace.Broke { Error: nameof(FaultyException) });
        if (flaw != Flaw.EncoderIsDisposed) Assert.Equal((500, CallEndCause.Error, Layer.Internal), (end.Summary.Status, end.Summary.Cause, end.Summary.Fault?.Layer));
        if (flaw is Flaw.EncoderIsMade or Flaw.DecoderIsMade) Assert.Equal(500, bench.Eve.Events.OfType<PhoneEvent.CallEnded>().Single().Summary.Status);

        // The other has heard every packet.
        var media = bench.Bob.Machine.Snapshot(bench.Now, new CallId(1))!.Media!;
        Assert.Equal(CallState.Connected, bench.Ann.Machine.Snapshot(bench.Now, sound)!.State);
        Assert.InRange(media.Rx.Packets, 730, 760);
        Assert.Equal(0, media.Rx.Lost);
        Assert.InRange(media.Tx.Packets, 730, 760);
        Assert.Null(bench.Eve.Machine.Snapshot(bench.Now, faulty));
    }

    [Fact]
    public void Phone_AfterABrokenCall_TakesAndEndsTheNext()
    {
        using var bench = new Bench(Flaw.SinkWrites);
        bench.Broken.IsArmed = true;
        for (var i = 0; i < 3; i++)
        {
            bench.Dial("eve");
            bench.Run(5 * Second);
        }

        Assert.Equal(3, bench.Bob.Events.OfType<PhoneEvent.CallEnded>().Count());
        var good = bench.Dial("ann");
        bench.Run(5 * Second);
        Assert.Equal(CallState.Connected, bench.Ann.Machine.Snapshot(bench.Now, good)!.State);
        bench.Bob.Do((m, now) => m.Shutdown(now));
        bench.Run(5 * Second);
        Assert.Contains(bench.Bob.Events, e => e is PhoneEvent.ShutDown);
        Assert.Equal(0, bench.BobsSockets);
    }

    private sealed class Bench : IDisposable
    {
        private readonly World _world = new(7);
        private readonly VirtualHost _host;
        private readonly Dictionary<string, (VirtualPhone Phone, AccountId Account)> _callers = [];
        private int _dialled;

        public Bench(Flaw flaw)
        {
            Broken = new Faulty(flaw, new CodecFactory());
            _host = _world.AddHost("b", _world.Public, IpAddress.Parse("198.51.100.2"), Link.OfMilliseconds(5));
            var options = new PhoneOptions { Name = "bob", SipPort = 5060, Answering = new AnswerPolicy.Auto(TimeSpan.FromMilliseconds(200), () => OptionsOf(_dialled)) };
            Bob = new VirtualPhone(_host, options, Broken);
            Bob.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse("sip:bob@198.51.100.2") });
            Bob.Do((m, now) => m.Start(now));
            Ann = Add("ann", "198.51.100.11");
            Eve = Add("eve", "198.51.100.12");
        }

        public Faulty Broken { get; }

        public VirtualPhone Bob { get; }

        public VirtualPhone Ann { get; }

        public VirtualPhone Eve { get; }

        public Instant Now => _world.Now;

        public int BobsSockets => _host.OpenSockets;

        public CallId Dial(string who)
        {
            _dialled = who == "eve" ? 2 : 1;
            Broken.Marks = who == "eve";
            CallId id = default;
            var (phone, account) = _callers[who];
            phone.Do((m, now) => id = m.Call(now, account, SipUri.Parse("sip:bob@198.51.100.2"), new CallOptions()));
            return id;
        }

        public void Run(TimeSpan time) => _world.RunUntil(_world.Now + time);

        public void Dispose() => Bob.Machine.Dispose();

        /// <summary>The codecs are the phone's and serve both calls, so a flaw of theirs is switched on by the call that is to break.</summary>
        private CallOptions OptionsOf(int dialled) => dialled == 2 ? new CallOptions { Source = Broken, Sink = Broken } : new CallOptions();

        private VirtualPhone Add(string name, string address)
        {
            var phone = new VirtualPhone(_world.AddHost(name, _world.Public, IpAddress.Parse(address), Link.OfMilliseconds(5)), new PhoneOptions { Name = name }, new CodecFactory());
            _callers[name] = (phone, phone.Machine.AddAccount(new SipAccount { Aor = SipUri.Parse($"sip:{name}@{address}") }));
            phone.Do((m, now) => m.Start(now));
            return phone;
        }
    }
}
