using System.Text;
using Softphone.Core;

namespace Softphone.Cli;

/// <summary>
/// Standard output and error. A verb that only computes waits for its reader, as any program in a pipe. Once <see cref="GoLive"/> was called
/// nobody waits: a phone runs, and a reader that stalls, a full disk or a closed pipe must not hold up what becomes of its calls. Then a
/// thread of its own writes; lines for which there is no room any more are lost, counted and told. From any thread.
/// </summary>
internal sealed class LineOutput : TextWriter
{
    /// <summary>Octets that may wait: some twenty thousand events.</summary>
    private const int MostOctets = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly string _name;
    private readonly Encoding _encoding;
    private readonly int _bound;
    private readonly StringBuilder _line = new();
    private volatile AsideWriter? _aside;

    /// <param name="stream">Where it goes.</param>
    /// <param name="name">What a person calls it.</param>
    /// <param name="encoding">UTF-8 when null.</param>
    /// <param name="bound">Octets that may wait.</param>
    public LineOutput(Stream stream, string name, Encoding? encoding = null, int bound = MostOctets)
    {
        (_stream, _name, _bound) = (stream, name, bound);
        _encoding = encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        CoreNewLine = ['\n'];
    }

    public override Encoding Encoding => _encoding;

    /// <summary>Told once, at once, when nothing can be written any more and nobody waits. Who waits gets an <see cref="OutputException"/>.</summary>
    public Action<Fault>? Failed { get; init; }

    /// <summary>What cannot be written is dropped instead: there is nowhere else to tell it.</summary>
    public bool IsLast { get; init; }

    /// <summary>It ended early, and <see cref="Failed"/> told so.</summary>
    public bool HasFailed => _aside?.Failure is not null;

    /// <summary>Why not everything came out, by now; null when it did.</summary>
    public Fault? Problem
    {
        get
        {
            if (_aside is not { } aside) return null;
            if (aside.Failure is { } failure) return Explain(failure);
            var (lines, _) = aside.Missing;
            return lines == 0 ? null
                : new Fault(Layer.Internal, $"{lines} lines of {_name} were lost: whoever reads it did not take them", "read faster, or write to a file");
        }
    }

    /// <summary>From now on nobody waits.</summary>
    public void GoLive()
    {
        lock (_gate) _aside ??= new AsideWriter(_name, _bound, () => new Target(_stream), TellFailure);
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
        {
            _line.Append(buffer);
            if (buffer.Contains('\n')) Send();
        }
    }

    public override void WriteLine(string? value)
    {
        lock (_gate)
        {
            _line.Append(value).Append(CoreNewLine);
            Send();
        }
    }

    public override void Flush()
    {
        lock (_gate) Send();
    }

    /// <summary>Waits for a while until everything is written; what is not then is told by <see cref="Problem"/>.</summary>
    public bool Finish(TimeSpan limit)
    {
        Flush();
        return _aside?.Finish(limit) ?? true;
    }

    private void Send()
    {
        if (_line.Length == 0) return;
        var octets = _encoding.GetBytes(_line.ToString());
        _line.Clear();
        if (_aside is { } aside)
        {
            aside.TryWrite(octets);
            return;
        }

        try
        {
            _stream.Write(octets);
            _stream.Flush();
        }
        catch (IOException e)
        {
            if (!IsLast) throw new OutputException(Explain(e));
        }
    }

    private void TellFailure(AsideWriter aside)
    {
        if (aside.Failure is { } failure) Failed?.Invoke(Explain(failure));
    }

    private Fault Explain(Exception e) => e is IOException && e.HResult == Posix.BrokenPipe
        ? new Fault(Layer.Internal, $"{_name} is closed: whoever read it has ended", "keep the reader, or write to a file")
        : new Fault(Layer.Internal, $"{_name} cannot be written: {e.Message}", "free some space, or write elsewhere");

    private sealed class Target(Stream stream) : IAsideTarget
    {
        public void Write(ReadOnlySpan<byte> record) => stream.Write(record);

        public void Rest() => stream.Flush();

        public void Close() => stream.Flush();
    }
}
