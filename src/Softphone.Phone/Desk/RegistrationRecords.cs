using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What is left of the registrations of one phone that failed: the messages since the last one that went well, and why. Taken from its trace as it is
/// written, on the thread that drives the phone. A server that refuses each try in the same way leaves one record, until something else comes of a try.
/// </summary>
public sealed class RegistrationRecords
{
    /// <summary>Messages of one try that are kept: more than a try at every place of a server has.</summary>
    private const int MostMessages = 64;

    private readonly string _phone;
    private readonly Queue<SipTrace.Message> _messages = [];
    private Instant? _asked;
    private (int? Status, string Reason, Fault? Fault)? _last;

    /// <param name="trace">The phone's trace.</param>
    /// <param name="phone">Its name there (<see cref="PhoneOptions.Name"/>).</param>
    public RegistrationRecords(Trace trace, string phone)
    {
        _phone = phone;
        trace.Emitted += Take;
    }

    /// <summary>A registration changed; gives its record where it failed, and not as it did the last time.</summary>
    /// <param name="happened">What came of it.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="row">What a list shows of it; its file is named.</param>
    public CallView? Happened(PhoneEvent.Registration happened, string account, Func<Instant, DateTimeOffset> clock, out HistoryEntry row)
    {
        row = null!;
        if (happened.State == RegistrationState.Registering)
        {
            _asked ??= happened.At;
            return null;
        }

        // An answer that came late is of a try before.
        var messages = _messages.SkipWhile(m => m.StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal)).ToArray();
        var began = messages.Length > 0 ? messages[0].At : _asked ?? happened.At;
        _messages.Clear();
        _asked = null;
        var outcome = (happened.Status, happened.Reason, happened.Fault);
        var isNews = _last != outcome;
        _last = happened.State == RegistrationState.Failed ? outcome : null;
        if (happened.State != RegistrationState.Failed || !isNews) return null;

        var at = clock(began);
        var why = happened.Fault is { } fault ? WhyNot(fault) : "";
        var peer = PlainText.Clean(happened.Server.Length > 0 ? happened.Server : happened.Aor, 256);
        row = new HistoryEntry(at, CallDirection.Outgoing, peer, "", account, happened.Status ?? 0, PlainText.Clean(happened.Reason), null, "", "", null, PlainText.Clean(why, 1024), IsMissed: false)
        {
            File = HistoryEntry.FileOf(at, messages.Length > 0 ? messages[0].CallId : peer),
        };
        return PastCalls.Cut(new CallView(default, CallState.Ended, CallDirection.Outgoing, peer)
        {
            Account = account,
            Began = began,
            Ended = happened.At,
            Explanation = row.Explanation,
            Ending = $"{happened.Status} {row.Reason}".Trim(),
            Trace = messages,
        });
    }

    /// <summary>Why a registration failed, and what helps.</summary>
    public static string WhyNot(Fault fault) => fault.Remedy.Length == 0 ? $"Not registered: {fault.What}." : $"Not registered: {fault.What}. What helps: {fault.Remedy}.";

    private void Take(TraceEntry entry)
    {
        if (entry is not SipTrace.Message message || message.Source != _phone || MaskedText.MethodOf(message.Text) != SipMethod.Register) return;
        if (_messages.Count == MostMessages) _messages.Dequeue();
        _messages.Enqueue(message);
    }
}
