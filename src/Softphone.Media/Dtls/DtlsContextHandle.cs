using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns what all handshakes with one certificate share.</summary>
internal sealed class DtlsContextHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Libssl.FreeContext(handle);
        return true;
    }
}
