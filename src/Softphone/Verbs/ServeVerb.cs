using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Softphone.Core;
using Softphone.Lab;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>softphone lab serve: the servers of the lab on real sockets, until they are told to stop.</summary>
internal sealed class ServeVerb : IVerb<ServeOptions>
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);

    public async Task<ExitCode> RunAsync(ServeOptions options, VerbContext context, CancellationToken stop)
    {
        var users = ServeUsers.Resolve(options, context, ServeUsers.Prompt);
        context.GoLive();
        var setup = new ServeSetup(options, users);
        string? notKept = null;
        using var certificate = setup.UsesTls
            ? options.Certificate is { } file ? ServeCertificate.Load(file, options.Key)
                : ServeCertificate.Keep(new KeptFolders(context.Environment).Certificates, options.Listen.ToIPAddress(), setup.Domain, out notKept)
            : null;
        if (notKept is not null) await context.Error.WriteLineAsync($"softphone: {notKept}");

        // Where nobody reads our output, clients must not fill memory.
        var lines = Channel.CreateBounded<TraceEntry>(new BoundedChannelOptions(1 << 14) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
        using var pump = new Pump(PumpOptions.Default with
        {
            Name = "serve",
            ConnectionBound = 4096,
            ConnectionShare = 1024,
            HasManySockets = true,
            ReceiveBuffer = 1 << 21,
            Tls = new TlsOptions { Certificate = certificate },
            Faulted = new FaultLog(new KeptFolders(context.Environment), line => context.Error.WriteLine($"softphone: {line}")).Note,
            Told = context.Report,
            Crashed = e => lines.Writer.TryComplete(e),
        });

        // One entry is kept, for nobody looks back; each is handed on as it comes.
        var trace = new Trace(1) { Emitted = entry => lines.Writer.TryWrite(entry) };
        var server = new LabServer(setup.Sip, setup.Stun, setup.Turn, pump, new BufferedEntropy(new SystemEntropy()), trace);
        if (!server.TryStart(out var failed, out var error))
        {
            var fault = setup.Explain(failed, error);
            context.Report(fault);
            return ExitCodes.Of(fault);
        }

        var (startedAt, origin) = (DateTimeOffset.UtcNow, pump.Now);
        var reporter = new ServeReporter(at => startedAt + (at - origin));
        var output = context.Events(options.Json);
        pump.Start(server);
        output.Write(setup.Ready(startedAt, certificate?.GetCertHashString(HashAlgorithmName.SHA256)));

        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.For is { } length) limited.CancelAfter(length);
        try
        {
            await foreach (var entry in lines.Reader.ReadAllAsync(limited.Token))
                if (reporter.Of(entry) is { } line) output.Write(line);
        }
        catch (OperationCanceledException)
        {
            // Time to end.
        }

        var end = await StopAsync(pump, server, startedAt);
        while (lines.Reader.TryRead(out var entry))
            if (reporter.Of(entry) is { } line) output.Write(line);
        output.Write(end);
        return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Ok;
    }

    /// <summary>Ends all allocations and closes the sockets on the thread that owns them, and counts up.</summary>
    private static async Task<OutputEvent> StopAsync(Pump pump, LabServer server, DateTimeOffset startedAt)
    {
        var done = new TaskCompletionSource<OutputEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.Post(() =>
        {
            server.Stop();
            done.TrySetResult(new OutputEvent.ServeEnd
            {
                T = DateTimeOffset.UtcNow,
                UpS = Math.Round((DateTimeOffset.UtcNow - startedAt).TotalSeconds, 1),
                SipRequests = server.Sip.Requests,
                StunAnswers = server.Stun.Answered,
                Allocations = server.Turn.TotalAllocations,
                RelayedPackets = server.Turn.RelayedPackets,
                RelayedBytes = server.Turn.RelayedBytes,
                Dropped = server.Turn.DroppedPackets + server.Sip.Dropped + server.Stun.Ignored,
                Users = [.. server.Turn.Usage.OrderBy(u => u.User, StringComparer.Ordinal).Select(u => new OutputEvent.Relayed(u.User, u.Packets, u.Bytes))],
            });
        });
        return await done.Task.WaitAsync(EndLimit);
    }
}
