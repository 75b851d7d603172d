using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Audio.Tests;

/// <summary>The desk with its real thread; a test waits for what the thread tells, with a limit.</summary>
public sealed class SoundDeskTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _told = new();
    private DeviceState? _last;

    [Fact]
    public void Library_NotInstalled_IsSilenceAndAPackageToInstall()
    {
        Environment.SetEnvironmentVariable(LibSdl.Variable, "/nowhere/libSDL2.so");
        try
        {
            Assert.False(SdlAudio.TryStart(out _, out var fault));
            Assert.Contains("libsdl2-2.0-0", fault.Remedy, StringComparison.Ordinal);
            using var desk = new SoundDesk(new DeviceChoice("default", "default", false), Told);
            var frame = new short[960];
            frame.AsSpan().Fill(5);
            Assert.True(desk.Microphone.Read(frame));
            Assert.All(frame, s => Assert.Equal(0, s));
            Assert.True(_told.Wait(Limit));
            Assert.Equal((SoundRole.Microphone, DeviceStateKind.Unavailable, fault), (_last!.Role, _last.Kind, _last.Fault));
            Assert.False(desk.WaitUntilOpen(Limit));
            Assert.Equal(fault, desk.State.Fault);
        }
        finally
        {
            Environment.SetEnvironmentVariable(LibSdl.Variable, null);
        }
    }

    [Fact]
    public void SoundServer_ThatHangs_HoldsUpNeitherFramesNorTheEnd()
    {
        // Not disposed: the thread that hangs has them for longer than the test.
        var (hangs, reached) = (new ManualResetEventSlim(), new ManualResetEventSlim());
        var desk = new SoundDesk(new DeviceChoice("default", "default", true) { Ring = "default" }, Told, Hang);
        var frame = new short[960];
        for (var n = 0; n < 500; n++)
        {
            desk.Microphone.Read(frame);
            desk.Speaker.Write(frame);
            desk.Ringer.Write(frame);
            desk.Use(SoundRole.Speaker, n % 2 == 0 ? "one" : "two");
        }

        Assert.True(reached.Wait(Limit));
        Assert.False(desk.State.Microphone.IsOpen);
        desk.Dispose();
        hangs.Set();

        bool Hang([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault)
        {
            reached.Set();
            hangs.Wait(Limit);
            (system, fault) = (null, new Fault(Layer.Audio, "", ""));
            return false;
        }
    }

    [Fact]
    public void Devices_AreOpenedForTheMeter_OnTheThreadOfTheDevices()
    {
        using var audio = new FakeAudio();
        var threads = new HashSet<int>();
        using (var desk = new SoundDesk(new DeviceChoice("one", "two", false), Told, Start))
        {
            desk.Meter(true);
            Assert.True(desk.WaitUntilOpen(Limit));
            Assert.Equal(("one", "two"), (desk.State.Microphone.Device, desk.State.Speaker.Device));
        }

        Assert.Equal(0, audio.Open);
        Assert.DoesNotContain(Environment.CurrentManagedThreadId, threads);

        bool Start([NotNullWhen(true)] out IAudioSystem? system, [NotNullWhen(false)] out Fault? fault)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            (system, fault) = (audio, null);
            return true;
        }
    }

    public void Dispose() => _told.Dispose();

    private void Told(DeviceState state)
    {
        _last = state;
        _told.Set();
    }
}
