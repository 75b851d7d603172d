using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of a resampler.</summary>
internal sealed class SpeexResamplerHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSpeexDsp.Destroy(handle);
        return true;
    }
}
