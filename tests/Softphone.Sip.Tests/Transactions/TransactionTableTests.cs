using static Softphone.Sip.TransactionActions;
using static Softphone.Sip.TransactionKind;
using static Softphone.Sip.TransactionState;
using Input = Softphone.Sip.TransactionInput;

namespace Softphone.Sip.Tests;

/// <summary>The tables of RFC 3261 §17 and RFC 6026 §7, row by row, and what no row may do.</summary>
public sealed class TransactionTableTests
{
    public static TheoryData<TransactionKind, TransactionState, Input, TransactionState, TransactionActions> Rows => new()
    {
        { InviteClient, Calling, Input.Retransmit, Calling, Resend | BackOff },
        { InviteClient, Calling, Input.Timeout, Terminated, StopRetransmit | ReportTimeout },
        { InviteClient, Calling, Input.Provisional, Proceeding, StopRetransmit | StopTimeout | Deliver },
        { InviteClient, Calling, Input.Success, Accepted, StopRetransmit | StopTimeout | ArmLinger | Deliver },
        { InviteClient, Calling, Input.Failure, Completed, StopRetransmit | StopTimeout | Acknowledge | ArmLinger | Deliver },
        { InviteClient, Proceeding, Input.Provisional, Proceeding, Deliver },
        { InviteClient, Proceeding, Input.Retransmit, Proceeding, None },
        { InviteClient, Completed, Input.Failure, Completed, Acknowledge },
        { InviteClient, Completed, Input.Success, Completed, None },
        { InviteClient, Completed, Input.Linger, Terminated, None },
        { InviteClient, Accepted, Input.Success, Accepted, Deliver },
        { InviteClient, Accepted, Input.Failure, Accepted, None },
        { InviteClient, Accepted, Input.Provisional, Accepted, None },
        { InviteClient, Accepted, Input.Linger, Terminated, None },
        { NonInviteClient, Trying, Input.Retransmit, Trying, Resend | BackOff },
        { NonInviteClient, Trying, Input.Provisional, Proceeding, Deliver },
        { NonInviteClient, Proceeding, Input.Retransmit, Proceeding, Resend | BackOffToT2 },
        { NonInviteClient, Proceeding, Input.Timeout, Terminated, StopRetransmit | ReportTimeout },
        { NonInviteClient, Proceeding, Input.Success, Completed, StopRetransmit | StopTimeout | ArmLinger | Deliver },
        { NonInviteClient, Completed, Input.Success, Completed, None },
        { NonInviteClient, Completed, Input.Linger, Terminated, None },
        { InviteServer, Proceeding, Input.Silence, Proceeding, SendTrying },
        { InviteServer, Proceeding, Input.Request, Proceeding, Resend },
        { InviteServer, Proceeding, Input.Provisional, Proceeding, StopSilence | Send },
        { InviteServer, Proceeding, Input.Success, Accepted, StopSilence | Send | ArmLinger },
        { InviteServer, Proceeding, Input.Failure, Completed, StopSilence | Send | ArmRetransmit | ArmTimeout },
        { InviteServer, Proceeding, Input.TransportError, Proceeding, ReportTransport },
        { InviteServer, Completed, Input.Request, Completed, Resend },
        { InviteServer, Completed, Input.Retransmit, Completed, Resend | BackOff },
        { InviteServer, Completed, Input.Timeout, Terminated, StopRetransmit | ReportTimeout },
        { InviteServer, Completed, Input.Ack, Confirmed, StopRetransmit | StopTimeout | ArmLinger },
        { InviteServer, Confirmed, Input.Ack, Confirmed, None },
        { InviteServer, Confirmed, Input.Linger, Terminated, None },
        { InviteServer, Accepted, Input.Request, Accepted, None },
        { InviteServer, Accepted, Input.Ack, Accepted, Deliver },
        { InviteServer, Accepted, Input.Success, Accepted, Send },
        { InviteServer, Accepted, Input.Linger, Terminated, None },
        { NonInviteServer, Trying, Input.Request, Trying, None },
        { NonInviteServer, Trying, Input.Success, Completed, Send | ArmLinger },
        { NonInviteServer, Proceeding, Input.Request, Proceeding, Resend },
        { NonInviteServer, Completed, Input.Request, Completed, Resend },
        { NonInviteServer, Completed, Input.Failure, Completed, None },
        { NonInviteServer, Completed, Input.Linger, Terminated, None },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    [Rfc("3261", "17", Line = "sip X1")]
    [Rfc("6026", "7.1", Line = "sip X8")]
    [Rfc("6026", "7.2", Line = "sip X4")]
    public void Table_Row_IsAsPrescribed(TransactionKind kind, TransactionState state, Input input, TransactionState next, TransactionActions actions) =>
        Assert.Equal(new TransactionStep(next, actions), TransactionTable.Next(kind, state, input));

    [Fact]
    [Rfc("3261", "17.1.4", Line = "sip X12")]
    public void Table_Terminated_IsLeftByNothing()
    {
        foreach (var kind in Enum.GetValues<TransactionKind>())
            foreach (var input in Enum.GetValues<Input>())
                Assert.Equal(new TransactionStep(Terminated, None), TransactionTable.Next(kind, Terminated, input));
    }

    [Fact]
    [Rfc("3261", "17.2.1", Line = "sip X8")]
    public void Table_ServerInviteAfterAnswer_NeverSendsARefusal()
    {
        foreach (var input in Enum.GetValues<Input>())
            Assert.NotEqual(Completed, TransactionTable.Next(InviteServer, Accepted, input).Next);
    }

    [Theory]
    [InlineData(InviteClient, Completed, false, 32)]
    [InlineData(InviteClient, Completed, true, 0)]
    [InlineData(InviteClient, Accepted, true, 32)]
    [InlineData(NonInviteClient, Completed, false, 5)]
    [InlineData(NonInviteClient, Completed, true, 0)]
    [InlineData(InviteServer, Accepted, true, 32)]
    [InlineData(InviteServer, Confirmed, false, 5)]
    [InlineData(InviteServer, Confirmed, true, 0)]
    [InlineData(NonInviteServer, Completed, false, 32)]
    [InlineData(NonInviteServer, Completed, true, 0)]
    [Rfc("3261", "17.1.1.3", Line = "sip X3")]
    [Rfc("3261", "17", Line = "sip X11")]
    public void Timers_Linger_IsOfTable4(TransactionKind kind, TransactionState state, bool reliable, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), TransactionTimers.Default.Linger(kind, state, reliable));

    [Theory]
    [InlineData(InviteClient, 4, 8)]
    [InlineData(NonInviteClient, 1, 2)]
    [InlineData(NonInviteClient, 4, 4)]
    [InlineData(InviteServer, 3, 4)]
    [Rfc("3261", "17.1.2.2", Line = "sip X5")]
    public void Timers_BackOff_DoublesUpToT2ButForInvite(TransactionKind kind, int seconds, int next) =>
        Assert.Equal(TimeSpan.FromSeconds(next), TransactionTimers.Default.BackOff(kind, TimeSpan.FromSeconds(seconds)));
}
