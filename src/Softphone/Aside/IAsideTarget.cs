namespace Softphone.Cli;

/// <summary>Where an <see cref="AsideWriter"/> writes. Used by its thread alone; every call may wait for as long as it likes, and may throw.</summary>
internal interface IAsideTarget
{
    /// <param name="record">One record, as it was handed over.</param>
    void Write(ReadOnlySpan<byte> record);

    /// <summary>Nothing waits any more: what is in a buffer goes out.</summary>
    void Rest();

    /// <summary>Everything was written; called after a failure too.</summary>
    void Close();
}
