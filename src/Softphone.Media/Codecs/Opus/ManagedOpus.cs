using Concentus;

namespace Softphone.Media;

/// <summary>What holds for both halves of Concentus.</summary>
internal static class ManagedOpus
{
    /// <summary>Its factory would look for a libopus of its own, under a name that only development packages have: whether there is one we know already.</summary>
    public static void Prepare() => OpusCodecFactory.AttemptToUseNativeLibrary = false;

    /// <summary>What it throws on packets and frames that it cannot take; a port of C reads past its arrays where the original reads past its buffers.</summary>
    public static bool IsRefusal(Exception e) => e is OpusException or ArgumentException or IndexOutOfRangeException or InvalidOperationException;
}
