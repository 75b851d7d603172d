using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>How the end of a call is told, on both outputs, and which exit code it has.</summary>
internal static class CallResult
{
    /// <summary>A person reads what went wrong once, on standard error; a script has it as an event too.</summary>
    public static ExitCode Tell(PhoneRun run, MediaVerbOptions options, PhoneEvent.CallEnded ended)
    {
        var failures = Expectation.Failures(options.Expect, CallOutcome.Of(ended.Summary));
        var fault = ended.Summary.Fault;
        run.Write(run.Translate.Of(ended, failures));
        if (fault is null || options.Json) run.Write(run.Translate.Explain(ended.At, ended.Call, ended.Summary.Why));
        run.Report?.Write(run, ended);
        if (fault is not null && options.Json) run.Context.Report(fault);
        else if (fault is not null) run.Context.Error.WriteLine($"softphone: {ended.Summary.Explanation}");
        else if (Warning(ended.Summary) is { } warning) run.Context.Error.WriteLine($"softphone: {warning}");
        foreach (var failure in failures) run.Context.Error.WriteLine($"softphone: expected {failure}");
        if (failures.Count > 0) return ExitCode.ExpectFailed;
        return ExitCodes.Of(ended.Summary.Status, fault);
    }

    /// <summary>A call that was answered and ended well, in which audio did not go both ways: no failure by itself, but nothing to miss.</summary>
    internal static string? Warning(CallSummary summary) => summary.Setup is null || summary.Fault is not null ? null : summary.Audio switch
    {
        AudioOutcome.TwoWay => null,
        AudioOutcome.SendOnly => "warning: one-way audio: we sent and heard none (--expect audio=two-way makes that a failure)",
        AudioOutcome.ReceiveOnly => "warning: one-way audio: we heard the peer and sent nothing (--expect audio=two-way makes that a failure)",
        _ => "warning: no audio flowed (--expect audio=two-way makes that a failure)",
    };
}
