using Softphone.Core;
using Softphone.Lab;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>Alice and bob behind a NAT each and carol at a public address, with a voice each; who hears whom is read from what they play.</summary>
internal sealed class TransferBench : IDisposable
{
    private static readonly string[] Names = ["alice", "bob", "carol"];

    private readonly Dictionary<string, Person> _people = [];

    public TransferBench(NatBehavior? nat = null, Func<string, PhoneOptions, PhoneOptions>? adjust = null)
    {
        Demo = new DemoWorld(new DemoOptions { NatA = nat ?? NatBehavior.None, NatB = nat ?? NatBehavior.None });
        var host = Demo.World.AddHost("hostC", Demo.World.Public, IpAddress.Parse("203.0.113.77"), Link.OfMilliseconds(10));
        foreach (var name in Names) _people.Add(name, new Person(name, name == "alice" ? Demo.HostA : name == "bob" ? Demo.HostB : host, adjust));
        foreach (var person in _people.Values)
        {
            person.Phone.Do((m, now) => m.Start(now));
            person.Phone.Do((m, now) => m.Register(now, person.Account));
        }

        Until(() => _people.Values.All(p => p.Phone.Events.OfType<PhoneEvent.Registration>().Any(r => r.State == RegistrationState.Registered)), 10, "all registered");
    }

    public DemoWorld Demo { get; }

    public Instant Now => Demo.World.Now;

    public Person this[string name] => _people[name];

    public static SipUri Uri(string name) => SipUri.Parse($"sip:{name}@{DemoWorld.Domain}");

    public void Dispose()
    {
        foreach (var person in _people.Values) person.Phone.Machine.Dispose();
    }

    /// <summary>One calls another, and both are connected; the calls of both sides.</summary>
    public (CallId Out, CallId In) Connect(string from, string to)
    {
        CallId call = default;
        this[from].Phone.Do((m, now) => call = m.Call(now, this[from].Account, Uri(to), this[from].Options));
        Until(() => this[from].State(call) == CallState.Connected && this[to].Calls.Any() && this[to].State(this[to].Calls.Last()) == CallState.Connected, 15, $"{from} and {to} connected");
        return (call, this[to].Calls.Last());
    }

    public void Run(double seconds) => Demo.World.RunUntil(Now + TimeSpan.FromSeconds(seconds));

    public void Until(Func<bool> done, double seconds, string what)
    {
        if (!Demo.World.RunUntil(done, Now + TimeSpan.FromSeconds(seconds))) Fail($"not within {seconds} s: {what}");
    }

    /// <summary>These two hear each other, and nobody else hears anybody.</summary>
    public void OnlyTheseTalk(string a, string b)
    {
        foreach (var person in _people.Values) person.Ear.Forget();
        Run(1);
        foreach (var one in Names)
            foreach (var other in Names)
                if (one != other) That(this[one].Ear.Hears(this[other].Tone) == ((one, other) == (a, b) || (one, other) == (b, a)), $"{one} {(this[one].Ear.Hears(this[other].Tone) ? "hears" : "does not hear")} {other}");
    }

    /// <summary>All phones shut down, and nothing of them is left.</summary>
    public void ShutDown()
    {
        foreach (var person in _people.Values) person.Phone.Do((m, now) => m.Shutdown(now));
        Until(() => _people.Values.All(p => CallBench.IsDown(p.Phone)), 4, "all shut down");
        Run(1);
        That(Demo.Turn.Allocations == 0, $"{Demo.Turn.Allocations} TURN allocations left");
        That(Demo.Sip.Bindings == 0, $"{Demo.Sip.Bindings} registrations left");
    }

    public void That(bool holds, string what)
    {
        if (!holds) Fail(what);
    }

    public void Fail(string what) => Assert.Fail($"{what}\n{Transcript.Of("a transfer", [.. _people.Values.Select(p => p.Phone)])}");

    /// <summary>One of the three.</summary>
    internal sealed class Person
    {
        public Person(string name, VirtualHost host, Func<string, PhoneOptions, PhoneOptions>? adjust)
        {
            Tone = 400 + 350 * Array.IndexOf(Names, name);
            var options = new PhoneOptions
            {
                Name = name,
                Codecs = [SdpCodec.Pcmu],
                Answering = new AnswerPolicy.Auto(TimeSpan.FromMilliseconds(500), () => Options),
                Referrals = ReferralPolicy.Follow,
                Nat = new NatSettings
                {
                    StunServers = [new ServerName($"turn.{DemoWorld.Domain}", DemoWorld.StunAddress.Port)],
                    TurnServers = [.. DemoCall.TurnAccounts(name)],
                },
            };
            Phone = new VirtualPhone(host, adjust?.Invoke(name, options) ?? options, CodecFactory.Instance);
            Account = Phone.Machine.AddAccount(new SipAccount { Aor = Uri(name), Password = DemoWorld.PasswordOf(name), Registrar = SipUri.Parse($"sip:{DemoWorld.Domain}") });
        }

        public VirtualPhone Phone { get; }

        public AccountId Account { get; }

        public int Tone { get; }

        public Ear Ear { get; } = new();

        public CallOptions Options => new() { Source = new Voice(Tone), Sink = Ear };

        /// <summary>Its calls, oldest first.</summary>
        public IEnumerable<CallId> Calls => Phone.Events.OfType<PhoneEvent.CallChanged>().Select(c => c.Call).Distinct();

        public IEnumerable<TransferState> Transfers => Phone.Events.OfType<PhoneEvent.TransferChanged>().Select(t => t.State);

        public CallState State(CallId call) => Phone.Events.OfType<PhoneEvent.CallChanged>().Last(c => c.Call == call).State;

        public CallSummary? Summary(CallId call) => Phone.Events.OfType<PhoneEvent.CallEnded>().LastOrDefault(c => c.Call == call)?.Summary;
    }
}
