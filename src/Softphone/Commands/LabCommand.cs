namespace Softphone.Cli;

/// <summary>softphone lab: what the virtual internet and its servers are good for besides the demo.</summary>
internal static class LabCommand
{
    /// <summary>The verb with the sub-verbs that have an engine; null when none has.</summary>
    public static Verb? Build(VerbHandlers handlers, VerbContext context)
    {
        var command = new Verb(
            "lab",
            "The laboratory: every NAT against every NAT in a virtual internet, what phones say of it put to the proof, and the servers of it on real sockets.",
            """
            softphone lab matrix
            softphone lab matrix --only symmetric,port-restricted --policy immediate
            softphone lab explain
            SOFTPHONE_LAB_PASSWORD=secret softphone lab serve
            """);
        if (handlers.LabMatrix is { } matrix) command.Add(MatrixCommand.Build(matrix, context));
        if (handlers.LabExplain is { } explain) command.Add(ExplainCommand.Build(explain, context));
        if (handlers.LabServe is { } serve) command.Add(ServeCommand.Build(serve, context));
        return command.Subcommands.Count == 0 ? null : command;
    }
}
