using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Cli.Tests;

/// <summary>nat: its flags and what it says.</summary>
public sealed class NatVerbTests : IDisposable
{
    private static readonly NatFinding Found = new(
        Dependence.EndpointIndependent, Dependence.AddressAndPortDependent, Address.Parse("10.0.0.5:5000"), Address.Parse("203.0.113.9:50000"), ["filtering II: silence"])
    {
        Hairpin = false,
        Fragments = true,
        RewritesPayloads = false,
        Confidence = 0.99995,
    };

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(300, "--lifetime")]
    [InlineData(60, "--lifetime", "60s")]
    public async Task Lifetime_WithTimeOrWithout_IsTheLongestLookedFor(int? seconds, params string[] flags)
    {
        var options = await _bench.OptionsAsync<NatOptions>(["nat", "--stun", "stun:stun.example.net", .. flags]);
        Assert.Equal(seconds, options.Lifetime?.TotalSeconds);
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("2h")]
    [InlineData("soon")]
    public async Task Lifetime_OutOfBounds_IsAUsageError(string time) =>
        Assert.Equal(2, await _bench.RunAsync("nat", "--stun", "stun:stun.example.net", "--lifetime", time));

    [Fact]
    [Rfc("5780", "4.6", Line = "D13")]
    public void Event_HasEveryVerdictTheLifetimeAndTheEvidence()
    {
        var lifetime = new NatLifetime.Event.Completed(TimeSpan.FromSeconds(29.7), TimeSpan.FromSeconds(31), ["after 29.7 s the binding lives"]);
        Assert.EndsWith(
            """
            "ev":"nat","mapping":"endpoint-independent","filtering":"address-and-port-dependent","hairpin":false,"classic":"port-restricted cone","mapped":"203.0.113.9:50000","lifetime_s":29,"fragments":true,"alg":false,"confidence":0.9999,"evidence":["filtering II: silence","lifetime: after 29.7 s the binding lives"]}
            """.Trim(),
            JsonEvents.Line(NatVerb.Event(Found, lifetime)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "\"sip_alg\":true", "A SIP ALG rewrites SIP over UDP on the way to the server (Via left as 10.0.0.2:5060 and came back as 192.0.2.1:5060): register over TLS")]
    [InlineData(false, "\"sip_alg\":false", "")]
    [InlineData(null, "\"evidence\":", "")]
    public void SipAlg_IsAVerdictAndEvidence_AndARemedyWhereThereIsOne(bool? rewrites, string json, string said)
    {
        var alg = new Softphone.Sip.AlgVerdict(rewrites, "Via left as 10.0.0.2:5060 and came back as 192.0.2.1:5060");
        var line = JsonEvents.Line(NatVerb.Event(Found, null, alg));
        Assert.Contains(json, line, StringComparison.Ordinal);
        Assert.Contains("SIP ALG: Via left as", line, StringComparison.Ordinal);
        Assert.Equal(rewrites is null, !line.Contains("sip_alg", StringComparison.Ordinal));
        var text = NatVerb.Outlook(Found, null, TimeSpan.FromSeconds(15), alg);
        Assert.Equal(said.Length > 0, text.Contains("SIP ALG", StringComparison.Ordinal));
        Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(29.7, 15, "lives 30 s: the keepalives of a registration, 15 s apart at most, hold it open.")]
    [InlineData(20, 15, "lives 20 s: the keepalives of a registration, 15 s apart at most, hold it open.")]
    [InlineData(12, 15, "up to 15 s apart, which is too long, so set account.keepalive to 9, or register over TCP or TLS.")]
    [InlineData(60, 60, "up to 60 s apart, which is too long, so set account.keepalive to 48, or register over TCP or TLS.")]
    [InlineData(6, 15, "up to 15 s apart, which is too long, so register over TCP or TLS.")]
    [InlineData(120, 0, "so long after each REGISTER calls get through, since account.keepalive is off; set it to auto, or register over TCP or TLS.")]
    public void Outlook_OnTheLifetime_SaysWhatTheKeepalivesOfThisProfileDo(double lifetime, int pause, string said) => Assert.EndsWith(
        said,
        NatVerb.Outlook(Found, new NatLifetime.Event.Completed(TimeSpan.FromSeconds(lifetime), TimeSpan.FromSeconds(lifetime + 1), []), TimeSpan.FromSeconds(pause)),
        StringComparison.Ordinal);

    [Fact]
    public void Text_ReadsLikeAReport()
    {
        Assert.Equal(
            """
            nat       port-restricted cone, seen as 203.0.113.9:50000
            mapping   endpoint-independent
            filtering address-and-port-dependent
            hairpin   no
            fragments pass
              filtering II: silence
            """.ReplaceLineEndings("\n"),
            HumanText.Of(NatVerb.Event(Found, null)));
        Assert.Contains("mapping   unknown", HumanText.Of(NatVerb.Event(Found with { Mapping = Dependence.Unknown }, null)), StringComparison.Ordinal);
    }
}
