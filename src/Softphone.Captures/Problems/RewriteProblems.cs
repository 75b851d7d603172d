using Softphone.Sdp;
using Softphone.Sip;

namespace Softphone.Captures;

/// <summary>
/// Messages that were changed on the way by something that is no SIP hop, as a SIP ALG in a router does it: a Via of one branch that names two senders, or one request with two descriptions. A proxy adds a Via of
/// its own, and a B2BUA makes a new branch.
/// </summary>
internal static class RewriteProblems
{
    public static IEnumerable<Problem> Of(CapturedDialog dialog)
    {
        var senders = new Dictionary<(string Branch, string Method), string>();
        var described = new Dictionary<(string Branch, uint CSeq, string Method, int Status, string ToTag), (CapturedMessage Message, string Media)>();
        foreach (var message in dialog.Messages)
        {
            foreach (var via in message.Value.Headers.Vias())
            {
                if (via.Branch is not { Length: > 0 } branch) continue;
                var sender = $"{via.Host}:{via.EffectivePort}";
                if (senders.TryAdd((branch, message.Method), sender) || senders[(branch, message.Method)].Equals(sender, StringComparison.OrdinalIgnoreCase)) continue;
                yield return Rewritten(message, $"the Via of {message.Label} that left as {senders[(branch, message.Method)]} is {sender} at {message.To}");
                yield break;
            }

            if (message.Sdp is not { } sdp || !message.Value.Headers.TryVia(out var top) || top.Branch is not { } key) continue;
            var media = string.Join(", ", sdp.Media.Select(m => $"{sdp.ConnectionOf(m)?.Host}:{m.Port}"));
            var same = (key, message.CSeq, message.Method, message.Status, message.ToTag);
            if (described.TryAdd(same, (message, media)) || described[same].Media == media) continue;
            var before = described[same];
            // On one hop its sender changed its mind, which is something else.
            if (before.Message.From == message.From && before.Message.To == message.To) continue;
            yield return Rewritten(message, $"the description of {message.Label} that named {before.Media} at {before.Message.From} names {media} at {message.To}");
            yield break;
        }

        Problem Rewritten(CapturedMessage message, string what) => new(
            ProblemKind.Rewritten, Severity.Trouble, message.At, dialog.Number,
            $"SIP: something on the way rewrites addresses, as a SIP ALG does: {what}",
            "switch the SIP ALG of the router off, or use TLS, which it cannot read");
    }
}
