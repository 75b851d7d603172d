using System.Globalization;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>softphone register: registers and stays, or with --once shows that it would work.</summary>
internal sealed class RegisterVerb : IVerb<RegisterOptions>
{
    public async Task<ExitCode> RunAsync(RegisterOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        using var run = PhoneRun.Create(options.Profile, context, options.Json, o => o with { Answering = new AnswerPolicy.Refuse(480) }, out var code, options.Watch.Pcap, options.Watch.Report, options.Watch.Verbose, registers: true)?.WithAccount().KeepingCalls(options.Profile);
        if (run is null) return code;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.For is { } length) limited.CancelAfter(length);
        var isAnswered = false;
        var (outcome, why) = ("", "");
        run.Start((machine, now, account) => machine.Register(now, account), stop);
        try
        {
            await foreach (var happened in run.Events(limited.Token))
            {
                if (happened is not PhoneEvent.Registration registration) continue;
                isAnswered |= registration.State is RegistrationState.Registered or RegistrationState.Failed;
                if (registration.State is RegistrationState.Registered or RegistrationState.Failed)
                    (outcome, why) = (HumanText.Of(run.Translate.Of(registration)!) ?? "", registration.Fault is { } reason ? $"{reason.What}. What helps: {reason.Remedy}." : "");
                if (registration is { State: RegistrationState.Failed, Fault: { } fault })
                {
                    run.Tell(registration, fault);
                    code = ExitCodes.Of(registration.Status, fault);
                    if (options.Once || !registration.WillRetry) break;
                }

                if (registration.State != RegistrationState.Registered) continue;
                code = ExitCode.Ok;
                if (options.Once) break;
            }
        }
        catch (OperationCanceledException)
        {
            if (stop.IsCancellationRequested) code = ExitCode.Interrupted;
            else if (!isAnswered)
            {
                context.Report(new Fault(
                    Layer.Sip,
                    string.Create(CultureInfo.InvariantCulture, $"not registered after {options.For!.Value.TotalSeconds:0.###} s: nobody has answered so far"),
                    "give it longer (--for), or check that the server is up and that no firewall drops the answers"));
                code = ExitCode.TimedOut;
            }
        }

        await run.ShutDownAsync();
        run.Report?.Write(context, CallReport.Text($"Registration of {options.Profile.Account.Uri}", outcome.Length > 0 ? outcome : "nobody answered", why, run.TraceNow()));
        return run.Judge(code);
    }
}
