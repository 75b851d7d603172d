using Softphone.Core;

namespace Softphone.Media;

/// <summary>What all parts of a <see cref="MediaSession"/> look at: what was negotiated, which way audio may flow, and where what happens is told.</summary>
/// <param name="trace">Where transitions go.</param>
/// <param name="name">The session's name in the trace.</param>
internal sealed class StreamContext(Trace trace, string name)
{
    /// <summary>What was negotiated last.</summary>
    public required MediaOptions Options { get; set; }

    public AudioDirection Direction { get; set; }

    /// <summary>The session has said goodbye: nothing is sent or taken any more.</summary>
    public bool IsClosed { get; set; }

    public Queue<MediaEvent> Events { get; } = [];

    /// <summary>Protects what leaves and opens what comes.</summary>
    public StreamGate Gate { get; } = new(trace, name);

    public TimerTable<MediaTimer> Timers { get; } = new();

    public Trace Trace => trace;

    public string Name => name;

    public bool MaySend => !IsClosed && (Direction & AudioDirection.SendOnly) != 0;

    public bool MayReceive => !IsClosed && (Direction & AudioDirection.ReceiveOnly) != 0;
}
