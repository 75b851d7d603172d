using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>The lines of sound devices and codecs.</summary>
internal static class DeviceText
{
    private const int MeterWidth = 40;

    public static string? Of(OutputEvent happened) => happened switch
    {
        OutputEvent.Device e => Fill($"{e.Direction,-9} {e.Name}{(e.Default ? "  (default)" : "")}"),
        OutputEvent.CodecLibrary e => Fill($"{e.Name,-9} {e.Library}"),
        OutputEvent.DeviceChange e => Fill($"{e.Direction,-9} {e.Name} {Word(e.State)}{(e.Reason is null ? "" : $": {e.Reason}")}"),
        OutputEvent.DeviceLevel e => Fill($"level     {Bar(e.LevelDbfs, e.PeakDbfs)} {e.LevelDbfs,6:0.0} dB, peak {e.PeakDbfs,6:0.0}{(e.PeakDbfs > -0.1 ? "  TOO LOUD" : "")}"),
        OutputEvent.DeviceLoopback { Heard: true } e => Fill($"loopback  {e.Output} to {e.Input}: {e.DelayMs:0.0} ms"),
        OutputEvent.DeviceLoopback e => Fill($"loopback  {e.Input} did not hear {e.Output}: with a headset that is as it should be"),
        _ => null,
    };

    private static string Word(string state) => state switch
    {
        "open" => "is in use",
        "lost" => "is gone",
        "closed" => "is closed",
        _ => "cannot be used",
    };

    private static string Bar(double level, double peak)
    {
        Span<char> bar = stackalloc char[MeterWidth];
        bar.Fill('.');
        bar[..At(level)].Fill('#');
        if (At(peak) is > 0 and var at) bar[at - 1] = '|';
        return new string(bar);
    }

    /// <summary>Sixty decibels are the whole width.</summary>
    private static int At(double dbfs) => (int)Math.Clamp((dbfs + 60) / 60 * MeterWidth, 0, MeterWidth);
}
