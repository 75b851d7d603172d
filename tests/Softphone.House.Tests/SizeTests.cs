namespace Softphone.House.Tests;

/// <summary>No type grows into a house of its own: a part of a thing is a type with its own fields, timers and tests.</summary>
public class SizeTests
{
    private static readonly string Known = Path.Combine(House.Top, "tests", "Softphone.House.Tests", "sizes.txt");

    /// <summary>Those that were larger before anything looked stand in sizes.txt with their measures; none may grow beyond them (lines in steps of fifty).</summary>
    [Fact]
    public void Types_StayWithinTheirMeasure()
    {
        var large = TypeSize.All.Where(SizeLimit.IsLarge).OrderBy(t => $"{t.Room}.{t.Name}", StringComparer.Ordinal).ToList();
        if (Environment.GetEnvironmentVariable("SOFTPHONE_GOLDEN") == "renew")
        {
            File.WriteAllText(Known, string.Concat(large.Select(t => $"{t.Room}.{t.Name}: {Math.Max(SizeLimit.Lines, (t.Lines + 49) / 50 * 50)} lines, {Math.Max(SizeLimit.Fields, t.Fields)} fields, {Math.Max(SizeLimit.Parts, t.Parts)} parts\n")));
            return;
        }

        var known = File.ReadAllLines(Known).ToDictionary(l => l.Split(':')[0], l => l.Split(": ")[1].Split(", ").Select(n => int.Parse(n.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)).ToArray());
        var grown =
            from type in large
            let most = known.GetValueOrDefault($"{type.Room}.{type.Name}") ?? [SizeLimit.Lines, SizeLimit.Fields, SizeLimit.Parts]
            where type.Lines > most[0] || type.Fields > most[1] || type.Parts > most[2]
            select $"{type.Room}.{type.Name}: {type.Lines} lines, {type.Fields} fields, {type.Parts} parts; {most[0]}, {most[1]} and {most[2]} are allowed";
        Assert.Empty(grown);
    }

    /// <summary>The measure itself: a type of this test's own knowledge is found, with all its parts.</summary>
    [Fact]
    public void Measure_CountsAllPartsOfAType()
    {
        var agent = TypeSize.All.Single(t => t.Name == "SipAgent");
        var files = Directory.GetFiles(Path.Combine(House.Top, "src", "Softphone.Sip", "Agent"), "SipAgent*.cs");
        Assert.Equal(files.Count(f => File.ReadAllText(f).Contains(" class SipAgent", StringComparison.Ordinal)), agent.Parts);
        Assert.InRange(agent.Lines, agent.Parts * 5, files.Sum(f => File.ReadAllLines(f).Length));
        Assert.True(agent.Fields > 0 && agent.Mutable <= agent.Fields);
    }
}
