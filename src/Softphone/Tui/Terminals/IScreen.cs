using Softphone.Terminal;

namespace Softphone.Cli;

/// <summary>The full screen as the UI thread uses it.</summary>
internal interface IScreen
{
    /// <summary>False while the process is in the background: nothing is drawn then.</summary>
    bool IsShown { get; }

    /// <summary>Columns and rows; zeros when unknown.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Shows a frame; writes only what is not there already.</summary>
    /// <returns>False when the terminal is gone.</returns>
    bool Show(Surface frame);

    /// <summary>Sequences that draw nothing: bell, title, clipboard.</summary>
    void Send(ReadOnlySpan<byte> octets);

    /// <summary>What the colours look like from the next frame on.</summary>
    void Use(Theme theme);

    /// <summary>The next frame is drawn whole.</summary>
    void Forget();

    /// <summary>Gives the terminal back, stops the process until the shell continues it, and takes the screen again.</summary>
    void Suspend();

    /// <summary>Takes the screen again after the process was stopped; false while it is in the background.</summary>
    bool Resume();
}
