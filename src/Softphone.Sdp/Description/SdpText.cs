namespace Softphone.Sdp;

/// <summary>How the fields of a line stand apart: by one space (RFC 8866 §5); several, and tabs, are taken too.</summary>
internal static class SdpText
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\0'];

    public static string[] Words(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
