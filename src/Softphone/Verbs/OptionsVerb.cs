using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone options: asks a phone or a server what it can do.</summary>
internal sealed class OptionsVerb : IVerb<RequestOptions>
{
    public async Task<ExitCode> RunAsync(RequestOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        if (!SipUri.TryParse(options.Uri, out var target, out var error))
            throw new UsageException($"{options.Uri} is not a SIP URI ({error}); write sip:user@host");
        using var run = PhoneRun.Create(options.Profile, context, options.Json, o => o with { Towards = target, Answering = new AnswerPolicy.Refuse(480) }, out var code, options.Watch.Pcap, options.Watch.Report, options.Watch.Verbose)?.WithAccount();
        if (run is null) return code;
        var (outcome, why) = ("nobody answered", "");
        run.Start((machine, now, account) => machine.Query(now, account, target), stop);
        await foreach (var happened in run.Events(stop))
        {
            if (happened is not PhoneEvent.RequestAnswered answered) continue;
            var line = run.Translate.Of(answered, target);
            run.Write(line);
            (outcome, why) = (HumanText.Of(line) ?? "", answered.Fault is { } reason ? $"{reason.What}. What helps: {reason.Remedy}." : "");
            if (options.Json) run.Write(run.Translate.Explain(answered.At, null, HumanText.Of(line) ?? ""));
            if (answered.Fault is { } fault) context.Report(fault);
            code = ExitCodes.Of(answered.Status, answered.Fault);
            break;
        }

        await run.ShutDownAsync();
        run.Report?.Write(context, CallReport.Text($"OPTIONS to {options.Uri}", outcome, why, run.TraceNow()));
        return run.Judge(code);
    }
}
