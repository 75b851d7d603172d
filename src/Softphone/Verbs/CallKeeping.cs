using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>
/// Keeps the calls of a verb in the history, with their records, where the profile has those on disk: "softphone calls" shows them, and so does the
/// full screen; registrations that failed too. A record is written some seconds after its call, when the next one ends, or in the end, so that what follows a BYE is in it. Belongs to the pump thread until
/// that has ended; files are the keeper's thread's.
/// </summary>
internal sealed class CallKeeping
{
    private readonly PhoneMachine _machine;
    private readonly CallRecords _records;
    private readonly RegistrationRecords _registrations;
    private readonly string _account;
    private readonly RecordSettings _settings;
    private readonly Keeper _keeper;
    private readonly Func<Instant, DateTimeOffset> _clock;
    private readonly Dictionary<CallId, (Instant Began, Instant? Answered)> _calls = [];
    private readonly List<(HistoryEntry Row, CallView Call)> _ended = [];

    /// <param name="machine">Whose calls.</param>
    /// <param name="phone">Its name in the trace.</param>
    /// <param name="account">The name of the profile.</param>
    /// <param name="settings">What the profile keeps.</param>
    /// <param name="keeper">Writes it.</param>
    /// <param name="clock">The wall clock.</param>
    public CallKeeping(PhoneMachine machine, string phone, string account, RecordSettings settings, Keeper keeper, Func<Instant, DateTimeOffset> clock)
    {
        (_machine, _account, _settings, _keeper, _clock) = (machine, account, settings, keeper, clock);
        _records = new CallRecords(machine.Trace, phone);
        _registrations = new RegistrationRecords(machine.Trace, phone);
    }

    public void Happened(PhoneEvent happened)
    {
        switch (happened)
        {
            case PhoneEvent.Registration e:
                if (_registrations.Happened(e, _account, at => _clock(at).ToLocalTime(), out var failed) is { } registration) _keeper.KeepRegistration(failed, registration);
                break;
            case PhoneEvent.IncomingCall e:
                _calls.TryAdd(e.Call, (e.At, null));
                break;
            case PhoneEvent.CallChanged e:
                var known = _calls.TryGetValue(e.Call, out var call) ? call : (e.At, null);
                _calls[e.Call] = known.Answered is null && e.State is CallState.Connected or CallState.Held ? known with { Answered = e.At } : known;
                break;
            case PhoneEvent.CallEnded e:
                Flush();
                End(e);
                break;
        }
    }

    /// <summary>Hands over what waits.</summary>
    public void Flush()
    {
        foreach (var (row, call) in _ended)
        {
            var record = PastCalls.Cut(call with { Trace = _records.Of(call.Id), LeftOut = _records.ForgottenOf(call.Id) });
            _records.Forget(call.Id);
            _keeper.Keep(row, record, _settings);
        }

        _ended.Clear();
    }

    private void End(PhoneEvent.CallEnded ended)
    {
        _calls.Remove(ended.Call, out var call);
        var began = call.Began == default ? ended.At : call.Began;
        var talked = ended.At - call.Answered;
        var summary = ended.Summary;
        var at = _clock(began).ToLocalTime();
        var row = HistoryEntry.Of(summary, at, ended.Direction, PlainText.Clean(ended.Peer, 256), "", _account, talked) with { File = HistoryEntry.FileOf(at, _records.SipCallIdOf(ended.Call)) };
        _keeper.Keep(row);
        _ended.Add((row, new CallView(ended.Call, CallState.Ended, ended.Direction, row.Peer)
        {
            Account = _account,
            Began = began,
            Ended = ended.At,
            Talked = talked,
            Path = summary.Path,
            Media = summary.Media,
            Ice = _machine.Snapshot(ended.At, ended.Call)?.Ice,
            Why = summary.Why,
            Explanation = summary.Explanation,
            Ending = $"{summary.Status} {PlainText.Clean(summary.Reason)}".TrimEnd(),
        }));
    }
}
