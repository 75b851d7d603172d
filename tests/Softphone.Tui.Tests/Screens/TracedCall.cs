using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>
/// A whole call between two phones in the virtual internet, and somebody who looks at it on a screen: what is shown was done by the machines
/// that run on real sockets, at virtual times that are the same in every run.
/// </summary>
internal sealed class TracedCall : IDisposable
{
    private readonly VirtualDesk _alice;

    public TracedCall(DemoOptions options, Func<PhoneOptions, PhoneOptions>? adjust = null)
    {
        Demo = new DemoWorld(options);
        Bob = new VirtualDesk(Demo.HostB, new PlainCodec());
        Bob.AddUser("bob", Both);
        _alice = new VirtualDesk(Demo.HostA, new PlainCodec());
        _alice.AddUser("alice", Both);
        _alice.Shell.Says = new Media.ToneGenerator(Media.Tone.Parse("440 1/0"), -18);
        For(1);
        Person = new Person(_alice.View);

        PhoneOptions Both(PhoneOptions phone)
        {
            // Two ports, so that the checks on RTP and on RTCP are both seen.
            phone = phone with { Mux = Sdp.RtcpMuxPolicy.Off, Referrals = ReferralPolicy.Follow, Answering = phone.Name == "bob" ? new AnswerPolicy.Auto(TimeSpan.FromSeconds(1), () => new CallOptions()) : phone.Answering };
            return adjust?.Invoke(phone) ?? phone;
        }
    }

    public DemoWorld Demo { get; }

    public VirtualDesk Bob { get; }

    public VirtualDesk Alice => _alice;

    /// <summary>Who looks at alice's screen.</summary>
    public Person Person { get; }

    public World World => Demo.World;

    public CallView Call => See().Calls[0];

    /// <summary>Calls bob and opens a screen of that call.</summary>
    /// <param name="key">"i", "s" or "p".</param>
    public TracedCall Dial(string key)
    {
        _alice.Do(new PhoneCommand.Dial("sip:bob@lab.test"));
        See();
        Person.Type(key);
        See();
        return this;
    }

    /// <summary>Both phones behind NATs of these types, with STUN and TURN unless the adjustment takes them away.</summary>
    public static TracedCall Between(string natA, string natB, Func<PhoneOptions, PhoneOptions>? adjust = null) =>
        new(new DemoOptions { NatA = NatBehavior.Named(natA), NatB = NatBehavior.Named(natB) }, adjust);

    /// <summary>Without TURN.</summary>
    public static PhoneOptions WithoutRelay(PhoneOptions phone) => phone with { Nat = phone.Nat with { TurnServers = [] }, SipTransports = SipTransports.Tcp };

    /// <summary>Runs until this holds of the call.</summary>
    public TracedCall Until(Func<CallView, bool> holds)
    {
        Assert.True(World.RunUntil(() => _alice.Call is { } call && holds(call), World.Now + TimeSpan.FromMinutes(3)), "it never came to that");
        See();
        return this;
    }

    /// <summary>Runs so many seconds; the person looks on.</summary>
    public TracedCall For(double seconds)
    {
        World.RunUntil(World.Now + TimeSpan.FromSeconds(seconds));
        if (Person is not null) See();
        return this;
    }

    /// <summary>What alice asks.</summary>
    public TracedCall Do(PhoneCommand command)
    {
        _alice.Do(command);
        return this;
    }

    /// <summary>The screen at one of the sizes, without the header and the footer that every screen has.</summary>
    public Surface Look(int width, int height) => Within(Person, width, height);

    /// <summary>What somebody sees between header and footer.</summary>
    public static Surface Within(Person person, int width, int height)
    {
        person.Frame.Resize(width, height);
        var frame = person.Look();
        frame.Fill(frame.Bounds.CutRows(1).Cut, Style.Plain);
        frame.Fill(frame.Bounds.CutRows(-1).Cut, Style.Plain);
        return frame;
    }

    public void Dispose()
    {
        _alice.Dispose();
        Bob.Dispose();
    }

    private PhoneView See()
    {
        _alice.Desk.Watch = Person.Session.Watched;
        var view = _alice.View;
        Person.See(view);
        return view;
    }
}
