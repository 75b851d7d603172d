using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Cuts the octets of one TCP or TLS connection into messages (RFC 3261 §18.3): Content-Length is mandatory, line breaks before a
/// start line are keepalives (RFC 5626 §3.5.1). Push what arrived, then read until nothing is left. Where the pieces were cut
/// never changes what comes out.
/// </summary>
public sealed class SipStreamParser
{
    /// <summary>The longest message; a longer one breaks the stream before room for it is reserved (§21.5.7).</summary>
    public const int MaxMessage = 1 << 20;

    /// <summary>The longest start line and headers together.</summary>
    public const int MaxHead = 1 << 16;

    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private int _scanned;
    private bool _hasLineBreak;
    private SipMessage? _head;
    private int _headLength;
    private int _bodyLength;
    private SipStreamItem.Broken? _broken;

    /// <summary>What of a message that was begun is still to come.</summary>
    public enum Part
    {
        /// <summary>Nothing was begun.</summary>
        None,

        Head,

        Body,
    }

    /// <summary>True once the stream has broken; everything pushed after that is ignored.</summary>
    public bool IsBroken => _broken is not null;

    /// <summary>Octets that it keeps: its buffer, and a head that waits for its body.</summary>
    public long Held => _buffer.Length + (_head is null ? 0 : 2 * _headLength);

    /// <summary>What is waited for when all was read. The half of a line break between messages begins nothing.</summary>
    public Part Awaited => _head is not null ? Part.Body : _end == _start || (_end - _start == 1 && _buffer[_start] == '\r') ? Part.None : Part.Head;

    /// <summary>The rest of the message is not waited for any longer: the stream is broken.</summary>
    /// <returns>As its last item; null when nothing was begun.</returns>
    public SipStreamItem.Broken? GiveUp() => IsBroken || Awaited == Part.None ? null
        : Break(400, new ParseError("a message that does not end in time"), _head as SipRequest, StreamFault.Unfinished);

    /// <summary>Adds what arrived. The parser copies it.</summary>
    public void Push(ReadOnlySpan<byte> octets)
    {
        if (IsBroken || octets.IsEmpty) return;
        if (_buffer.Length - _end < octets.Length) MakeRoom(octets.Length);
        octets.CopyTo(_buffer.AsSpan(_end));
        _end += octets.Length;
    }

    /// <summary>Takes the next whole thing; false when more octets are needed.</summary>
    public bool TryRead([NotNullWhen(true)] out SipStreamItem? item)
    {
        item = _broken is null ? Next() : null;
        return item is not null;
    }

    private SipStreamItem.Broken Break(int status, ParseError error, SipRequest? request, StreamFault fault)
    {
        if (request is not null) request.Flaw ??= error;
        _buffer = [];
        _start = _end = 0;
        return _broken = new SipStreamItem.Broken(status, error, request, fault);
    }

    private SipStreamItem? Next()
    {
        if (_head is not null) return Complete();
        if (NextKeepalive() is { } keepalive) return keepalive;
        var waiting = _buffer.AsSpan(_start, _end - _start);
        if (waiting.IsEmpty) Shrink();
        if (waiting.IsEmpty || waiting is [(byte)'\r']) return null;
        _hasLineBreak = false;
        var from = Math.Max(0, _scanned - 3);
        var unseen = waiting[from..];
        var blank = unseen.IndexOf("\r\n\r\n"u8);
        // Two bare line feeds end the head of one who knows no CRLF: it will never send the end that we wait for (§7).
        var bare = (blank < 0 ? unseen : unseen[..blank]).IndexOf("\n\n"u8);
        if (bare >= 0 && from + bare < MaxHead)
            return Break(400, new ParseError("lines that end with LF alone", from + bare), BrokenHead.Read(waiting[..(from + bare + 1)]), StreamFault.BareLineFeeds);
        if (blank < 0 && waiting.Length <= MaxHead)
        {
            _scanned = waiting.Length;
            return null;
        }

        var headLength = from + blank + 2;
        _scanned = 0;
        if (blank < 0 || headLength > MaxHead) return Break(513, new ParseError("headers too long"), BrokenHead.Read(waiting[..MaxHead]), StreamFault.HeadTooLong);
        var head = waiting[..headLength].ToArray();
        _start += headLength + 2;
        if (!SipParser.TryParseHead(head, out var message, out var error)) return Break(400, error, null, StreamFault.Unreadable);
        message.Octets = headLength + 2;
        if (Frame(message) is { } broken) return broken;
        _head = message;
        _headLength = headLength;
        return Complete();
    }

    /// <summary>Learns where the message ends, or why that cannot be known.</summary>
    private SipStreamItem.Broken? Frame(SipMessage message)
    {
        var state = SipParser.ReadContentLength(message.Headers, out var length);
        if (state != SipParser.ContentLengthState.Good)
        {
            var isAbsent = state == SipParser.ContentLengthState.Absent;
            var error = new ParseError(isAbsent ? "no Content-Length on a stream" : "Content-Length is not one number");
            return Break(400, error, message as SipRequest, isAbsent ? StreamFault.NoContentLength : StreamFault.BadContentLength);
        }

        if (length > MaxMessage) return Break(513, new ParseError($"Content-Length {length}"), message as SipRequest, StreamFault.TooLong);
        _bodyLength = (int)length;
        return null;
    }

    private SipStreamItem.Message? Complete()
    {
        if (_end - _start < _bodyLength) return null;
        var message = _head!;
        message.Body = _buffer.AsSpan(_start, _bodyLength).ToArray();
        message.Octets += _bodyLength;
        _start += _bodyLength;
        _head = null;
        return new SipStreamItem.Message(message);
    }

    /// <summary>A lone line break is a pong at once, since nothing may follow it for minutes; the second in a row makes a ping of both.</summary>
    private SipStreamItem? NextKeepalive()
    {
        if (_end - _start < 2 || _buffer[_start] != '\r' || _buffer[_start + 1] != '\n') return null;
        _start += 2;
        _scanned = 0;
        _hasLineBreak = !_hasLineBreak;
        return _hasLineBreak ? new SipStreamItem.Pong() : new SipStreamItem.Ping();
    }

    /// <summary>One large message must not cost its room for as long as the connection lives.</summary>
    private void Shrink()
    {
        _start = _end = 0;
        if (_buffer.Length > MaxHead) _buffer = new byte[4096];
    }

    private void MakeRoom(int more)
    {
        var waiting = _end - _start;
        if (_buffer.Length - waiting >= more)
        {
            _buffer.AsSpan(_start, waiting).CopyTo(_buffer);
        }
        else
        {
            var grown = new byte[Math.Max(_buffer.Length * 2, waiting + more)];
            _buffer.AsSpan(_start, waiting).CopyTo(grown);
            _buffer = grown;
        }

        _start = 0;
        _end = waiting;
    }
}
