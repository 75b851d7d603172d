using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Softphone.Interop;

/// <summary>
/// Records a monitor of a sound server, 48 kHz mono, and knows when each sample was played: the recorder is late by turns, but never
/// early, so the earliest that any piece came tells when the first sample was.
/// </summary>
internal sealed class SoundTap : IDisposable
{
    public const int Rate = 48_000;

    private const int Block = Rate / 100;

    /// <summary>Louder than this, as the mean of 10 ms, is sound: some 50 dB below the top.</summary>
    private const int Loud = 100;

    public static readonly string[] Format = ["--rate", "48000", "--channels", "1", "--format", "s16le", "--raw"];

    private readonly Process _process;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private short[] _samples = new short[60 * Rate];
    private int _count;
    private double _start = double.PositiveInfinity;

    public SoundTap(ProcessStartInfo recorder)
    {
        _process = Process.Start(recorder)!;
        _process.StandardInput.Close();
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        _thread = new Thread(Read) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The clock of all taps, in seconds.</summary>
    public static double Now => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    /// <summary>Everything until now.</summary>
    public short[] Samples
    {
        get { lock (_gate) return _samples[.._count]; }
    }

    /// <summary>When the first sample was played.</summary>
    public double Start
    {
        get { lock (_gate) return _start; }
    }

    /// <summary>The sound from one moment to another; what was not recorded is left out.</summary>
    public short[] Between(double from, double to)
    {
        lock (_gate)
        {
            if (_count == 0) return [];
            var first = Math.Clamp((int)((from - _start) * Rate), 0, _count);
            return _samples[first..Math.Clamp((int)((to - _start) * Rate), first, _count)];
        }
    }

    /// <summary>When sound was heard first after a moment, waiting for it; null when none came.</summary>
    public double? WaitForSound(double after, TimeSpan limit)
    {
        var deadline = Now + limit.TotalSeconds;
        while (true)
        {
            if (FirstSound(after) is { } at) return at;
            if (Now > deadline) return null;
            Thread.Sleep(50);
        }
    }

    /// <summary>The longest stretch without sound, from one moment to another, in seconds.</summary>
    public double LongestSilence(double from, double to)
    {
        var sound = Between(from, to);
        int longest = 0, silent = 0;
        for (var at = 0; at + Block <= sound.Length; at += Block)
        {
            silent = IsLoud(sound.AsSpan(at, Block)) ? 0 : silent + 1;
            longest = Math.Max(longest, silent);
        }

        return longest * Block / (double)Rate;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _thread.Join();
        _process.Dispose();
    }

    private double? FirstSound(double after)
    {
        lock (_gate)
        {
            if (_count == 0) return null;
            for (var at = Math.Max(0, (int)((after - _start) * Rate)); at + Block <= _count; at += Block)
                if (IsLoud(_samples.AsSpan(at, Block))) return _start + at / (double)Rate;
            return null;
        }
    }

    private static bool IsLoud(ReadOnlySpan<short> block)
    {
        var sum = 0;
        foreach (var sample in block) sum += Math.Abs((int)sample);
        return sum > Loud * block.Length;
    }

    private void Read()
    {
        var buffer = new byte[9600];
        var held = 0;
        var stream = _process.StandardOutput.BaseStream;
        while (stream.Read(buffer, held, buffer.Length - held) is > 0 and var got)
        {
            var now = Now;
            var samples = MemoryMarshal.Cast<byte, short>(buffer.AsSpan(0, held + got));
            lock (_gate)
            {
                if (_count + samples.Length > _samples.Length) Array.Resize(ref _samples, 2 * _samples.Length);
                samples.CopyTo(_samples.AsSpan(_count));
                _count += samples.Length;
                _start = Math.Min(_start, now - _count / (double)Rate);
            }

            held = (held + got) % 2;
            if (held == 1) buffer[0] = buffer[samples.Length * 2];
        }
    }
}
