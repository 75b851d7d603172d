using Softphone.Core;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>
/// What a person has to know to say whether a transfer is followed (RFC 3515 §5.1): every part of the target as it stands, none of it
/// judged. The texts are the peer's, so they are fit to be shown and no more.
/// </summary>
/// <param name="Target">Whom to call, whole, as the INVITE would name it.</param>
/// <param name="Until">Then it is declined by itself.</param>
public sealed record TransferQuestion(string Target, Instant Until)
{
    private const int LongestPart = 256;

    /// <summary>sip or sips.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>The number or name, with its escapes resolved; empty when there is none.</summary>
    public string User { get; init; } = "";

    /// <summary>Host, and the port where one is named.</summary>
    public string Host { get; init; } = "";

    /// <summary>The parameters, of which maddr and transport say where the call really goes; empty when there are none.</summary>
    public string Parameters { get; init; } = "";

    /// <summary>A number with a country code in front, or with 00: it may lead abroad, and cost what it likes.</summary>
    public bool MayBeAbroad { get; init; }

    /// <summary>The new call takes the place of one that the asker has there (RFC 3891): nobody there picks up anew.</summary>
    public bool TakesPlace { get; init; }

    /// <summary>The call in which it is asked came by a server of ours; else nobody but the asker says who that is.</summary>
    public bool IsByServer { get; init; }

    /// <summary>In whose name, as the asker says itself (Referred-By); empty when it names nobody but itself.</summary>
    public string By { get; init; } = "";

    internal static TransferQuestion Of(SipUri target, bool takesPlace, bool isByServer, string by, Instant until)
    {
        var host = target.Host.Contains(':') ? $"[{target.Host}]" : target.Host;
        return new TransferQuestion(PlainText.Clean(target.ToString(), 2 * LongestPart), until)
        {
            Scheme = target.Scheme,
            User = PlainText.Clean(target.DisplayUser, LongestPart),
            Host = PlainText.Clean(target.Port is { } port ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{port}") : host, LongestPart),
            Parameters = PlainText.Clean(target.Parameters.ToString().TrimStart(';'), LongestPart),
            MayBeAbroad = IsAbroad(target.DisplayUser),
            TakesPlace = takesPlace,
            IsByServer = isByServer,
            By = PlainText.Clean(by, LongestPart),
        };
    }

    /// <summary>As people write numbers, with spaces, brackets and dots between.</summary>
    private static bool IsAbroad(string user)
    {
        var semicolon = user.IndexOf(';', StringComparison.Ordinal);
        var digits = string.Concat((semicolon < 0 ? user : user[..semicolon]).Where(c => char.IsAsciiLetterOrDigit(c) || c == '+'));
        return digits.Length > 1 && (digits[0] == '+' || digits.StartsWith("00", StringComparison.Ordinal)) && char.IsAsciiDigit(digits[1]);
    }
}
