using System.Diagnostics;
using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>softphone devices: lists devices and codecs, shows what the microphone hears, measures the way from the loudspeaker to it.</summary>
internal sealed class DevicesVerb : IVerb<DevicesOptions>
{
    private const int Frame = 480;
    private static readonly TimeSpan FrameLength = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(5);

    public async Task<ExitCode> RunAsync(DevicesOptions options, VerbContext context, CancellationToken stop)
    {
        context.GoLive();
        var output = context.Events(options.Json);
        if (options.Codecs)
        {
            foreach (var codec in CodecCatalog.All)
                output.Write(new OutputEvent.CodecLibrary { T = DateTimeOffset.UtcNow, Name = codec.Name, Library = CodecFactory.Instance.LibraryOf(codec.Name)! });
            return ExitCode.Ok;
        }

        if (!options.Meter && !options.Loopback)
        {
            if (!SystemAudio.TryStart(out var system, out var fault)) return Refuse(fault, context);
            using (system) return List(system, context, output, options.Json);
        }

        var audio = options.Profile.Audio;
        Fault? failed = null;
        // What is measured is the devices: the voice is left as it is.
        var choice = new DeviceChoice(audio.Input, options.Loopback ? audio.Output : DeviceChoice.None, ProcessesVoice: false);
        using var devices = new SoundDesk(choice, state =>
        {
            failed = state.Fault ?? failed;
            output.Write(DeviceSetup.Event(state));
        });
        if (choice.Input == DeviceChoice.None) throw new UsageException("there is no microphone to listen to: the profile's audio.input is null; give --input");
        if (!devices.WaitUntilOpen(OpeningLimit)) return Refuse(failed ?? new Fault(Layer.Audio, "the device does not open", "try another with --input and --output"), context);
        try
        {
            await Task.Run(() => Try(options, audio, devices, output, stop), stop);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        return ExitCode.Ok;
    }

    private static ExitCode List(IAudioSystem system, VerbContext context, IEventWriter output, bool json)
    {
        var devices = system.List();
        foreach (var device in devices)
        {
            output.Write(new OutputEvent.Device
            {
                T = DateTimeOffset.UtcNow,
                Direction = device.IsInput ? "input" : "output",
                Name = device.Name,
                Default = device.IsDefault,
                Driver = system.Driver,
            });
        }

        if (devices.Count > 0) return ExitCode.Ok;
        if (!json) context.Error.WriteLine("softphone: there is no microphone and no loudspeaker on this machine");
        return ExitCode.AudioDevice;
    }

    private static ExitCode Refuse(Fault fault, VerbContext context)
    {
        context.Report(fault);
        return ExitCode.AudioDevice;
    }

    private static void Try(DevicesOptions options, AudioProfile audio, SoundDesk devices, IEventWriter output, CancellationToken stop)
    {
        var chirp = options.Loopback ? DelayProbe.Chirp() : [];
        var heard = new short[DelayProbe.Window];
        var frame = new short[Frame];
        var meter = new LevelMeter();
        var clock = Stopwatch.StartNew();
        var total = (int)(options.For / FrameLength);
        var probing = options.Loopback ? DelayProbe.Lead + DelayProbe.Window : 0;
        int peak = 0, at = 0;
        for (var n = 0; n * Frame < probing || n < total + probing / Frame; n++)
        {
            stop.ThrowIfCancellationRequested();
            if (FrameLength * n - clock.Elapsed is { Ticks: > 0 } early) Thread.Sleep(early);
            devices.Microphone.Read(frame);
            var position = n * Frame - DelayProbe.Lead;
            if (position >= 0 && position < DelayProbe.Window && options.Loopback)
            {
                frame.CopyTo(heard, position);
                at = position + Frame;
                if (at >= DelayProbe.Window) output.Write(Judge(heard, chirp, audio));
            }

            meter.Add(frame);
            foreach (var sample in frame) peak = Math.Max(peak, Math.Abs((int)sample));
            if (options.Meter && n % 10 == 9)
            {
                output.Write(new OutputEvent.DeviceLevel { T = DateTimeOffset.UtcNow, Name = audio.Input, LevelDbfs = Math.Round(meter.Dbfs, 1), PeakDbfs = Dbfs(peak) });
                peak = 0;
            }

            if (!options.Loopback) continue;
            if (n * Frame < probing) Part(chirp, position, frame);
            devices.Speaker.Write(frame);
        }
    }

    /// <summary>The piece of the chirp that this frame plays.</summary>
    private static void Part(short[] chirp, int position, short[] frame)
    {
        Array.Clear(frame);
        if (position >= 0 && position < chirp.Length) chirp.AsSpan(position, Math.Min(Frame, chirp.Length - position)).CopyTo(frame);
    }

    private static OutputEvent.DeviceLoopback Judge(short[] heard, short[] chirp, AudioProfile audio)
    {
        var found = DelayProbe.TryFind(heard, chirp, out var delay);
        return new OutputEvent.DeviceLoopback
        {
            T = DateTimeOffset.UtcNow,
            Input = audio.Input,
            Output = audio.Output,
            Heard = found,
            DelayMs = found ? Math.Round(delay.TotalMilliseconds, 1) : null,
        };
    }

    private static double Dbfs(int peak) => peak == 0 ? LevelMeter.Floor : Math.Round(20 * Math.Log10(peak / 32768.0), 1);
}
