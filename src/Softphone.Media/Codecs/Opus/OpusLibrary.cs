namespace Softphone.Media;

/// <summary>What makes and reads Opus.</summary>
public enum OpusLibrary
{
    /// <summary>libopus where it is installed, else the managed port in the program.</summary>
    Best,

    /// <summary>The C library.</summary>
    Native,

    /// <summary>The port in C# that the program carries (Concentus).</summary>
    Managed,
}
