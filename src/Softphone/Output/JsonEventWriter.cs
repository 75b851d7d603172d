namespace Softphone.Cli;

/// <summary>
/// One JSON object a line, each written out at once so that a pipe sees it. Characters that turn the direction of writing, which JSON does
/// not escape by itself, are escaped as it would.
/// </summary>
internal sealed class JsonEventWriter : IEventWriter
{
    private readonly PlainWriter _output;

    public JsonEventWriter(TextWriter output)
    {
        _output = PlainWriter.Over(output);
        // Each part of the runtime that is loaded holds files open, and the process ends where it gets none: those that writing needs are
        // loaded while there are some, so that what is kept back for them is counted before calls are taken.
        JsonEvents.Line(new OutputEvent.CallRefused { T = default, Why = "stranger", Status = 404, Peer = "sip:\u202e\"@x", Target = "sip:x", Addr = "127.0.0.1:5060", Count = 1 });
    }

    public void Write(OutputEvent happened)
    {
        _output.Write(JsonEvents.Line(happened) + "\n");
        _output.Flush();
    }
}
