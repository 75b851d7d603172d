namespace Softphone.Cli;

/// <summary>The engine behind one verb: everything about flags is done when it is called.</summary>
/// <typeparam name="TOptions">The record that the flags became.</typeparam>
internal interface IVerb<in TOptions>
{
    /// <summary>Does it, writing events to the context; stops soon after <paramref name="stop"/> is cancelled (then exit code 130).</summary>
    Task<ExitCode> RunAsync(TOptions options, VerbContext context, CancellationToken stop);
}
