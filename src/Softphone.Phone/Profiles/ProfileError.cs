namespace Softphone.Phone;

/// <summary>Something wrong in a profile or an override, for the one who wrote it.</summary>
/// <param name="Source">The file, the environment variable or the flag.</param>
/// <param name="Line">Line from 1; 0 when there are no lines.</param>
/// <param name="Message">What is wrong and what is allowed.</param>
public sealed record ProfileError(string Source, int Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{Source}:{Line}: {Message}" : $"{Source}: {Message}";
}
