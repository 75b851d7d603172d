using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone message: writes to somebody once (RFC 3428), and tells whether it arrived.</summary>
internal sealed class MessageVerb : IVerb<MessageOptions>
{
    public async Task<ExitCode> RunAsync(MessageOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        if (!SipUri.TryParse(options.To, out var target, out var error))
            throw new UsageException($"{options.To} is not a SIP URI ({error}); write sip:user@host");
        using var run = PhoneRun.Create(options.Profile, context, options.Json, o => o with { Towards = target, Answering = new AnswerPolicy.Refuse(480) }, out var code, options.Watch.Pcap, options.Watch.Report, options.Watch.Verbose)?.WithAccount();
        if (run is null) return code;
        run.Start((machine, now, account) => machine.SendText(now, account, target, options.Text), stop);
        code = ExitCode.Interrupted;
        var (outcome, why) = ("whether it arrived is not known", "");
        try
        {
            await foreach (var happened in run.Events(stop))
            {
                if (happened is not PhoneEvent.TextSent sent) continue;
                outcome = sent.Fault is null ? $"it arrived: {sent.Status}" : $"it did not arrive: {sent.Status}";
                if (sent.Fault is { } fault)
                {
                    why = $"{fault.What}. What helps: {fault.Remedy}.";
                    context.Report(fault);
                }

                code = ExitCodes.Of(sent.Status, sent.Fault);
                break;
            }
        }
        catch (OperationCanceledException)
        {
            // Whether it arrived is not known.
        }

        await run.ShutDownAsync();
        run.Report?.Write(context, CallReport.Text($"Message to {options.To}", outcome, why, run.TraceNow()));
        return run.Judge(code);
    }
}
