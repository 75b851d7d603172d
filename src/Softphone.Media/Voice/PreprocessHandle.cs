using System.Runtime.InteropServices;

namespace Softphone.Media;

/// <summary>Owns the state of a preprocessor.</summary>
internal sealed class PreprocessHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSpeexVoice.DestroyPreprocess(handle);
        return true;
    }
}
