using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of an echo canceller.</summary>
internal sealed class EchoHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSpeexVoice.DestroyEcho(handle);
        return true;
    }
}
