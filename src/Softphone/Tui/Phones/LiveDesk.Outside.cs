using System.Globalization;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sockets;

namespace Softphone.Cli;

/// <summary>Commands that end in files: new profiles, and reports of calls. The files are another thread's.</summary>
internal sealed partial class LiveDesk
{
    /// <summary>What the desk leaves to us. On the pump thread.</summary>
    public void DoOutside(PhoneCommand command)
    {
        switch (command)
        {
            case PhoneCommand.CreateProfile create:
                Create(create.Draft);
                break;
            case PhoneCommand.SaveReport save:
                Report(_host.Now, save.Call);
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

    private void Report(Instant now, CallId id)
    {
        var watched = _desk.Watch;
        _desk.Watch = id;
        var call = _desk.View(now).Calls.FirstOrDefault(c => c.Id == id);
        _desk.Watch = watched;
        if (call is null)
        {
            _desk.Tell(now, $"call {id} is over for too long: its report would be empty", isProblem: true);
            return;
        }

        var path = Path.Combine(_folders.Reports, $"{FileNames.Stamp(DateTimeOffset.Now)}-{FileNames.Of(call.Peer)}");
        var packets = _packets.Since(_host.WallClock(call.Began) - TimeSpan.FromSeconds(1));
        InBackground("the report cannot be written", () =>
        {
            PrivateFile.CreateFolder(_folders.Reports);
            AtomicFile.Write(path + ".md", System.Text.Encoding.UTF8.GetBytes(CallReport.Text(call.Direction, call.Peer, Outcome(call), call.Explanation, [.. call.Trace])));
            using var file = new PcapFile(path + ".pcap");
            foreach (var (at, packet) in packets) file.Write(at, packet);
            Tell($"report: {path}.md and .pcap, {packets.Count} packets");
        });
    }

    private static string Outcome(CallView call)
    {
        var parts = new List<string> { call.State == CallState.Ended ? $"over: {call.Ending}" : call.State.ToString().ToLowerInvariant(), $"account {call.Account}" };
        if (call.Talked is { } talked) parts.Add($"talked {talked:h\\:mm\\:ss}");
        if (call.Path.Length > 0) parts.Add($"path {call.Path}");
        if (call.Media is { } media)
        {
            parts.Add(media.Codec.ToLowerInvariant());
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{media.Rx.LossPercent:0.0} % lost, jitter {media.Rx.JitterMs:0.0} ms, MOS {media.Mos:0.0}"));
        }

        return string.Join(", ", parts);
    }

    private void InBackground(string what, Action work) => Guarded.Begin(work, e => Tell($"{what}: {e.Message}", isProblem: true));
}
