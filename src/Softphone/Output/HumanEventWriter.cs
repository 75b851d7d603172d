namespace Softphone.Cli;

/// <summary>The same events as lines for a person; those that only a script wants are left out.</summary>
internal sealed class HumanEventWriter(TextWriter output, bool colour) : IEventWriter
{
    private readonly PlainWriter _output = PlainWriter.Over(output);

    public void Write(OutputEvent happened)
    {
        if (HumanText.Of(happened) is not { } line) return;
        _output.Write(line, colour ? ColourOf(happened) : "");
        _output.WriteLine();
        _output.Flush();
    }

    private static string ColourOf(OutputEvent happened) => happened switch
    {
        OutputEvent.Registration { State: "failed" } => "31",
        OutputEvent.IceState { State: "failed" or "disconnected" } => "31",
        OutputEvent.CallEnd { Audio: not "two-way" } or OutputEvent.CallEnd { Expect.Failed.Count: > 0 } or OutputEvent.MatrixCell { Ok: false } or OutputEvent.Scenario { Ok: false } => "31",
        OutputEvent.Registration { State: "registered" } or OutputEvent.CallState { State: "connected" } or OutputEvent.CallEnd => "32",
        OutputEvent.IceSelected => "36",
        OutputEvent.IceCandidate or OutputEvent.IceState or OutputEvent.Media => "2",
        _ => "",
    };
}
