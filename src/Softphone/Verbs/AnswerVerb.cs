using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone answer: waits for calls and answers, or refuses, them.</summary>
internal sealed class AnswerVerb : IVerb<AnswerOptions>
{
    /// <summary>Calls at once where neither flag nor profile says: it takes calls by itself, from many.</summary>
    private const int UsualLimit = 100;

    public async Task<ExitCode> RunAsync(AnswerOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        using var media = CallMedia.Open(options, context, options.Echo, out var code);
        if (media is null) return code;
        AnswerPolicy policy = options.Code is { } status ? new AnswerPolicy.Refuse(status) : new AnswerPolicy.Auto(options.Ring, media.Call);
        var limit = options.Limit ?? options.Profile.Call.Limit ?? UsualLimit;
        using var run = PhoneRun.Create(options.Profile, context, options.Json, o => o with { Answering = policy, Referrals = ReferralPolicy.Refuse, SipAddress = options.Listen, SipPort = options.Port, CallLimit = limit }, out code, options.Pcap, options.Report, options.Verbose, registers: true)?.WithAccount().KeepingCalls(options.Profile).Take(media.Told);
        if (run is null) return code;

        if (run.Setup.Account.Registrar is null && options.Port == 0)
            await context.Error.WriteLineAsync($"softphone: {options.Profile.Account.Uri} is registered nowhere, so no server sends calls here: the profile has no registrar");

        if (options.Code is null && run.Setup.Account.CallsFrom == CallsFrom.Anyone)
            await context.Error.WriteLineAsync("softphone: open: whoever reaches this phone is answered, not only what comes by a server");

        var replaced = new HashSet<CallId>();
        var interrupted = false;
        run.Start((machine, now, account) =>
        {
            if (run.Setup.Account.Registrar is not null) machine.Register(now, account);
        }, stop);
        try
        {
            await foreach (var happened in run.Events(stop))
            {
                if (happened is PhoneEvent.Registration { State: RegistrationState.Failed, Fault: { } fault } failed)
                {
                    run.Tell(failed, fault);
                    if (!failed.WillRetry)
                    {
                        code = ExitCodes.Of(failed.Status, fault);
                        break;
                    }
                }

                if (happened is PhoneEvent.NotReachable nowhere)
                {
                    context.Report(nowhere.Fault);
                    code = ExitCodes.Of(nowhere.Fault);
                    break;
                }

                if (happened is PhoneEvent.CallReplaced replacement) replaced.Add(replacement.Call);
                // A call whose place another took is not over for the one who talks.
                if (happened is not PhoneEvent.CallEnded ended || replaced.Remove(ended.Call)) continue;
                code = CallResult.Tell(run, options, ended);
                // A refusal that was asked for is this verb's success.
                if (options.Code == ended.Summary.Status) code = ExitCode.Ok;
                if (options.Once) break;
            }
        }
        catch (OperationCanceledException)
        {
            interrupted = true;
        }

        await run.ShutDownAsync(happened =>
        {
            if (happened is PhoneEvent.CallEnded ended && !replaced.Remove(ended.Call)) CallResult.Tell(run, options, ended);
        });
        code = run.Judge(media.Judge(code, context));
        return interrupted ? ExitCode.Interrupted : code;
    }
}
