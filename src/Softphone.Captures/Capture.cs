namespace Softphone.Captures;

/// <summary>A capture that was read: its dialogs, its streams, its ICE, and what is wrong in it.</summary>
public sealed record Capture
{
    public required CaptureFacts Facts { get; init; }

    /// <summary>In the order of their beginning.</summary>
    public required IReadOnlyList<CapturedDialog> Dialogs { get; init; }

    /// <summary>All RTP, of calls and of nobody's.</summary>
    public required IReadOnlyList<MediaStream> Streams { get; init; }

    /// <summary>ICE of calls whose signalling is not in the capture.</summary>
    public required IReadOnlyList<IceReading> LooseIce { get; init; }

    /// <summary>Who asked which TURN server, and what became of it.</summary>
    public required IReadOnlyList<TurnAllocation> Relays { get; init; }

    /// <summary>What is wrong, the worst first.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }
}
