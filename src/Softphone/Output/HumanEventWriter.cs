namespace Softphone.Cli;

/// <summary>The same events as lines for a person; those that only a script wants are left out.</summary>
internal sealed class HumanEventWriter(TextWriter output, bool colour) : IEventWriter
{
    public void Write(OutputEvent happened)
    {
        if (HumanText.Of(happened) is not { } line) return;
        var code = colour ? ColourOf(happened) : "";
        output.WriteLine(code.Length == 0 ? line : $"\e[{code}m{line}\e[0m");
        output.Flush();
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
