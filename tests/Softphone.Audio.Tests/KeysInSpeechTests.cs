using Softphone.Media;

namespace Softphone.Audio.Tests;

/// <summary>A voice is no key, at any pace and any level.</summary>
public sealed class KeysInSpeechTests
{
    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public void Speech_HasNoKeys(string name)
    {
        var speech = Speech.Load(name);
        foreach (var pace in new[] { 0.8, 0.9, 1, 1.1, 1.25 })
        {
            var listener = new DtmfListener();
            var frame = new short[480];
            for (var at = 0; at < (speech.Length - 1) / pace - 480; at += 480)
            {
                for (var i = 0; i < frame.Length; i++) frame[i] = speech[(int)((at + i) * pace)];
                Assert.False(listener.TryTake(frame, out var key, out _), $"{name} at {pace} says {key} at {at / 48_000.0:F2} s");
            }
        }
    }
}
