using Softphone.Core;
using Softphone.Lab;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

public sealed class DumpTests
{
    [Theory]
    [InlineData("port-restricted", "port-restricted", "p")]
    [InlineData("symmetric", "symmetric", "p")]
    [InlineData("udp-blocked", "symmetric", "p")]
    [InlineData("symmetric", "symmetric", "i")]
    [InlineData("udp-blocked", "symmetric", "i")]
    [InlineData("symmetric", "symmetric", "s")]
    public void Dump(string a, string b, string key)
    {
        using var call = new TracedCall(new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b), Loss = 0.02, Jitter = TimeSpan.FromMilliseconds(8) }, a == "udp-blocked" ? p => p with { SipTransports = SipTransports.Tcp } : null).Dial(key);
        Directory.CreateDirectory("/tmp/shots");
        foreach (var stop in new double[] { 0.1, 0.4, 0.5, 1, 5, 40 })
        {
            call.For(stop);
            var o = new StringWriter();
            foreach (var (w, h) in new[] { (80, 24), (100, 30), (160, 50) })
            {
                o.WriteLine(new string('=', w));
                o.WriteLine(call.Look(w, h));
            }

            File.WriteAllText($"/tmp/shots/{key}-{a}-{b}-{stop}.txt", o.ToString());
        }
    }
}
