using System.Text;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// One test of how long messages fare on a flow: OPTIONS that no single packet holds. On UDP a silence counts only where a short one is answered and the
/// long one is not a second time. On a stream the connection is opened anew with smaller segments where the system says that it is stuck. Whatever
/// is answered is an answer; nothing is authenticated.
/// </summary>
internal sealed class LongTest(AgentCore core, Account account, Flow flow, Action<Instant, LongTest, bool?> done) : ITransactionUser, ITimed
{
    /// <summary>More than the 1500 octets that a packet holds nearly everywhere, and no more than servers take in one datagram.</summary>
    public const int Octets = 1700;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private Transaction? _asked;
    private Step _step;

    private enum Step
    {
        Long,
        Short,
        Again,
    }

    public Flow Flow => flow;

    public void Start(Instant now) => Ask(now, Step.Long);

    public void Stop()
    {
        core.Timers.Cancel((this, SipTimer.LongTest));
        if (_asked is { } running) core.Transactions.Abandon(running);
        _asked = null;
    }

    public void OnTimer(Instant now, SipTimer timer)
    {
        Stop();
        if (flow.IsReliable && core.Transport.NarrowIfStuck(now, flow)) Ask(now, Step.Again);
        else if (!flow.IsReliable && _step == Step.Long) Ask(now, Step.Short);
        else done(now, this, _step == Step.Short ? null : false);
    }

    public void OnResponse(Instant now, Transaction transaction, SipResponse response)
    {
        if (response.IsProvisional || transaction != _asked) return;
        Stop();
        core.TellIfNarrow(account, transaction);
        if (_step == Step.Short) Ask(now, Step.Again);
        else done(now, this, true);
    }

    public void OnAck(Instant now, Transaction transaction, SipRequest ack)
    {
    }

    public void OnTimeout(Instant now, Transaction transaction)
    {
    }

    public void OnTransportError(Instant now, Transaction transaction, FlowFailure failure)
    {
        if (transaction != _asked) return;
        Stop();
        if (failure.Fault == StreamFault.Narrowed) Ask(now, Step.Again);
        else done(now, this, flow.IsReliable ? false : null);
    }

    private void Ask(Instant now, Step step)
    {
        _step = step;
        if (core.Transport.Find(flow.Path) is null)
        {
            done(now, this, null);
            return;
        }

        var request = core.OptionsBy(flow, account);
        if (step != Step.Short)
        {
            request.Headers.Add("Content-Disposition", "render;handling=optional");
            request.SetBody("text/plain", Padding(Octets - SipWriter.Measure(request)));
        }

        _asked = core.Transactions.StartClient(now, request, flow, this);
        if (_asked is { IsTerminated: false }) core.Timers.Set((this, SipTimer.LongTest), now + Limit);
    }

    private static byte[] Padding(int octets) => Encoding.ASCII.GetBytes("This text is here for its length alone. ".PadRight(Math.Max(octets, 0), '.'));
}
