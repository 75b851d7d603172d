using Softphone.Core;

namespace Softphone.Nat.Tests;

/// <summary>
/// Two agents and the signalling between them: the answerer gets the offer at once and starts, the offerer gets the answer
/// <c>answerAfter</c> later. Time zero of the measurements is when the offerer has the answer.
/// </summary>
internal sealed class AgentPair
{
    public AgentPair(
        NatKind left, NatKind right, bool relays = true, int components = 1, NominationPolicy policy = NominationPolicy.Adaptive,
        TimeSpan? delay = null, double loss = 0, ulong seed = 1, TimeSpan? pacing = null, IceRole leftRole = IceRole.Controlling,
        IceRole rightRole = IceRole.Controlled, Func<IceOptions, IceOptions>? tune = null)
    {
        Net = new TinyInternet(seed, delay ?? TimeSpan.FromMilliseconds(20), loss);
        var options = new IceOptions { Components = components, Nomination = policy, Pacing = pacing ?? TimeSpan.FromMilliseconds(20) };
        if (tune is not null) options = tune(options);
        Left = new AgentParty(Net, "left", 1, left, relays, leftRole, options, seed * 2 + 1, new Trace()) { Pacing = options.Pacing };
        Right = new AgentParty(Net, "right", 2, right, relays, rightRole, options, seed * 2 + 2, new Trace()) { Pacing = options.Pacing };
        Left.Do(Left.Agent.EndOfLocal);
        Right.Do(Right.Agent.EndOfLocal);
    }

    public TinyInternet Net { get; }

    public AgentParty Left { get; }

    public AgentParty Right { get; }

    public Instant Start { get; private set; }

    public AgentPair Connect(TimeSpan? answerAfter = null)
    {
        var offer = Left.Description;
        Right.Do(now => Right.Agent.SetRemote(now, offer));
        Net.Run(() => false, answerAfter ?? TimeSpan.FromMilliseconds(60));
        Start = Net.Now;
        var answer = Right.Description;
        Left.Do(now => Left.Agent.SetRemote(now, answer));
        return this;
    }

    public bool RunUntilCompleted(double seconds = 10) =>
        Net.Run(() => Left.Agent.State == IceState.Completed && Right.Agent.State == IceState.Completed, TimeSpan.FromSeconds(seconds));

    public string Transcript() => string.Join('\n', Left.Trace.Entries.Concat(Right.Trace.Entries).Select(e => e.ToString()));
}
