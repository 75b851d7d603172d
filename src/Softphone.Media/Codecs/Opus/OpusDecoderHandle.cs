using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of a libopus decoder.</summary>
internal sealed class OpusDecoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libopus.DestroyDecoder(handle);
        return true;
    }
}
