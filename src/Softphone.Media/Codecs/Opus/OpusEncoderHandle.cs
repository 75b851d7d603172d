using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of a libopus encoder.</summary>
internal sealed class OpusEncoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libopus.DestroyEncoder(handle);
        return true;
    }
}
