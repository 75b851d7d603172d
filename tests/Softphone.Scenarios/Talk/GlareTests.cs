using Softphone.Lab;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Scenarios;

/// <summary>
/// Two whole phones that offer at the same moment, over lines that lose packets: 491 as long as an offer can be answered, and each of both
/// gets its way in the end (RFC 3261 §14.1, §14.2).
/// </summary>
public sealed class GlareTests
{
    private const int Seeds = 4;

    /// <summary>Both put the call on hold, both take it back, at once or a few milliseconds apart; what a resume finds under way is put right after it.</summary>
    [Theory]
    [InlineData(0, 0, 20)]
    [InlineData(0.05, 0, 20)]
    [InlineData(0.15, 10, 20)]
    [Rfc("3261", "14.1", Line = "sip I10")]
    [Rfc("3261", "14.2")]
    public void Offers_OfBothAtOnce_OverALossyLine_BothComeThroughAndNoneIsTakenBesideAnother(double loss, int apart, int latency)
    {
        var refused = 0;
        for (var seed = 1UL; seed <= Seeds; seed++) refused += Talk(seed, loss, TimeSpan.FromMilliseconds(apart), TimeSpan.FromMilliseconds(latency));
        Assert.True(refused >= Seeds, $"{refused} offers met another one in {Seeds} calls: the claim is hollow");
    }

    /// <summary>The number of 491 that were sent.</summary>
    private static int Talk(ulong seed, double loss, TimeSpan apart, TimeSpan latency)
    {
        using var bench = new CallBench(new DemoOptions { Seed = seed, Latency = latency, Loss = loss });
        bench.Register(60).Dial();
        bench.Until(() => CallBench.States(bench.Alice).Contains(CallState.Connected) && CallBench.States(bench.Bob).Contains(CallState.Connected), 60, $"seed {seed}: connected");
        bench.Run(5);
        foreach (var hold in new[] { true, false })
        {
            var (first, second) = seed % 2 == 0 ? (bench.Alice, bench.Bob) : (bench.Bob, bench.Alice);
            Hold(first, hold);
            bench.Run(apart.TotalSeconds);
            Hold(second, hold);
            bench.Until(() => IsTold(bench, bench.Alice, hold) && IsTold(bench, bench.Bob, hold), 90, $"seed {seed}: both have their way, hold {hold}");
            bench.Run(10);
            bench.That(IsTold(bench, bench.Alice, hold) && IsTold(bench, bench.Bob, hold), $"seed {seed}: both had their way, hold {hold}, and have not any more");
        }

        foreach (var phone in new[] { bench.Alice, bench.Bob }) NeverTakesAnOfferBesideItsOwn(bench, phone, seed);
        return Messages(bench.Alice).Concat(Messages(bench.Bob)).Count(m => m is { IsSent: true, IsRepeat: false } && m.StartLine.StartsWith("SIP/2.0 491", StringComparison.Ordinal));
    }

    private static void Hold(VirtualPhone phone, bool hold) =>
        phone.Do((m, now) => m.Hold(now, Current(phone), hold));

    /// <summary>The call, or the one that took its place where neither side's offers came through for long.</summary>
    private static CallId Current(VirtualPhone phone) =>
        phone.Events.OfType<PhoneEvent.CallChanged>().GroupBy(c => c.Call).Last(g => g.Last().State != CallState.Ended || g.Key == phone.Events.OfType<PhoneEvent.CallChanged>().Last().Call).Key;

    /// <summary>It shows this state: held while either side holds, connected once both have taken it back.</summary>
    private static bool IsTold(CallBench bench, VirtualPhone phone, bool hold) =>
        phone.Machine.Snapshot(bench.Now, Current(phone)) is { } call && call.State == (hold ? CallState.Held : CallState.Connected);

    private static IEnumerable<SipTrace.Message> Messages(VirtualPhone phone) => phone.Machine.Trace.Entries.OfType<SipTrace.Message>();

    /// <summary>Between a re-INVITE of its own and the final answer to it no offer of the peer's gets 200.</summary>
    private static void NeverTakesAnOfferBesideItsOwn(CallBench bench, VirtualPhone phone, ulong seed)
    {
        string? open = null;
        foreach (var message in Messages(phone))
        {
            if (message.IsRepeat || CSeqOf(message) is not { } number || !number.EndsWith(SipMethod.Invite, StringComparison.Ordinal)) continue;
            var status = message.StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? message.StartLine.AsSpan(8, 3) : default;
            if (message.IsSent && status.IsEmpty) open = number;
            else if (!message.IsSent && number == open && status is not ("" or ['1', ..])) open = null;
            else bench.That(open is null || !message.IsSent || status is not "200", $"seed {seed}: 200 at {message.At} while {open} was open");
        }
    }

    private static string? CSeqOf(SipTrace.Message message) =>
        message.Text.Split('\n').FirstOrDefault(l => l.StartsWith("CSeq: ", StringComparison.Ordinal))?.TrimEnd();
}
