using Softphone.Core;

namespace Softphone.Sip.Tests;

/// <summary>
/// Who was given a digest of the password, and what it is worth to them: each answer to a challenge on the wire is computed again with
/// likely passwords, as anybody who gets one can do at leisure.
/// </summary>
internal static class Cracker
{
    private static readonly string[] Likely = ["password", "123456", "s3cret", "hunter2"];

    /// <summary>Messages with credentials that went to somebody other than these.</summary>
    public static List<string> Given(SipNet net, params string[] servers) =>
    [
        .. net.Ladder.Where(sent => sent.Message is SipRequest && !servers.Contains(sent.To.ToString()))
            .SelectMany(sent => Credentials(sent.Message!).Select(value => $"{sent.To} got {sent.Message!.StartLine}: {value}, password {Crack((SipRequest)sent.Message!, value) ?? "?"}")),
    ];

    public static IEnumerable<string> Credentials(SipMessage message) =>
        message.Headers.GetAll(HeaderName.Authorization).Concat(message.Headers.GetAll(HeaderName.ProxyAuthorization));

    /// <summary>The password that the answer to a challenge was computed with, when it is a likely one.</summary>
    public static string? Crack(SipRequest request, string credentials)
    {
        var fields = DigestFields.Parse(credentials)[0];
        if (!DigestHash.TryAlgorithm(fields["algorithm"], out var algorithm)) return null;
        foreach (var password in Likely)
        {
            var secret = DigestHash.Secret(algorithm, fields["username"]!, fields["realm"]!, password);
            var response = DigestHash.Response(
                algorithm, secret, fields["nonce"]!, fields["nc"] ?? "", fields["cnonce"] ?? "", fields["qop"], request.Method, fields["uri"]!, request.Body.Span);
            if (response == fields["response"]) return password;
        }

        return null;
    }
}
