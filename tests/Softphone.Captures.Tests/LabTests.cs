using Softphone.Captures;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Captures.Tests;

/// <summary>Whole phones call in the virtual internet, and a capture on either host is explained as the phone there explains its call.</summary>
public sealed class LabTests
{
    public static TheoryData<string, string> Types()
    {
        var data = new TheoryData<string, string>();
        string[] names = ["none", "firewall", "full-cone", "restricted-cone", "port-restricted", "symmetric", "udp-blocked"];
        foreach (var a in names)
            foreach (var b in names) data.Add(a, b);
        return data;
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Call_BetweenTwoNats_IsExplainedAsThePhoneDoes(string a, string b)
    {
        var (alice, bob, captures) = Run(new DemoOptions { NatA = Nat(a), NatB = Nat(b) });

        foreach (var (phone, wire) in new[] { (alice, captures["alice"]), (bob, captures["bob"]) })
        {
            var summary = DemoCall.Summary(phone);
            Assert.NotNull(summary);
            var capture = wire.Read();
            var dialog = capture.Dialogs.Single(d => d.Kind == SipDialogKind.Call && d.Ice.Count > 0);
            var said = dialog.Explanation[(dialog.Explanation.IndexOf(": ", StringComparison.Ordinal) + 2)..];

            Assert.True(summary.Explanation == said, $"the phone: {summary.Explanation}\nthe capture: {said}\n{string.Join('\n', dialog.Ice[^1].Ice.Local.Concat(dialog.Ice[^1].Ice.Remote).Select(c => c.Describe()))}\n{string.Join('\n', dialog.Ice[^1].Ice.Pairs.Select(q => q.Explain()))}");
            Assert.DoesNotContain(capture.Problems, p => p.Severity == Severity.Failure && p.Kind != ProblemKind.TurnRefused);
        }
    }

    [Fact]
    public void Call_ThatFindsNoPath_IsIceFailed()
    {
        var (alice, _, captures) = Run(new DemoOptions { NatA = Nat("symmetric"), NatB = Nat("symmetric") }, o => o with { Nat = o.Nat with { TurnServers = [] } });

        var summary = DemoCall.Summary(alice)!;
        var capture = captures["alice"].Read();

        Assert.Equal(Layer.Ice, summary.Fault?.Layer);
        Assert.Contains(capture.Problems, p => p.Kind == ProblemKind.IceFailed && p.Severity == Severity.Failure);
        Assert.Contains(ExplanationText.Remedies(summary.Why), capture.Problems.Single(p => p.Kind == ProblemKind.IceFailed).Remedy, StringComparison.Ordinal);
    }

    private static NatBehavior Nat(string name) => NatBehavior.Named(name);

    private static (VirtualPhone Alice, VirtualPhone Bob, Dictionary<string, WireScript> Captures) Run(DemoOptions options, Func<PhoneOptions, PhoneOptions>? adjust = null)
    {
        var world = new DemoWorld(options);
        var captures = new Dictionary<string, WireScript>();
        var call = new DemoCall(world, new PlainCodec(), new CallOptions { Duration = TimeSpan.FromSeconds(6) }, new CallOptions(), adjust, (name, machine) =>
        {
            var capture = new LabCapture(machine, name == "alice" ? world.HostA : world.HostB);
            captures[name] = capture.Wire;
            return capture;
        });
        call.Begin();
        world.World.RunUntil(() => call.IsOver, Instant.Zero + TimeSpan.FromMinutes(3));
        Assert.True(call.IsOver);
        return (call.Alice, call.Bob, captures);
    }
}
