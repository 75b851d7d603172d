using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone call: registers when the profile has a registrar, places one call, tells how it went.</summary>
internal sealed class CallVerb : IVerb<CallVerbOptions>
{
    public async Task<ExitCode> RunAsync(CallVerbOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        if (!SipUri.TryParse(options.Uri, out var target, out var error))
            throw new UsageException($"{options.Uri} is not a SIP URI ({error}); write sip:user@host");
        using var media = CallMedia.Open(options, context, echo: false, out var code);
        if (media is null) return code;
        using var run = PhoneRun.Create(options.Profile, context, options.Json, o => o with { Towards = target, Referrals = ReferralPolicy.Refuse, Answering = new AnswerPolicy.Refuse(486) }, out code, options.Pcap, options.Report, options.Verbose, registers: true)?.WithAccount().KeepingCalls(options.Profile).Take(media.Told);
        if (run is null) return code;

        var registers = run.Setup.Account.Registrar is not null;
        var call = media.Call() with { RingLimit = options.RingFor, Transport = options.Transport, Headers = options.Headers };
        var placed = !registers;
        var (replaced, successors) = (new HashSet<CallId>(), new HashSet<CallId>());
        ExitCode? result = null;
        var interrupted = false;
        run.Start((machine, now, account) =>
        {
            if (registers) machine.Register(now, account);
            else machine.Call(now, account, target, call);
        }, stop);
        try
        {
            await foreach (var happened in run.Events(stop))
            {
                if (happened is PhoneEvent.CallReplaced replacement)
                {
                    replaced.Add(replacement.Call);
                    successors.Add(replacement.By);
                }

                if (IsEndOfOurs(happened)) break;

                if (happened is not PhoneEvent.Registration { State: var state } registration || placed) continue;
                if (state == RegistrationState.Failed)
                {
                    if (registration.Fault is { } fault) run.Tell(registration, fault);
                    code = ExitCodes.Of(registration.Status, registration.Fault);
                    break;
                }

                if (state != RegistrationState.Registered) continue;
                placed = true;
                run.Do((machine, now) => machine.Call(now, registration.Account, target, call));
            }
        }
        catch (OperationCanceledException)
        {
            interrupted = true;
        }

        await run.ShutDownAsync(happened => IsEndOfOurs(happened));
        code = run.Judge(media.Judge(result ?? code, context));
        return interrupted ? ExitCode.Interrupted : code;

        // It is told when it happens, before what the end of the phone brings.
        bool IsEndOfOurs(PhoneEvent happened)
        {
            if (result is not null || happened is not PhoneEvent.CallEnded ended || !IsOurs(ended)) return false;
            result = CallResult.Tell(run, options, ended);
            return true;
        }

        // The talk may go on in the call that took its place; who calls us meanwhile finds us busy, and that is not our call.
        bool IsOurs(PhoneEvent.CallEnded end) => !replaced.Contains(end.Call) && (end.Direction == CallDirection.Outgoing || successors.Contains(end.Call));
    }
}
