using System.Runtime.InteropServices;

namespace Softphone.Audio;

/// <summary>Owns an open device of SDL, and what its callback holds of ours: freed only after the callback has run for the last time.</summary>
internal sealed class SdlStreamHandle : SafeHandle
{
    private GCHandle _ring;

    public SdlStreamHandle(SampleRing ring)
        : base(0, ownsHandle: true) => _ring = GCHandle.Alloc(ring);

    public override bool IsInvalid => handle == 0;

    public uint Device => (uint)handle;

    /// <summary>For the callback.</summary>
    public nint Ring => GCHandle.ToIntPtr(_ring);

    public void Opened(uint device) => SetHandle((nint)device);

    protected override bool ReleaseHandle()
    {
        LibSdl.Close(Device);
        _ring.Free();
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        // An invalid handle is never released, but the ring's is held from the start.
        if (IsInvalid && _ring.IsAllocated) _ring.Free();
        base.Dispose(disposing);
    }
}
