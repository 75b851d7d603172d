using System.Text;

namespace Softphone.Terminal.Tests;

/// <summary>Themes: what they promise of contrast and of eyes that see no red or no green, and that they change nothing where there is no colour.</summary>
public sealed class ThemeTests
{
    private static readonly Color[] Signals = [Color.Red, Color.Green, Color.Yellow, Color.Cyan, Color.Grey, Color.Magenta, Color.Blue, Color.White, Color.Default];

    public static TheoryData<string> Painted => [.. Theme.All.Where(t => !t.Ground.IsDefault).Select(t => t.Name)];

    [Fact]
    public void Themes_AreFour_EachWithItsName()
    {
        Assert.Equal(["terminal", "dark", "light", "colour-blind"], Theme.All.Select(t => t.Name));
        foreach (var theme in Theme.All) Assert.Same(theme, Theme.Named(theme.Name.ToUpperInvariant()));
        Assert.Null(Theme.Named("solarized"));
        Assert.Same(Theme.Terminal, Theme.All[^1].Next());
    }

    /// <summary>WCAG 2.1: 4.5 to 1 for text.</summary>
    [Theory]
    [MemberData(nameof(Painted))]
    public void Colour_OfATheme_StandsOutFromItsGround(string name)
    {
        var theme = Theme.Named(name)!;
        foreach (var signal in Signals) Assert.True(Contrast(theme.Of(signal, false), theme.Ground) >= 4.5, $"{name}: {signal} {Contrast(theme.Of(signal, false), theme.Ground):0.0}");
    }

    /// <summary>Well, warning and wrong differ for those who lack one kind of cone (matrices of Viénot, Brettel and Mollon 1999).</summary>
    [Theory]
    [InlineData("protan", 0.11238, 0.88762, 0, 0.11238, 0.88762, 0, 0.00401, -0.00401, 1)]
    [InlineData("deutan", 0.29275, 0.70725, 0, 0.29275, 0.70725, 0, -0.02234, 0.02234, 1)]
    public void ColourBlindTheme_ForEyesWithoutOneCone_KeepsItsSignalsApart(string eye, double rr, double rg, double rb, double gr, double gg, double gb, double br, double bg, double bb)
    {
        var theme = Theme.Named("colour-blind")!;
        var seen = new[] { Color.Red, Color.Green, Color.Yellow }.Select(c => See(theme.Of(c, false))).ToList();
        for (var i = 0; i < seen.Count; i++)
            for (var j = i + 1; j < seen.Count; j++)
                Assert.True(Distance(seen[i], seen[j]) > 0.25, $"{eye}: {i} and {j} are {Distance(seen[i], seen[j]):0.00} apart");

        (double R, double G, double B) See(Color color)
        {
            var (r, g, b) = (Linear(color.R), Linear(color.G), Linear(color.B));
            return (rr * r + rg * g + rb * b, gr * r + gg * g + gb * b, br * r + bg * g + bb * b);
        }
    }

    [Theory]
    [InlineData("dark", "\e[38;2;139;209;124")]
    [InlineData("light", "\e[38;2;30;107;52")]
    [InlineData("colour-blind", "\e[38;2;86;180;233")]
    [InlineData("terminal", "\e[32")]
    public void Renderer_WithATheme_WritesItsColours(string name, string octets)
    {
        var frame = new Surface(4, 1);
        frame.Write(0, 0, "ok", Color.Green);
        var renderer = new Renderer(new TerminalFeatures(true, ColorMode.Exact, false)) { Theme = Theme.Named(name)! };
        Assert.Contains(octets, Encoding.UTF8.GetString(renderer.Draw(frame)), StringComparison.Ordinal);
    }

    [Fact]
    public void Renderer_WithoutColours_WritesTheSameInEveryTheme()
    {
        var frame = new Surface(6, 2);
        frame.Write(0, 0, "bad", new Style(Color.Red, Emphasis: Emphasis.Bold));
        frame.Write(0, 1, "well", Color.Green);
        var written = Theme.All.Select(t => Encoding.UTF8.GetString(new Renderer(new TerminalFeatures(true, ColorMode.None, false)) { Theme = t }.Draw(frame)).Replace(" ", "", StringComparison.Ordinal));
        Assert.All(written, w => Assert.DoesNotContain("8;2;", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Renderer_WithAnotherTheme_DrawsAllAnew()
    {
        var frame = new Surface(5, 1);
        frame.Write(0, 0, "hello");
        var renderer = new Renderer(new TerminalFeatures(true, ColorMode.Exact, false));
        renderer.Draw(frame);
        Assert.True(renderer.Draw(frame).IsEmpty);
        renderer.Theme = Theme.Named("dark")!;
        Assert.Contains("hello", Encoding.UTF8.GetString(renderer.Draw(frame)), StringComparison.Ordinal);
        Assert.True(renderer.Draw(frame).IsEmpty);
    }

    /// <summary>The console of Linux has the glyphs of code page 437; letters are left as they are.</summary>
    [Theory]
    [InlineData("●○◐✗✓▸▮▯▁▄█⇄✉…", "■oox√►█░_▄█↔M~")]
    [InlineData("┌─┐│└┘├┤┬┴┼", "┌─┐│└┘├┤┬┴┼")]
    [InlineData("→←▲▼·", "→←▲▼·")]
    [InlineData("Zoë Müller", "Zoë Müller")]
    public void Renderer_OnTheConsole_DrawsMarksThatItsFontHas(string text, string shown)
    {
        var features = TerminalFeatures.From(name => name switch { "TERM" => "linux", "LANG" => "C.UTF-8", _ => null });
        Assert.True(features.IsConsole);
        var frame = new Surface(20, 1);
        frame.Write(0, 0, text);
        Assert.Contains(shown, Encoding.UTF8.GetString(new Renderer(features).Draw(frame)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xterm-256color")]
    [InlineData("screen")]
    public void Features_OfAnotherTerminal_AreNoConsole(string term) => Assert.False(TerminalFeatures.From(name => name == "TERM" ? term : name == "LANG" ? "C.UTF-8" : null).IsConsole);

    private static double Contrast(Color one, Color other)
    {
        var (a, b) = (Light(one), Light(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Light(Color color) => 0.2126 * Linear(color.R) + 0.7152 * Linear(color.G) + 0.0722 * Linear(color.B);

    private static double Linear(byte value) => value / 255.0 is var v && v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

    private static double Distance((double R, double G, double B) a, (double R, double G, double B) b) =>
        Math.Sqrt(Math.Pow(a.R - b.R, 2) + Math.Pow(a.G - b.G, 2) + Math.Pow(a.B - b.B, 2));
}
