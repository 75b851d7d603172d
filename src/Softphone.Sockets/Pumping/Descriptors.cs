using System.Net.Sockets;

namespace Softphone.Sockets;

/// <summary>
/// How many files this process may have open. A part is kept back: the runtime reads files and opens sockets of its own for lists of
/// interfaces, names and libraries, and dies where it gets none. Systems give the lowest free number, so the number of a new
/// descriptor says how far it has come.
/// </summary>
internal sealed class Descriptors
{
    /// <summary>What one call may take at once: RTP and RTCP at four addresses.</summary>
    private const int OfOneCall = 8;

    /// <summary>What it can do with: RTP and RTCP at one.</summary>
    private const int OfSmallCall = 2;

    private static readonly TimeSpan CountEvery = TimeSpan.FromMilliseconds(250);

    private readonly string _folder;
    private readonly Func<int> _count;
    private Instant? _countedAt;
    private int _counted;
    private int _openedSince;

    public Descriptors()
        : this(LimitOfSystem(), null)
    {
    }

    internal Descriptors(int limit, Func<int>? count, string? folder = null)
    {
        _folder = folder ?? (OperatingSystem.IsLinux() ? "/proc/self/fd" : "/dev/fd");
        Limit = limit;
        Reserve = limit == int.MaxValue ? 0 : Math.Clamp(limit / 16, 8, 64);
        _count = count ?? Count;
    }

    /// <summary>The most that may be open; without end where the system sets none.</summary>
    public int Limit { get; }

    /// <summary>How many of them no socket of the pump may take.</summary>
    public int Reserve { get; }

    /// <summary>A socket that got one of those kept back, and must be given up again.</summary>
    public bool IsBeyond(Socket socket)
    {
        _openedSince++;
        return Limit != int.MaxValue && (int)socket.Handle >= Limit - Reserve;
    }

    /// <summary>A stranger's connection takes nothing of what a call would need.</summary>
    public bool IsBeyondStrangers(Socket socket) => Limit != int.MaxValue && (int)socket.Handle >= Limit - Reserve - OfOneCall;

    /// <summary>A further call at all addresses would eat into what is kept back.</summary>
    public bool IsScarce(Instant now) => Left(now) < Reserve + OfOneCall;

    /// <summary>A further call at a single address would.</summary>
    public bool IsSpent(Instant now) => Left(now) < Reserve + OfSmallCall;

    private int Left(Instant now)
    {
        if (Limit == int.MaxValue) return Limit;
        if (_countedAt is not { } at || now - at > CountEvery)
        {
            _countedAt = now;
            _counted = _count();
            _openedSince = 0;
        }

        return Limit - _counted - _openedSince;
    }

    private static int LimitOfSystem()
    {
        if (OperatingSystem.IsWindows()) return int.MaxValue;
        return Libc.GetLimit(OperatingSystem.IsLinux() ? Libc.LimitOfFilesLinux : Libc.LimitOfFilesMac, out var limit) == 0 && limit.Now < int.MaxValue ? (int)limit.Now : int.MaxValue;
    }

    /// <summary>
    /// Without the one that counting takes. Where the list cannot be opened none is left; where there is no list, as in a chroot without /proc, nothing is
    /// known, and the number of each new socket has to say when it is enough.
    /// </summary>
    private int Count()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(_folder).Count() - 1;
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Limit;
        }
    }
}
