using System.Collections.Frozen;
using static Softphone.Sip.TransactionActions;
using static Softphone.Sip.TransactionInput;
using static Softphone.Sip.TransactionKind;
using static Softphone.Sip.TransactionState;

namespace Softphone.Sip;

/// <summary>
/// The four state machines of RFC 3261 §17 with the corrections of RFC 6026, as rows. An input without a row is absorbed: the
/// state stays and nothing is done. The layer that owns the timers and the sockets reads from here what to do and adds nothing.
/// </summary>
public static class TransactionTable
{
    private static readonly FrozenDictionary<(TransactionKind, TransactionState, TransactionInput), TransactionStep> Rows =
        AllRows().ToFrozenDictionary(row => (row.Kind, row.State, row.Input), row => row.Step);

    /// <summary>The step that the tables prescribe.</summary>
    public static TransactionStep Next(TransactionKind kind, TransactionState state, TransactionInput input) =>
        Rows.TryGetValue((kind, state, input), out var step) ? step : new TransactionStep(state, None);

    /// <summary>The state in which a machine is created; <see cref="Start"/> is its first input.</summary>
    public static TransactionState Initial(TransactionKind kind) => kind switch
    {
        InviteClient => Calling,
        InviteServer => Proceeding,
        _ => Trying,
    };

    private static IEnumerable<(TransactionKind Kind, TransactionState State, TransactionInput Input, TransactionStep Step)> AllRows()
    {
        const TransactionActions stopClient = StopRetransmit | StopTimeout;

        // Figure 5 of RFC 6026 (17.1.1): timers A, B, D, M.
        yield return Row(InviteClient, Calling, Start, Calling, Send | ArmRetransmit | ArmTimeout);
        yield return Row(InviteClient, Calling, Retransmit, Calling, Resend | BackOff);
        yield return Row(InviteClient, Calling, TransactionInput.Timeout, Terminated, StopRetransmit | ReportTimeout);
        yield return Row(InviteClient, Calling, TransportError, Terminated, stopClient | ReportTransport);
        yield return Row(InviteClient, Calling, Provisional, Proceeding, stopClient | Deliver);
        yield return Row(InviteClient, Calling, Success, Accepted, stopClient | ArmLinger | Deliver);
        yield return Row(InviteClient, Calling, Failure, Completed, stopClient | Acknowledge | ArmLinger | Deliver);
        yield return Row(InviteClient, Proceeding, Provisional, Proceeding, Deliver);
        yield return Row(InviteClient, Proceeding, Success, Accepted, ArmLinger | Deliver);
        yield return Row(InviteClient, Proceeding, Failure, Completed, Acknowledge | ArmLinger | Deliver);
        yield return Row(InviteClient, Proceeding, TransportError, Terminated, ReportTransport);
        yield return Row(InviteClient, Completed, Failure, Completed, Acknowledge);
        yield return Row(InviteClient, Completed, TransportError, Terminated, ReportTransport);
        yield return Row(InviteClient, Completed, Linger, Terminated, None);
        yield return Row(InviteClient, Accepted, Success, Accepted, Deliver);
        yield return Row(InviteClient, Accepted, Linger, Terminated, None);

        // Figure 6 of RFC 3261 (17.1.2): timers E, F, K.
        yield return Row(NonInviteClient, Trying, Start, Trying, Send | ArmRetransmit | ArmTimeout);
        yield return Row(NonInviteClient, Trying, Retransmit, Trying, Resend | BackOff);
        yield return Row(NonInviteClient, Trying, TransactionInput.Timeout, Terminated, StopRetransmit | ReportTimeout);
        yield return Row(NonInviteClient, Trying, TransportError, Terminated, stopClient | ReportTransport);
        yield return Row(NonInviteClient, Trying, Provisional, Proceeding, Deliver);
        yield return Row(NonInviteClient, Trying, Success, Completed, stopClient | ArmLinger | Deliver);
        yield return Row(NonInviteClient, Trying, Failure, Completed, stopClient | ArmLinger | Deliver);
        yield return Row(NonInviteClient, Proceeding, Retransmit, Proceeding, Resend | BackOffToT2);
        yield return Row(NonInviteClient, Proceeding, TransactionInput.Timeout, Terminated, StopRetransmit | ReportTimeout);
        yield return Row(NonInviteClient, Proceeding, TransportError, Terminated, stopClient | ReportTransport);
        yield return Row(NonInviteClient, Proceeding, Provisional, Proceeding, Deliver);
        yield return Row(NonInviteClient, Proceeding, Success, Completed, stopClient | ArmLinger | Deliver);
        yield return Row(NonInviteClient, Proceeding, Failure, Completed, stopClient | ArmLinger | Deliver);
        yield return Row(NonInviteClient, Completed, Linger, Terminated, None);

        // Figure 7 of RFC 6026 (17.2.1): timers G, H, I, L. A transport error ends none of its states (RFC 6026 §7.1).
        yield return Row(InviteServer, Proceeding, Start, Proceeding, ArmSilence | Deliver);
        yield return Row(InviteServer, Proceeding, Silence, Proceeding, SendTrying);
        yield return Row(InviteServer, Proceeding, Request, Proceeding, Resend);
        yield return Row(InviteServer, Proceeding, Provisional, Proceeding, StopSilence | Send);
        yield return Row(InviteServer, Proceeding, Success, Accepted, StopSilence | Send | ArmLinger);
        yield return Row(InviteServer, Proceeding, Failure, Completed, StopSilence | Send | ArmRetransmit | ArmTimeout);
        yield return Row(InviteServer, Proceeding, TransportError, Proceeding, ReportTransport);
        yield return Row(InviteServer, Completed, Request, Completed, Resend);
        yield return Row(InviteServer, Completed, Retransmit, Completed, Resend | BackOff);
        yield return Row(InviteServer, Completed, TransactionInput.Timeout, Terminated, StopRetransmit | ReportTimeout);
        yield return Row(InviteServer, Completed, TransportError, Completed, ReportTransport);
        yield return Row(InviteServer, Completed, Ack, Confirmed, StopRetransmit | StopTimeout | ArmLinger);
        yield return Row(InviteServer, Confirmed, Linger, Terminated, None);
        yield return Row(InviteServer, Accepted, Success, Accepted, Send);
        yield return Row(InviteServer, Accepted, Ack, Accepted, Deliver);
        yield return Row(InviteServer, Accepted, TransportError, Accepted, ReportTransport);
        yield return Row(InviteServer, Accepted, Linger, Terminated, None);

        // Figure 8 of RFC 3261 (17.2.2): timer J.
        yield return Row(NonInviteServer, Trying, Start, Trying, Deliver);
        yield return Row(NonInviteServer, Trying, Provisional, Proceeding, Send);
        yield return Row(NonInviteServer, Trying, Success, Completed, Send | ArmLinger);
        yield return Row(NonInviteServer, Trying, Failure, Completed, Send | ArmLinger);
        yield return Row(NonInviteServer, Trying, TransportError, Terminated, ReportTransport);
        yield return Row(NonInviteServer, Proceeding, Request, Proceeding, Resend);
        yield return Row(NonInviteServer, Proceeding, Provisional, Proceeding, Send);
        yield return Row(NonInviteServer, Proceeding, Success, Completed, Send | ArmLinger);
        yield return Row(NonInviteServer, Proceeding, Failure, Completed, Send | ArmLinger);
        yield return Row(NonInviteServer, Proceeding, TransportError, Terminated, ReportTransport);
        yield return Row(NonInviteServer, Completed, Request, Completed, Resend);
        yield return Row(NonInviteServer, Completed, TransportError, Terminated, ReportTransport);
        yield return Row(NonInviteServer, Completed, Linger, Terminated, None);
    }

    private static (TransactionKind Kind, TransactionState State, TransactionInput Input, TransactionStep Step) Row(
        TransactionKind kind, TransactionState state, TransactionInput input, TransactionState next, TransactionActions actions) =>
        (kind, state, input, new TransactionStep(next, actions));
}
