using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>The part of softphone nat that asks the profile's SIP server whether a SIP ALG is on the way there.</summary>
internal static class AlgAsking
{
    /// <summary>What was seen; null where the profile has no server to ask.</summary>
    public static async Task<AlgVerdict?> AskAsync(Profile profile, CancellationToken stop)
    {
        if ((profile.Account.Registrar ?? profile.Account.Uri) is not { Length: > 0 } text || !SipUri.TryParse(text, out var server, out _)) return null;
        var done = new TaskCompletionSource<AlgVerdict>(TaskCreationOptions.RunContinuationsAsynchronously);
        var late = new LateMachine();
        AlgProbe? probe = null;
        using var pump = new Pump(PumpOptions.Default with { Crashed = e => done.TrySetException(e) });
        pump.Start(late, _ =>
        {
            if (probe?.TryEvent(out var verdict) == true) done.TrySetResult(verdict);
        });
        new SystemResolver(pump).Resolve(new NameQuery(1, server.Host, NameRecord.Address), Begin);
        return await done.Task.WaitAsync(stop);

        void Begin(NameAnswer answer)
        {
            var ip = answer.Addresses.OrderBy(a => a.IsV6).FirstOrDefault();
            if (!ip.IsValid)
            {
                done.TrySetResult(new AlgVerdict(null, $"{server.Host} has no address"));
                return;
            }

            // A port of TLS takes no datagrams.
            var port = server is { Port: { } named, IsSips: false } ? named : (ushort)5060;
            late.Machine = probe = new AlgProbe(pump, new SystemEntropy(), new Address(ip, port), server.Host);
            if (!probe.TryStart(pump.Now)) done.TrySetResult(new AlgVerdict(null, $"there is no way to {ip}"));
        }
    }
}
