using Softphone.Nat;

namespace Softphone.Captures;

/// <summary>TURN servers that refused, or did not answer.</summary>
internal static class TurnProblems
{
    private const int FewestSends = 3;

    public static IEnumerable<Problem> Of(TurnAllocation allocation, CaptureFacts facts)
    {
        var where = $"{allocation.Server} by {allocation.Transport.ToString().ToUpperInvariant()}";
        if (allocation.Refused.FirstOrDefault() is { } refused)
        {
            var isCredentials = refused.Code is StunErrorCode.Unauthenticated or StunErrorCode.WrongCredentials;
            yield return new Problem(
                isCredentials ? ProblemKind.WrongCredentials : ProblemKind.TurnRefused, Severity.Failure, refused.AnsweredAt ?? refused.At, null,
                $"TURN: {where} refused {refused.Method} of {(refused.Username.Length > 0 ? $"{refused.Username} at " : "")}{allocation.Client}{(refused.Peer.IsValid ? $" for {refused.Peer}" : "")}: {refused.Code} {refused.Reason}",
                refused.Code switch
                {
                    StunErrorCode.Unauthenticated or StunErrorCode.WrongCredentials => "check user name and password of the TURN server, and its clock where they are made of the time",
                    StunErrorCode.AllocationQuotaReached => "the user has as many allocations as it may: let old ones run out, or raise the quota",
                    StunErrorCode.Forbidden => "the server does not relay to this address, or not for this user: see its rules for peers",
                    StunErrorCode.InsufficientCapacity => "the server has no ports left",
                    _ => "",
                });
        }
        else if (!allocation.Relay.IsValid && allocation.Waiting.FirstOrDefault(w => w.Sends >= FewestSends || facts.Ended - w.At > TimeSpan.FromSeconds(5)) is { } silent)
        {
            yield return new Problem(
                ProblemKind.TurnRefused, Severity.Failure, silent.At, null, $"TURN: {where} does not answer {silent.Method} of {allocation.Client}, sent {ProblemFinder.Times(silent.Sends)}",
                "see whether the server runs, and whether a firewall lets it through; TCP or TLS may get out where UDP does not");
        }
    }
}
