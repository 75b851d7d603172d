using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>How the end of a call is told, on both outputs, and which exit code it has.</summary>
internal static class CallResult
{
    public static ExitCode Tell(PhoneRun run, MediaVerbOptions options, PhoneEvent.CallEnded ended)
    {
        var failures = Expectation.Failures(options.Expect, EventTranslator.Outcome(ended.Summary));
        run.Write(run.Translate.Of(ended, failures));
        run.Write(run.Translate.Explain(ended.At, ended.Call, ended.Summary.Explanation));
        if (options.Report is { } file) CallReport.Write(file, run, ended);
        if (ended.Summary.Fault is { } fault) run.Context.Report(fault);
        foreach (var failure in failures) run.Context.Error.WriteLine($"softphone: expected {failure}");
        if (failures.Count > 0) return ExitCode.ExpectFailed;
        return ExitCodes.Of(ended.Summary.Status, ended.Summary.Fault);
    }
}
