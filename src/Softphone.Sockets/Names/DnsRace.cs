namespace Softphone.Sockets;

/// <summary>
/// When which DNS server is asked one question. Pure: it is told the time and what came. The next server is asked after 500 ms without an answer,
/// or at once when one cannot help (SERVFAIL, REFUSED, a closed port); nobody is given up for being slow: an earlier server's late answer counts.
/// </summary>
internal sealed class DnsRace
{
    private readonly bool[] _failed;
    private readonly TimeSpan?[] _firstAsked;
    private readonly int _rounds;
    private readonly TimeSpan _patience;
    private int _asked;
    private TimeSpan _end;

    /// <param name="servers">How many servers there are.</param>
    /// <param name="rounds">How often each is asked ("attempts" of resolv.conf).</param>
    /// <param name="patience">How long the last question waits for any answer ("timeout" of resolv.conf).</param>
    public DnsRace(int servers, int rounds, TimeSpan patience)
    {
        _failed = new bool[servers];
        _firstAsked = new TimeSpan?[servers];
        _rounds = rounds;
        _patience = patience;
    }

    /// <summary>After how long the next server is asked besides.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromSeconds(0.5);

    /// <summary>When there is something to do next.</summary>
    public TimeSpan Due { get; private set; }

    /// <summary>A server said that it cannot help: not the same as silence.</summary>
    public bool WasRefused { get; private set; }

    /// <summary>True when nobody is left to wait for.</summary>
    public bool IsOver(TimeSpan now) => Array.TrueForAll(_failed, failed => failed) || (IsExhausted && now >= _end);

    /// <summary>The server to ask now, if one is due.</summary>
    public bool TryAsk(TimeSpan now, out int server)
    {
        server = 0;
        if (now < Due) return false;
        while (!IsExhausted)
        {
            server = _asked++ % _failed.Length;
            if (_failed[server]) continue;
            _firstAsked[server] ??= now;
            _end = now + _patience;
            Due = IsExhausted ? _end : now + Step;
            return true;
        }

        // Who was left for this round has failed meanwhile; the others are still waited for.
        Due = _end;
        return false;
    }

    /// <summary>Whether a server has been asked for longer than the next one waits, and nothing came.</summary>
    public bool IsSilent(TimeSpan now, int server) => !_failed[server] && now - _firstAsked[server] >= Step;

    /// <summary>That server cannot help, and is not asked again.</summary>
    /// <param name="now">When it was known.</param>
    /// <param name="server">Which one.</param>
    /// <param name="hasAnswered">It said so itself.</param>
    public void Fail(TimeSpan now, int server, bool hasAnswered)
    {
        WasRefused |= hasAnswered;
        if (_failed[server]) return;
        _failed[server] = true;
        // In a later round the others have been asked already, and their time runs.
        if (_asked < _failed.Length) Due = now;
    }

    private bool IsExhausted => _asked >= _failed.Length * _rounds;
}
