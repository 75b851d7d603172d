using Softphone.Audio;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>Commands that end in files: new profiles, and reports of calls. The files are another thread's.</summary>
internal sealed partial class LiveDesk
{
    /// <summary>Packets so long before and after a call may still be its own.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(1);

    /// <summary>What the desk leaves to us. On the pump thread.</summary>
    public void DoOutside(PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.CreateProfile create:
                Create(create.Draft);
                break;
            case PhoneCommand.EditProfile edit:
                Edit(edit.Draft);
                break;
            case PhoneCommand.DeleteProfile delete:
                Delete(delete.Account);
                break;
            case PhoneCommand.SaveReport save:
                Report(_host.Now, save.Call);
                break;
            case PhoneCommand.SaveMessages save:
                Save(save);
                break;
            default:
                _inbox.TryAdd(new UiSignal.Command(command));
                break;
        }
    }

    private void Create(ProfileDraft draft)
    {
        var profile = draft.Whole;
        InBackground("the profile was not made", () =>
        {
            if (ProfileFile.TryWrite(_context.Profiles, profile, draft.Replaces, out var why))
            {
                Post(now =>
                {
                    _desk.Tell(now, $"{profile.Name}: kept as a profile (softphone profile path {profile.Name})");
                    if (draft.Replaces is { } old) Remove(now, old);
                    Wait(profile);
                });
            }
            else
            {
                Tell(why, isProblem: true);
            }
        });
    }

    private void Edit(ProfileDraft draft) => InBackground("the profile was not changed", () =>
    {
        var name = draft.Profile.Name;
        if (!ProfileFile.TryEdit(_context.Profiles, draft, out var note))
        {
            Tell(note, isProblem: true);
            return;
        }

        if (!_context.Profiles.TryLoad(name, out var profile, out var mistakes))
        {
            Tell(mistakes[0], isProblem: true);
            return;
        }

        // What the environment says goes over the file, as when the phone began.
        profile = ProfileOverrides.Apply(profile, _context.Environment, new Dictionary<string, string>(), new Dictionary<string, string>(), out _);
        Post(now =>
        {
            _desk.Tell(now, $"{name}: changed{note}");
            Remove(now, name);
            Wait(profile);
        });
    });

    private void Delete(string name) => InBackground("the profile was not deleted", () =>
    {
        if (!ProfileFile.TryDelete(_context.Profiles, name, out var kept))
        {
            Tell($"there is no file of {name} among the profiles", isProblem: true);
            return;
        }

        Post(now =>
        {
            _desk.Tell(now, $"{name}: deleted; {kept} holds it until the next of that name");
            Remove(now, name);
        });
    });

    /// <summary>Reads a sound file aside; a whole one is held in memory.</summary>
    public void Load(string file, Action<Instant, IAudioSource?, Fault?> then)
    {
        var path = file.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(_context.Environment.GetValueOrDefault("HOME") ?? "", file[2..]) : file;
        Guarded.Begin(
            () =>
            {
                var source = PcmSource.Open(path);
                Post(now => then(now, source, null));
            },
            e => Post(now => then(now, null, (e as AudioFileException)?.Fault ?? new Fault(Layer.Audio, $"{path} cannot be played: {e.Message}"))));
    }

    /// <summary>Reads the record of a row again. On the pump thread.</summary>
    public void Recall(HistoryEntry row)
    {
        var now = _host.Now;
        var isAsked = _keeper.Recall(row, WallClock(now), now, (record, why) => Post(at =>
        {
            if (record is not null) _desk.Recalled(at, row.Number, record);
            else _desk.Lost(at, row.Number, why);
        }));
        if (!isAsked) _desk.Tell(now, "the record cannot be read: the disk has too much to do", isProblem: true);
    }

    private void Report(Instant now, CallId id)
    {
        if (_desk.CallOf(now, id) is not { } call)
        {
            _desk.Tell(now, $"there is no record of call {id} any more: its report would be empty", isProblem: true);
            return;
        }

        var path = Path.Combine(_folders.Reports, $"{FileNames.Stamp(DateTimeOffset.Now)}-{FileNames.Of(call.Peer)}");
        var packets = _packets.Since(_host.WallClock(call.Began) - Around);
        if (call.Ended is { } ended) packets = [.. packets.TakeWhile(p => p.At <= _host.WallClock(ended) + Around)];
        InBackground("the report cannot be written", () =>
        {
            PrivateFile.CreateFolder(_folders.Reports);
            AtomicFile.Write(path + ".md", System.Text.Encoding.UTF8.GetBytes(RecordText.Report(call)));
            using var file = new PcapFile(path + ".pcap");
            if (packets.Count > 0)
            {
                foreach (var (at, packet) in packets) file.Write(at, packet);
                Answer($"report: {path}.md and .pcap, {packets.Count} packets");
            }
            else
            {
                var messages = RecordText.WriteMessages(file, call.Trace, _host.WallClock);
                Answer($"report: {path}.md and .pcap, {messages} SIP messages with their secrets masked: its packets are kept no more");
            }
        });
    }

    private void Save(PhoneCommand.SaveMessages save) => InBackground("the messages cannot be written", () => Answer(MessageFile.Write(_folders, save, _host.WallClock)));

    /// <summary>A line that the person waits for, from any thread.</summary>
    private void Answer(string text) => Post(now => _desk.Answer(now, text));

    private void InBackground(string what, Action work) => Guarded.Begin(work, e => Tell($"{what}: {e.Message}", isProblem: true));
}
