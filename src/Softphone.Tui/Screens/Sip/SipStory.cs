using Softphone.Media;
using Softphone.Nat;
using Softphone.Sip;
using Softphone.Terminal;

namespace Softphone.Tui;

/// <summary>
/// Signalling as a ladder: the messages of a call made from its trace, with marks for what media did meanwhile, or those of any dialogs. Between us
/// and everybody we sent to or heard from; between any two, where they were read from a wire.
/// </summary>
internal sealed class SipStory
{
    /// <summary>Peers with a line of their own; the others share the last one.</summary>
    private const int MostPeers = 4;

    /// <summary>Lines that a ladder has at most.</summary>
    public const int MostParties = MostPeers + 1;

    private readonly List<SipRow> _rows = [];
    private readonly List<(Address Address, string Name)> _peers = [];
    private Address _first;

    private SipStory()
    {
    }

    public IReadOnlyList<SipRow> Rows => _rows;

    /// <summary>Who is at the other end of the arrows, in the order of their first message.</summary>
    public IReadOnlyList<(Address Address, string Name)> Peers => _peers;

    /// <summary>The address of the first line: where we sent the first message from, or whoever did.</summary>
    public string Us { get; private set; } = "";

    /// <summary>The first line is us; else it is who sent the first message on a wire.</summary>
    public bool IsOurs { get; private set; } = true;

    public int Messages { get; private set; }

    /// <summary>Messages that a transaction had to send again, or got again.</summary>
    public int Repeats { get; private set; }

    /// <summary>When the first message passed; null before.</summary>
    public Instant? Began { get; private set; }

    public static SipStory Of(IReadOnlyList<TraceEntry> trace)
    {
        var story = new SipStory();
        Instant? last = null;
        for (var i = 0; i < trace.Count; i++)
        {
            if (trace[i] is SipTrace.Message message)
            {
                story.Add(message, last);
                last = message.At;
            }
            else if (MarkOf(trace[i]) is { } mark)
            {
                story._rows.Add(new SipRow(trace[i].At, default, null, -1, $"· {mark.Text} ·", "", mark.Style));
            }
        }

        return story;
    }

    /// <summary>The messages of one dialog or of several, in the order of their time, with what a capture has of their media between them.</summary>
    public static SipStory Of(IReadOnlyList<SipDialog> dialogs, CaptureSight? capture = null)
    {
        var marks = new Queue<CaptureMark>(dialogs.SelectMany(d => capture?.MarksOf(d.Number) ?? []).OrderBy(m => m.At));
        var story = new SipStory();
        Instant? last = null;
        // A stable sort: messages of one moment stay in the order of their dialog.
        foreach (var (message, dialog) in dialogs.SelectMany((d, i) => d.Messages.Select(m => (m, dialogs.Count > 1 ? i + 1 : 0))).OrderBy(m => m.m.At))
        {
            while (marks.TryPeek(out var mark) && mark.At < message.At) story.Add(marks.Dequeue());
            story.Add(message, last, dialog);
            last = message.At;
        }

        while (marks.TryDequeue(out var mark)) story.Add(mark);
        return story;
    }

    private void Add(CaptureMark mark) => _rows.Add(new SipRow(mark.At, default, null, -1, $"· {mark.Text} ·", "", mark.IsGood ? Color.Green : Color.Red));

    /// <summary>The last descriptions of both sides, as they were sent, for somebody who wants to paste them; empty when there is none.</summary>
    public string Descriptions()
    {
        var (sent, received) = (Last(isSent: true), Last(isSent: false));
        return string.Join("\r\n", new[] { Titled("ours", sent), Titled("the peer's", received) }.Where(t => t.Length > 0));

        SipTrace.Message? Last(bool isSent) => _rows.FindLast(r => r.Message is { } m && m.IsSent == isSent && HasSdp(m))?.Message;

        static bool HasSdp(SipTrace.Message message) => MaskedText.Header(message.Text, "Content-Type").StartsWith("application/sdp", StringComparison.OrdinalIgnoreCase);

        static string Titled(string whose, SipTrace.Message? message) =>
            message is null ? "" : $"# {whose}, in {MaskedText.NameOf(message.StartLine)}\r\n{MaskedText.Body(message.Text)}";
    }

    /// <summary>The message at a row, or the last one before it; null when there is none.</summary>
    public SipRow? MessageAt(int row)
    {
        for (var i = Math.Min(row, _rows.Count - 1); i >= 0; i--)
            if (_rows[i].Message is not null) return _rows[i];
        return null;
    }

    public int IndexOf(SipRow row) => _rows.IndexOf(row);

    /// <summary>Every message with when and between whom, as text.</summary>
    public string Transcript()
    {
        var text = new System.Text.StringBuilder();
        foreach (var row in _rows)
            if (row.Message is { } m && Began is { } began)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(row.At - began).TotalSeconds:0.000} {(m.IsSent ? "to" : "from")} {m.Remote} {m.Transport}{(m.IsRepeat ? ", again" : "")}\r\n{m.Text}\r\n");
        return text.ToString();
    }

    private void Add(SipTrace.Message message, Instant? last, int dialog = 0)
    {
        if (Began is null) Begin(message);
        Messages++;
        if (message.IsRepeat) Repeats++;
        var status = MaskedText.StatusOf(message.StartLine);
        var method = MaskedText.MethodOf(message.Text);
        var label = MaskedText.NameOf(message.StartLine);
        if (status > 0 && method.Length > 0 && method != SipMethod.Invite) label = $"{label} ({method})";
        var (local, remote) = (IsOurs ? 0 : PartyOf(message.Local, message), PartyOf(message.Remote, message));
        var (sender, receiver) = message.IsSent ? (local, remote) : (remote, local);
        _rows.Add(new SipRow(
            message.At, last is { } before ? message.At - before : default, message, remote - 1, label, MessageText.Details(message.Text), StyleOf(status, method, message.IsRepeat))
        {
            Sender = sender,
            Receiver = receiver,
            Dialog = dialog,
        });
    }

    private void Begin(SipTrace.Message first)
    {
        (Began, IsOurs, _first) = (first.At, first.Source.Length > 0, first.IsSent ? first.Local : first.Remote);
        Us = !IsOurs ? _first.ToString() : first.Local.Port == 0 ? first.Local.Ip.ToString() : first.Local.ToString();
    }

    /// <summary>The line of an address; on a wire the first line has one too.</summary>
    private int PartyOf(Address address, SipTrace.Message message)
    {
        if (!IsOurs && address == _first) return 0;
        var known = _peers.FindIndex(p => p.Address == address);
        if (known >= 0) return known + 1;
        if (_peers.Count == MostPeers)
        {
            _peers[^1] = (_peers[^1].Address, "others");
            return MostPeers;
        }

        _peers.Add((address, $"{address} {message.Transport.ToString().ToLowerInvariant()}"));
        return _peers.Count;
    }

    private static Style StyleOf(int status, string method, bool isRepeat)
    {
        var style = (status, method) switch
        {
            (0, SipMethod.Bye or SipMethod.Cancel) => new Style(Color.Magenta),
            (0, _) => new Style(Color.Cyan),
            ( < 200, _) => new Style(Color.Grey),
            ( < 300, _) => new Style(Color.Green),
            (401 or 407, _) => new Style(Color.Yellow),
            _ => new Style(Color.Red),
        };
        return isRepeat ? new Style(Color.Yellow, Emphasis: Emphasis.Dim) : style;
    }

    /// <summary>What media and ICE did, where it explains what is signalled.</summary>
    private static (string Text, Style Style)? MarkOf(TraceEntry entry) => entry switch
    {
        GatherTrace.Ready e => ($"{e.Candidates} candidates gathered", Color.Grey),
        IceTrace.StateChanged { To: IceState.Checking } => ("ICE checks", Color.Grey),
        IceTrace.StateChanged { To: IceState.Failed } => ("ICE failed", Color.Red),
        IceTrace.StateChanged { To: IceState.Disconnected } => ("ICE lost its path", Color.Red),
        IceTrace.Restarted e => ($"ICE anew: {e.Reason}", Color.Yellow),
        IceTrace.Selected { Component: 1 } e => ($"path {Candidate.Name(e.Local.Type)} to {Candidate.Name(e.Remote.Type)} {e.Remote.Address}", Color.Green),
        MediaTrace.Heard => ("first audio of the peer", Color.Green),
        MediaTrace.Secured { Suite.Length: > 0 } e => (e.Describe(), Color.Green),
        MediaTrace.Secured or MediaTrace.KeysDiffer => (entry.Describe(), Color.Red),
        MediaTrace.Silent e => (e.Describe(), Color.Red),
        MediaTrace.Resumed e => (e.Describe(), Color.Green),
        _ => null,
    };
}
