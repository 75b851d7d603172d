using Softphone.Sdp;

namespace Softphone.Captures;

/// <summary>The time of a call between answer and end, and what both sides said of their audio in it.</summary>
internal sealed class Talk(CapturedDialog dialog, Instant began, Instant ended, Vantage vantage)
{
    private const int FewestPackets = 10;

    public CapturedDialog Dialog => dialog;

    public Instant Began => began;

    public Instant Ended => ended;

    public TimeSpan Duration => ended - began;

    /// <summary>The capture was taken at an address that a side named for its audio, where it would have been seen.</summary>
    public bool IsMediaVisible => dialog.Call.Descriptions.Any(d => d.Addresses().Any(a => vantage.Is(a.Ip)));

    public bool IsHeldThroughout => DueSince(Party.Caller) is null && DueSince(Party.Callee) is null;

    /// <summary>Who is on hold at the end, and since when; null when nobody is.</summary>
    public (Party By, MediaDirection Direction, Instant At, CapturedMessage Message, bool IsZeroAddress)? HeldSince
    {
        get
        {
            (Party By, MediaDirection Direction, Instant At, CapturedMessage Message, bool IsZeroAddress)? found = null;
            foreach (var by in (Party[])[Party.Caller, Party.Callee])
            {
                var last = dialog.Call.Descriptions.Where(d => d.By == by && d.At <= ended && d.Sent.Audio is not null).ToList();
                if (last.Count == 0 || last[^1].Direction == MediaDirection.SendRecv) continue;
                var since = last[^1];
                for (var i = last.Count - 1; i >= 0 && last[i].Direction == last[^1].Direction; i--) since = last[i];
                // The answer to a hold mirrors it: the one who began is told.
                var at = since.At > began ? since.At : began;
                if (found is { } other && (other.At < at || (other.At == at && !last[^1].IsOffer))) continue;
                found = (by, last[^1].Direction, at, since.Message, since.Sent.Audio is { } audio && since.Sent.IsZeroAddressHold(audio));
            }

            return found;
        }
    }

    public bool Heard(Party sender) => StreamsOf(sender).Sum(s => s.Packets) >= FewestPackets;

    public List<MediaStream> StreamsOf(Party sender) => [.. dialog.Streams.Where(s => s.Sender == sender && s.Ended >= began)];

    /// <summary>Since when a side should send: both descriptions allow it from then on for a while; null when they never do.</summary>
    public Instant? DueSince(Party sender)
    {
        var moments = dialog.Call.Descriptions.Select(d => d.At).Where(at => at > began && at < ended).Prepend(began).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var until = i + 1 < moments.Count ? moments[i + 1] : ended;
            var (own, other) = (dialog.Call.At(sender, moments[i]), dialog.Call.At(sender.Other(), moments[i]));
            if (own?.Direction.Sends() == true && other?.Direction.Receives() == true && until - moments[i] > TimeSpan.FromSeconds(2)) return moments[i];
        }

        return null;
    }

    /// <summary>Where a side wants its audio, as the other one read it.</summary>
    public Address NamedBy(Party by) => dialog.Call.Last(by)?.Received is { Audio: { } audio } sdp ? sdp.RtpOf(audio) : default;

    /// <summary>Payload types that a side takes, in any of its descriptions at any hop.</summary>
    public HashSet<byte> TypesNamedBy(Party by) =>
        [.. dialog.Call.Descriptions.Where(d => d.By == by).SelectMany(d => d.Hops).SelectMany(h => h.Sdp.Media.Where(m => m.IsAudio).SelectMany(m => m.Formats)).Select(f => byte.TryParse(f, System.Globalization.CultureInfo.InvariantCulture, out var type) ? type : byte.MaxValue).Where(t => t < 128)];

    /// <summary>
    /// A private address that a side named, though what comes from that side comes from somewhere else: nobody outside reaches it there. At the place of the capture it is told by its own description
    /// alone, when the other side is not in a private network with it.
    /// </summary>
    public bool IsUnroutable(in Address named, Party owner)
    {
        if (!named.Ip.IsPrivate || HasIce) return false;
        var ip = named.Ip;
        var sources = Sources(owner).ToHashSet();
        if (sources.Count > 0 && !sources.Contains(ip)) return true;
        if (!vantage.Is(ip) && sources.Contains(ip)) return false;
        return vantage.Is(ip) && !Sources(owner.Other()).Any(s => s.IsPrivate || s.IsLoopback) && NamedBy(owner.Other()) is { IsValid: true } other && !other.Ip.IsPrivate && !Heard(owner.Other());
    }

    /// <summary>Why a private address does not lead to a side, as half a sentence.</summary>
    public string Elsewhere(Party owner)
    {
        var sources = Sources(owner).Where(s => !s.IsPrivate).ToList();
        return sources.Count > 0 ? $"is seen at {sources[0]}" : "is behind a NAT";
    }

    private bool HasIce => dialog.Ice.Any(i => i.Selected is not null);

    /// <summary>Hosts that a side's own packets came from: its audio, and its messages where they were seen first.</summary>
    private IEnumerable<IpAddress> Sources(Party party)
    {
        foreach (var stream in dialog.Streams)
            if (stream.Sender == party) yield return stream.From.Ip;
        foreach (var message in dialog.Messages)
            if (dialog.Call.SenderOf(message) == party && message.Value.Headers.Vias().Count <= 1) yield return message.From.Ip;
    }
}
