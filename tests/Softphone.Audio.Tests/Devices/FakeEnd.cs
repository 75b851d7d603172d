namespace Softphone.Audio.Tests;

/// <summary>A phone's end that takes a ring at once.</summary>
internal sealed class FakeEnd : IDeviceEnd
{
    private SampleRing? _ring;

    public void Attach(SampleRing? ring) => _ring = ring;

    public bool HasTaken(SampleRing ring) => ring == _ring;
}
