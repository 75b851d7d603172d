using Softphone.Core;

namespace Softphone.Media.Tests;

/// <summary>Whatever a person and a network do, in any order: nothing clicks, nothing is read or written twice, nothing stays.</summary>
public sealed class MixerMischiefTests
{
    /// <summary>
    /// The largest step that six talkers of 200 Hz, the microphone, two tones and as many fades make together. One talker who breaks off
    /// steps by up to 3277.
    /// </summary>
    private const int LargestStep = 1100;

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 20).Select(s => (ulong)s)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyOrder_OfAnything_NeitherClicksNorLeaks(ulong seed)
    {
        var chance = new SeededEntropy(seed);
        var studio = new Studio(Sines.Of(150));
        var calls = new List<StudioCall>();
        var everyCall = new List<StudioCall>();
        var tapes = new List<Reel>();
        var (mixer, handovers) = (studio.Mixer, 0);
        for (var step = 0; step < 400; step++)
        {
            studio.Run(chance.NextDouble() * 0.2);
            var call = calls.Count > 0 ? calls[chance.NextInt(calls.Count)] : null;
            var on = chance.NextInt(2) == 0;
            switch (chance.NextInt(14))
            {
                case 0 or 1 when calls.Count < 5:
                    calls.Add(studio.Call(Sines.Of(100 + 25 * chance.NextInt(4)), chance.NextDouble() * 20, jitterMs: chance.NextInt(10), chance: chance));
                    everyCall.Add(calls[^1]);
                    handovers++;
                    break;
                case 2 when call is not null:
                    studio.End(call);
                    calls.Remove(call);
                    handovers++;
                    break;
                case 3 when call is not null:
                    call.Port.HearsMicrophone = on;
                    handovers++;
                    break;
                case 4 when call is not null:
                    call.Port.IsOnSpeaker = on;
                    handovers++;
                    break;
                case 5 or 6 when call is not null:
                    mixer.Connect(call.Port, calls[chance.NextInt(calls.Count)].Port, on);
                    break;
                case 7 when call is not null:
                    call.Stall(20 * chance.NextInt(30));
                    handovers += 2;
                    break;
                case 8 when call is not null:
                    if (on) tapes.Add(new Reel());
                    call.Port.Record(on ? tapes[^1] : null);
                    break;
                case 9:
                    mixer.IsMuted = on;
                    break;
                case 10:
                    mixer.VolumeDb = -chance.NextInt(20);
                    break;
                case 11:
                    mixer.Play(on ? ToneTable.For("de").Busy : null, chance.NextInt(3) == 0 ? call?.Port : null);
                    handovers++;
                    break;
                case 12:
                    mixer.Ring(on);
                    break;
                case 13 when on:
                    mixer.DigitTone('5');
                    handovers++;
                    break;
                case 13:
                    mixer.IsMetering = chance.NextInt(3) == 0;
                    handovers++;
                    break;
            }
        }

        mixer.Play(null);
        mixer.Ring(false);
        mixer.IsMetering = false;
        foreach (var call in calls.ToArray()) studio.End(call);
        studio.Run(5);
        Assert.Null(mixer.NextTimeout);
        Assert.Equal((LevelMeter.Floor, LevelMeter.Floor), (mixer.InputDbfs, mixer.OutputDbfs));

        var frames = (studio.Now - Instant.Zero).TotalMilliseconds / 20;
        Assert.True(studio.Speaker.Frames < frames + handovers, $"seed {seed}: {studio.Speaker.Frames} frames written in the time of {frames:F0}");
        Assert.True(studio.MicrophoneReads < frames + handovers, $"seed {seed}: {studio.MicrophoneReads} frames read in the time of {frames:F0}");
        Smooth(studio.Speaker, "the speaker");
        foreach (var call in everyCall) Smooth(call.Sent, "a peer");
        foreach (var tape in tapes) Smooth(tape, "a recording");

        void Smooth(Reel reel, string what)
        {
            if (reel.Samples.Count == 0) return;
            Assert.True(reel.Samples[^1] == 0 || what == "a peer", $"seed {seed}: {what} ends at {reel.Samples[^1]}");
            var steepest = Sines.Steepest(reel.Samples.ToArray());
            Assert.True(steepest < LargestStep, $"seed {seed}: {what} steps by {steepest}");
        }
    }
}
