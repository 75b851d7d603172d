using System.Text;
using Softphone.Lab;
using Softphone.Phone;

namespace Softphone.Scenarios;

/// <summary>How soon both hear each other after the answer, on lines without delay, so that only the phones' own waiting counts.</summary>
public sealed class FirstAudioTests
{
    private static readonly string[] _types = ["none", "full-cone", "restricted-cone", "port-restricted", "symmetric"];

    [Fact]
    [Rfc("8839", "7.1", Line = "I30")]
    public void FirstAudio_AfterRingingHalfASecond_ComesWithOneFrame()
    {
        var (table, all) = Measure(TimeSpan.FromMilliseconds(500));
        Assert.True(all[^1] <= 20, table);
    }

    [Fact]
    public void FirstAudio_AnsweredAtOnce_MedianAndWorstAreShort()
    {
        var (table, all) = Measure(TimeSpan.Zero);
        Assert.True(all[all.Count / 2] <= 35 && all[^1] <= 150, table);
    }

    private static (string Table, List<double> Sorted) Measure(TimeSpan ringing)
    {
        var table = new StringBuilder("first audio after the answer, ms, alice/bob\n");
        var all = new List<double>();
        var (worst, story) = (-1.0, "");
        foreach (var a in _types)
        {
            table.Append($"{a,-16}");
            foreach (var b in _types)
            {
                using var bench = new CallBench(
                    new DemoOptions { NatA = NatBehavior.Named(a), NatB = NatBehavior.Named(b), Latency = TimeSpan.Zero }, new BenchOptions { Ringing = ringing });
                bench.Register().Dial(new CallOptions { Duration = TimeSpan.FromSeconds(2) });
                var (alice, bob) = bench.UntilEnded(30);
                foreach (var side in new[] { alice, bob })
                {
                    bench.That(side.FirstAudio is not null, $"no audio: {side.Explanation}");
                    all.Add(side.FirstAudio!.Value.TotalMilliseconds);
                }

                if (Math.Max(all[^1], all[^2]) > worst) (worst, story) = (Math.Max(all[^1], all[^2]), Transcript.Of(bench));

                table.Append($"{alice.FirstAudio!.Value.TotalMilliseconds,7:0.0}/{bob.FirstAudio!.Value.TotalMilliseconds,-7:0.0}");
            }

            table.AppendLine();
        }

        all.Sort();
        table.AppendLine($"median {all[all.Count / 2]:0.0}, worst {all[^1]:0.0}");
        return (table.Append(story).ToString(), all);
    }
}
