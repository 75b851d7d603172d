namespace Softphone.Media;

/// <summary>What offer and answer agreed on for one audio stream, and how we want it played.</summary>
public sealed record MediaOptions
{
    /// <summary>The format we send.</summary>
    public required MediaFormat Send { get; init; }

    /// <summary>Every format the peer may send.</summary>
    public required IReadOnlyList<MediaFormat> Receive { get; init; }

    /// <summary>Telephone events we send; null when the peer takes none.</summary>
    public EventFormat? SendEvents { get; init; }

    /// <summary>Keys are sent as tones in the audio where <see cref="SendEvents"/> is null (ITU-T Q.23).</summary>
    public bool KeysInBand { get; init; }

    /// <summary>The peer sends no telephone events: keys are listened for in its audio.</summary>
    public bool HearsKeys { get; init; }

    /// <summary>Telephone events the peer may send.</summary>
    public IReadOnlyList<EventFormat> ReceiveEvents { get; init; } = [];

    public AudioDirection Direction { get; init; } = AudioDirection.SendReceive;

    /// <summary>Milliseconds of audio in each packet we send: a multiple of 10, at most 120.</summary>
    public int PtimeMs { get; init; } = 20;

    /// <summary>Bit rate to start the encoder with; the answer's maxaveragebitrate already applied.</summary>
    public int BitrateBps { get; init; } = 32_000;

    /// <summary>Whether the peer wants in-band FEC when it reports loss (its useinbandfec, RFC 7587 §6.1).</summary>
    public bool FecAllowed { get; init; } = true;

    /// <summary>
    /// Packets come only from a sender that ICE has proved, so that the first one already counts: the probation of RFC 3550 A.1 is there
    /// for strangers, and costs the first 20 ms.
    /// </summary>
    public bool IsSourceProven { get; init; }

    /// <summary>RTCP travels beside RTP on component 1 (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>The keys of SRTP; null sends and takes plain RTP, unless <see cref="AwaitsKeys"/>.</summary>
    public MediaSecurity? Security { get; init; }

    /// <summary>Keys come by a handshake (RFC 5764): while <see cref="Security"/> is null nothing leaves, and what comes waits.</summary>
    public bool AwaitsKeys { get; init; }

    /// <summary>RTCP has a port of its own, with a handshake and keys of its own (RFC 5764 §3): <see cref="ReportSecurity"/>.</summary>
    public bool SecuresReportsApart { get; init; }

    /// <summary>The keys of RTCP where it has its own; null where they are not there yet.</summary>
    public MediaSecurity? ReportSecurity { get; init; }

    /// <summary>The RTCP name, the same for all streams of a call (RFC 7022 §4.2); null makes one.</summary>
    public string? Cname { get; init; }

    /// <summary>The jitter buffer's bounds and temper.</summary>
    public JitterOptions Jitter { get; init; } = JitterOptions.Default;

    /// <summary>Neither RTP nor RTCP for so long while we should receive: <see cref="MediaEvent.MediaTimeout"/> (RFC 8083 §4).</summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Delay outside the network and the jitter buffer (devices, codec look-ahead), for the quality estimate, where nobody measures it.</summary>
    public TimeSpan DeviceDelay { get; init; } = TimeSpan.FromMilliseconds(40);
}
