namespace Softphone.Cli;

/// <summary>
/// The terminal that the process was started in, as little of it as a full screen needs; one for each kind of system.
/// </summary>
internal interface ITerminal : IDisposable
{
    /// <summary>Keys come one by one and are not echoed. What was before is noted the first time.</summary>
    void EnterRaw();

    /// <summary>As it was before; input that nobody has read is thrown away. Harmless when it was not raw.</summary>
    void LeaveRaw();

    /// <summary>The process may read and draw: it was not put into the background.</summary>
    bool IsForeground { get; }

    /// <summary>Columns and rows; zeros when unknown.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Waits for input, no longer than the limit; null waits.</summary>
    /// <returns>Octets read; 0 when there are none; -1 when the terminal is gone.</returns>
    int Read(Span<byte> buffer, TimeSpan? limit);

    /// <returns>False when the terminal is gone.</returns>
    bool Write(ReadOnlySpan<byte> octets);

    /// <summary>Stops the process, and all of its job, until the shell lets it go on; returns then.</summary>
    void Stop();
}
