using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of one association, and its two buffers.</summary>
internal sealed class DtlsHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libssl.Free(handle);
        return true;
    }
}
