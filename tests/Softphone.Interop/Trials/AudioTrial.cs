using System.Globalization;
using Softphone.Audio;

namespace Softphone.Interop;

/// <summary>
/// Two phones talk through sound servers: what is said to the microphone of one comes out of the loudspeaker of the other, how much
/// later, without echo; then devices are unplugged and plugged in, another becomes the default, and the sound servers end and come back,
/// all in one call that never ends by it.
/// </summary>
internal static class AudioTrial
{
    /// <summary>
    /// Half of all sounds are that soon at the other side. A hundred of it is what the phone keeps back on purpose: frames of 20 ms and
    /// cushions of 10 ms at both devices, 20 to 40 ms of jitter buffer, codec and periods; the rest is for the machine.
    /// </summary>
    private const double MedianLimit = 200;

    /// <summary>What depends on when threads get to run is measured once more, up to so often, when it was not good; the line tells which time it was.</summary>
    private const int Attempts = 3;

    private const double PlugLimit = 2000;
    private const double ServerLimit = 5000;

    /// <summary>Of a silence, the part that is the signal's own pause.</summary>
    private const double Pause = 100;

    /// <summary>What the other direction may be silent for while a device comes and goes.</summary>
    private const double DisturbedLimit = 500;

    /// <summary>Less than the canceller can (the tests of it want 20), for each time that a virtual device stumbles it learns anew.</summary>
    private const double EchoLimit = 10;
    private const int Pieces = 8;

    /// <summary>A jitter buffer that stretches or conceals in the middle of a piece makes another sound of it.</summary>
    private const int LeastPieces = 6;

    /// <summary>Of the phones, as of their sound servers: what is measured is they, not what else this machine does.</summary>
    private const int Niceness = -11;

    private const double EchoWindow = 3;
    private const int EchoSeconds = 15;
    private const string Second = "second";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Run(Laboratory lab, Report report)
    {
        lab.SetNat("A", "port-restricted");
        lab.SetNat("B", "port-restricted");
        Packaged(lab, report);
        using var soundA = new SoundHost(lab, "hostA");
        using var soundB = new SoundHost(lab, "hostB");
        soundA.AddSpeaker(Second, "LabSecond");
        Listed(lab, report);
        var folder = Path.Combine(lab.Folder, "calls", "audio");
        // One side by default, the other by name: a sound server treats the two differently when a device goes.
        var profileA = ProfileFile.Write(folder, "alice");
        var profileB = ProfileFile.Write(folder, "bob", audio: $"{{input: {SoundHost.MicrophoneName}, output: {SoundHost.SpeakerName}}}");
        using var b = new PhoneProcess(lab, "hostB", Niceness, ["answer", "--once", "--for", "260s", "--profile", profileB]);
        b.Wait("registration", Patience, e => e.GetProperty("state").GetString() == "registered");
        using var a = new PhoneProcess(lab, "hostA", Niceness, ["call", $"sip:bob@{Laboratory.Domain}", "--for", "250s", "--profile", profileA]);
        if (a.Wait("call.state", Patience, e => e.GetProperty("state").GetString() == "connected") is null)
        {
            report.Check(false, "audio: a call", $"{a.Errors} {b.Errors}");
            return;
        }

        try
        {
            var pair = new Pair(report, soundA, soundB);
            pair.Delay();
            pair.Echo();
            pair.Speaker();
            pair.Microphone();
            pair.Default();
            pair.Server();
        }
        finally
        {
            var talks = a.All("call.end").Count == 0 && b.All("call.end").Count == 0;
            report.Check(talks, "audio: the call outlives all of this", talks ? "" : $"{a.Errors} {b.Errors}");
            // ALSA, which SDL turns to when the sound server is gone, complains into the middle of a screen unless it is asked not to.
            var noise = a.Errors.Split('\n').Concat(b.Errors.Split('\n')).FirstOrDefault(l => l.Length > 0 && !l.StartsWith("softphone:", StringComparison.Ordinal));
            report.Check(noise is null, "audio: no library writes to standard error", noise ?? "");
            a.Signal("INT");
            var exit = a.WaitForExit(Patience);
            b.WaitForExit(Patience);
            File.WriteAllLines(Path.Combine(folder, "events.txt"), ["-- A", .. a.Lines, "-- B", .. b.Lines, a.Errors, b.Errors]);
            report.Check(exit == 130, "audio: Ctrl-C ends it", exit == 130 ? "" : $"exit {exit}");
        }
    }

    /// <summary>Without SDL the program says what to install.</summary>
    private static void Packaged(Laboratory lab, Report report)
    {
        var said = Tool.Run(lab, "hostA", Patience, "/usr/bin/env", ["SOFTPHONE_SDL=/nowhere", Binary.Program, .. Binary.FirstArguments, "devices"]);
        report.Check(said.Contains("install the package libsdl2-2.0-0", StringComparison.Ordinal), "audio: a missing SDL is told with the package to install", said.Trim());
    }

    /// <summary>The devices by their names, and which of them is the default.</summary>
    private static void Listed(Laboratory lab, Report report)
    {
        var said = Tool.Run(lab, "hostA", Patience, Binary.Program, [.. Binary.FirstArguments, "devices"]);
        report.Check(said.Contains($"{SoundHost.MicrophoneName}  (default)", StringComparison.Ordinal) && said.Contains($"{SoundHost.SpeakerName}  (default)", StringComparison.Ordinal),
            "audio: devices lists them and what default is", string.Join(" | ", said.Trim().Split('\n').Select(l => l.Trim())));
    }

    /// <summary>Both ends of the call, as their users have them.</summary>
    private sealed class Pair(Report report, SoundHost a, SoundHost b)
    {
        /// <summary>Samples of a chirp, and seconds of a chirp and its pause.</summary>
        private const int Chirp = SoundTap.Rate / 10;
        private const double Piece = 0.2;

        /// <summary>What each side says: to a canceller, the same from both would be an echo.</summary>
        private static readonly short[] SaidByA = Babble(1);
        private static readonly short[] SaidByB = Babble(2);

        /// <summary>Both say something all the time, through all of the voice processing.</summary>
        public void Delay()
        {
            using var feedA = a.Speak(SaidByA);
            using var feedB = b.Speak(SaidByB);
            using SoundTap mouthA = a.ListenToMouth(), mouthB = b.ListenToMouth(), earA = a.Listen(), earB = b.Listen();
            var began = SoundTap.Now;
            var heard = earA.WaitForSound(0, Patience) is not null && earB.WaitForSound(0, Patience) is not null;
            if (!report.Check(heard, "audio: both hear each other", heard ? "" : $"nothing for {SoundTap.Now - began:F0} s")) return;
            (List<double> AtB, List<double> AtA) delays = ([], []);
            var attempt = 0;
            do
            {
                attempt++;
                // The first second is the devices' and the jitter buffer's to settle.
                var from = SoundTap.Now + 1;
                Thread.Sleep(TimeSpan.FromSeconds(1 + Pieces + 1.5));
                delays = (Find(mouthA, earB, from), Find(mouthB, earA, from));
            }
            while (attempt < Attempts && !(IsGood(delays.AtB) && IsGood(delays.AtA)));
            Judge("A to B", delays.AtB, attempt);
            Judge("B to A", delays.AtA, attempt);
        }

        public void Echo()
        {
            var speech = WavFile.Load(Binary.Sound("alice.wav"));
            var (attempt, seconds, echo, left) = (0, 0.0, 0.0, 0.0);
            do
            {
                attempt++;
                b.OpenRoom(3);
                using var feed = a.Speak(speech);
                using SoundTap microphone = b.ListenToMouth(), ear = a.Listen();
                var began = SoundTap.Now;
                Thread.Sleep(TimeSpan.FromSeconds(EchoWindow));
                do
                {
                    // The canceller learns the room while somebody talks.
                    Thread.Sleep(TimeSpan.FromSeconds(1));
                    var to = SoundTap.Now - 0.2;
                    (echo, left) = (Decibels(microphone.Between(to - EchoWindow, to)), Decibels(ear.Between(to - EchoWindow, to)));
                    seconds = SoundTap.Now - began;
                }
                while (echo - left <= EchoLimit && seconds < EchoSeconds);
                b.CloseRoom();
            }
            while (echo - left <= EchoLimit && attempt < Attempts);
            report.Check(echo > -50, "audio: B's microphone hears B's loudspeaker", Text($"{echo:F0} dBFS"));
            report.Check(echo - left > EchoLimit, "audio: the echo is taken out",
                Text($"{echo - left:F0} dB after {seconds:F0} s, {left:F0} dBFS are left{Times(attempt)}"));
        }

        public void Speaker()
        {
            using var feed = a.Speak(SaidByA);
            using var other = b.Speak(SaidByB);
            using var earA = a.Listen();
            using (var before = b.Listen()) before.WaitForSound(0, Patience);
            earA.WaitForSound(0, Patience);
            var began = SoundTap.Now;
            b.UnplugSpeaker();
            Thread.Sleep(1500);
            var at = SoundTap.Now;
            b.PlugSpeaker();
            using var ear = b.Listen();
            Back("the loudspeaker", ear, at, PlugLimit);
            var disturbed = 1000 * earA.LongestSilence(began, SoundTap.Now - 0.3) - Pause;
            report.Check(disturbed < DisturbedLimit, "audio: meanwhile the other direction goes on", Text($"longest silence {Math.Max(0, disturbed):F0} ms"));
        }

        public void Microphone()
        {
            using var feed = a.Speak(SaidByA);
            using var ear = b.Listen();
            using var feedB = b.Speak(SaidByB);
            using var earA = a.Listen();
            earA.WaitForSound(0, Patience);
            b.UnplugMicrophone();
            var gone = SoundTap.Now;
            Thread.Sleep(1500);
            report.Check(earA.WaitForSound(gone + 1, TimeSpan.Zero) is null, "audio: without a microphone nothing is sent but silence");
            var at = SoundTap.Now;
            b.PlugMicrophone();
            Back("the microphone", earA, at, PlugLimit);
        }

        public void Default()
        {
            using var feed = b.Speak(SaidByB);
            using var ear = a.Listen(Second);
            var at = SoundTap.Now;
            a.MakeDefault(Second);
            Back("the default, when it is another,", ear, at, PlugLimit);
        }

        public void Server()
        {
            a.Stop();
            b.Stop();
            Thread.Sleep(1500);
            a.Start();
            b.Start();
            var at = SoundTap.Now;
            using var feedA = a.Speak(SaidByA);
            using var feedB = b.Speak(SaidByB);
            using SoundTap earA = a.Listen(), earB = b.Listen();
            Back("the sound server of A (devices by default)", earA, at, ServerLimit);
            Back("the sound server of B (devices by name)", earB, at, ServerLimit);
        }

        private void Back(string what, SoundTap ear, double at, double limit)
        {
            var heard = ear.WaitForSound(at, TimeSpan.FromMilliseconds(limit) + Patience);
            var gap = 1000 * (heard - at);
            report.Check(gap <= limit, $"audio: {what} is back within {limit:F0} ms", gap is { } ms ? Text($"{ms:F0} ms after it was there again") : "never");
        }

        /// <summary>How long pieces of what was said took until they were heard; without those that were not.</summary>
        private static List<double> Find(SoundTap mouth, SoundTap ear, double from)
        {
            var delays = new List<double>();
            for (var n = 0; n < Pieces; n++)
            {
                var said = mouth.Between(from + n, from + n + Piece);
                if (DelayProbe.TryFind(ear.Between(from + n, from + n + 0.9), said, out var delay)) delays.Add(delay.TotalMilliseconds);
            }

            delays.Sort();
            return delays;
        }

        private static bool IsGood(List<double> delays) => delays.Count >= LeastPieces && delays[delays.Count / 2] <= MedianLimit;

        private void Judge(string way, List<double> delays, int attempt)
        {
            report.Check(delays.Count >= LeastPieces, $"audio: what is said from {way} is heard while both talk", Text($"{delays.Count} of {Pieces} pieces{Times(attempt)}"));
            if (delays.Count < LeastPieces) return;
            var (median, worst) = (delays[delays.Count / 2], delays[^1]);
            report.Check(median <= MedianLimit, $"audio: mouth to ear, {way}, half within {MedianLimit:F0} ms", Text($"median {median:F0} ms, worst {worst:F0} ms{Times(attempt)}"));
        }

        /// <summary>Ten seconds of chirps that are never the same, with pauses as long as they are.</summary>
        private static short[] Babble(int seed)
        {
            var random = new Random(seed);
            var babble = new short[10 * SoundTap.Rate];
            for (var at = 0; at < babble.Length; at += 2 * Chirp)
            {
                var (low, high) = (random.Next(400, 3000), random.Next(400, 3000));
                for (var i = 0; i < Chirp; i++)
                {
                    var phase = 2 * Math.PI * (low + (high - low) * i / (2.0 * Chirp)) * i / SoundTap.Rate;
                    babble[at + i] = (short)(8000 * Math.Sin(Math.PI * i / Chirp) * Math.Sin(phase));
                }
            }

            return babble;
        }

        private static string Times(int attempt) => attempt == 1 ? "" : Text($" (attempt {attempt} of {Attempts})");

        private static double Decibels(short[] samples)
        {
            double sum = 1;
            foreach (var sample in samples) sum += (double)sample * sample;
            return 10 * Math.Log10(sum / Math.Max(1, samples.Length) / (32768.0 * 32768.0));
        }

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
