using System.Globalization;

namespace Softphone.Captures;

/// <summary>One check in a line.</summary>
public static class CheckWords
{
    public static string Of(StunExchange check)
    {
        var what = check.UseCandidate ? "nominates" : "checks";
        var how = check switch
        {
            { IsForged: true } => "answered, and the integrity does not fit the password",
            { IsAnswered: true, Code: > 0 } => $"refused: {check.Code} {check.Reason}",
            { IsAnswered: true } => string.Create(CultureInfo.InvariantCulture, $"answered after {(check.AnsweredAt!.Value - check.At).TotalMilliseconds:0} ms, seen as {check.Mapped}"),
            _ => $"no answer, sent {(check.Sends == 1 ? "once" : $"{check.Sends} times")}",
        };
        var hops = check.Hops.Count > 1 ? $" (further on {string.Join(", ", check.Hops.Skip(1).Select(h => $"{h.From} to {h.To}{(h.AnsweredAt is null ? ", no answer there" : "")}"))})" : "";
        return $"{check.From} {what} {check.To}{(check.IsRelayed ? " by its relay" : "")}: {how}{hops}";
    }
}
