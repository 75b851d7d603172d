using System.Collections.Concurrent;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>
/// Writes what is to be kept on a thread of its own, in order, so that neither the phone nor the screen ever waits for a disk. What cannot
/// be written is told once for each file, until it works again.
/// </summary>
internal sealed class Keeper : IDisposable
{
    /// <summary>What may wait for a disk. What comes on top of that, as in a flood of calls, is not kept.</summary>
    private const int MostWaiting = 1000;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Action> _work = [];
    private readonly HistoryFile _history;
    private readonly ContactsFile _contacts;
    private readonly SettingsFile _settings;
    private readonly RecordStore _records;
    private readonly HashSet<string> _broken = [];
    private IReadOnlyList<Contact>? _newest;
    private readonly Thread _thread;

    /// <summary>Taken out of the history in this run, and not brought back.</summary>
    private readonly List<HistoryEntry> _forgotten = [];

    public Keeper(KeptFolders folders)
    {
        _history = new HistoryFile(folders.History);
        _contacts = new ContactsFile(folders.Contacts);
        _settings = new SettingsFile(folders.Settings);
        _records = new RecordStore(folders.Records);
        History = Load("history", () => _records.Place(_history.Load()), []);
        Contacts = Load("contacts", _contacts.Load, []);
        Settings = Load("settings", _settings.Load, new KeptSettings());
        _work.Add(() => Leftovers.Sweep([folders.Config, Path.Combine(folders.Config, "profiles"), folders.State, folders.Reports, folders.Crashes, .. _records.Folders, .. _records.RegistrationFolders]));
        // A run that did not end in order left the records of what was taken out.
        if (_history.GoneForGood.Count > 0) Post("history", () => Purge(_history.GoneForGood));
        _thread = new Thread(Work) { IsBackground = true, Name = "keeper" };
        _thread.Start();
    }

    /// <summary>As it was at the start.</summary>
    public IReadOnlyList<HistoryEntry> History { get; }

    /// <summary>As they were at the start.</summary>
    public IReadOnlyList<Contact> Contacts { get; }

    /// <summary>As they are now; belongs to one thread, as <see cref="Remember"/> does.</summary>
    public KeptSettings Settings { get; private set; }

    /// <summary>What could not be read at the start, for the person.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    private readonly List<string> _unreadable = [];

    /// <summary>Told, on the thread of the keeper, what cannot be written.</summary>
    public Action<string>? Failed { get; set; }

    public void Keep(HistoryEntry entry)
    {
        Post("history", () => _history.Append(entry));
    }

    /// <summary>Takes a call out of the history. Its line and its record go from the disk at the end of this run: until then it may be brought back.</summary>
    public void Forget(HistoryEntry entry)
    {
        _forgotten.Add(entry);
        Post("history", () => _history.Forget(entry));
    }

    public void Restore(HistoryEntry entry)
    {
        _forgotten.RemoveAll(f => f.Number == entry.Number);
        Post("history", () => _history.Restore(entry));
    }

    public void Keep(HistoryEntry row, CallView record, RecordSettings settings) => Post("records", () => _records.Save(row, record, settings));

    /// <summary>The record of a registration that failed.</summary>
    public void KeepRegistration(HistoryEntry row, CallView record) => Post("records", () => _records.SaveRegistration(row, record));

    /// <summary>Reads the registrations that failed in other runs, the oldest first, on the thread of the keeper.</summary>
    public void RecallRegistrations(DateTimeOffset clock, Instant now, Action<IReadOnlyList<CallView>> then) =>
        Post("records", () => then([.. _records.Registrations(clock, now).Select(r => r.Record)]));

    /// <summary>Reads a record on the thread of the keeper, after everything that was to be written before.</summary>
    /// <param name="row">Of which call.</param>
    /// <param name="clock">The wall clock of <paramref name="now"/>.</param>
    /// <param name="now">The time of the phone.</param>
    /// <param name="then">Told the record, or why there is none.</param>
    /// <returns>False when nothing can be read any more.</returns>
    public bool Recall(HistoryEntry row, DateTimeOffset clock, Instant now, Action<CallView?, string> then) => Post("records", () =>
    {
        _records.TryLoad(row, clock, now, out var record, out var why);
        then(record, why);
    });

    public void Keep(IReadOnlyList<Contact> contacts)
    {
        // A file that could not be read may hold people: it is not written over.
        if (_unreadable.Exists(u => u.StartsWith("contacts", StringComparison.Ordinal))) return;
        // On a slow disk only the newest list is worth writing.
        if (Interlocked.Exchange(ref _newest, contacts) is not null) return;
        var posted = Post("contacts", () =>
        {
            if (Interlocked.Exchange(ref _newest, null) is { } newest) _contacts.Save(newest);
        });
        if (!posted) _newest = null;
    }

    public void SeenMissed(DateTimeOffset now) => Post("history", () => _history.SeenMissed(now));

    public void Remember(Func<KeptSettings, KeptSettings> change)
    {
        var settings = change(Settings);
        if (settings == Settings) return;
        Settings = settings;
        Post("settings", () => _settings.Save(settings));
    }

    /// <summary>Waits until everything is written, for a while.</summary>
    public void Dispose() => End(EndLimit);

    /// <summary>Waits until everything is written, no longer than a limit.</summary>
    /// <returns>False when the disk has not taken it by then.</returns>
    public bool End(TimeSpan limit)
    {
        if (!_work.IsAddingCompleted && _forgotten.Count > 0) Post("history", () => Purge([.. _forgotten.Select(f => (f.Account, f.File))]));
        _work.CompleteAdding();
        if (!_thread.Join(limit)) return false;
        _work.Dispose();
        return true;
    }

    private void Purge(IReadOnlyList<(string Account, string File)> gone)
    {
        _records.Delete(gone);
        _history.Purge();
    }

    private bool Post(string what, Action write)
    {
        if (_work.IsAddingCompleted || _work.Count >= MostWaiting) return false;
        _work.Add(() =>
        {
            try
            {
                write();
                _broken.Remove(what);
            }
            catch (Exception e)
            {
                if (_broken.Add(what)) Failed?.Invoke($"the {what} cannot be kept: {e.Message}");
            }
        });
        return true;
    }

    private void Work()
    {
        foreach (var write in _work.GetConsumingEnumerable()) Guarded.Run(write);
    }

    private T Load<T>(string what, Func<T> read, T none)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unreadable.Add($"{what}: {e.Message}");
            return none;
        }
    }
}
