namespace Softphone.House.Tests;

/// <summary>How large a class may be before it is a house of its own.</summary>
internal static class SizeLimit
{
    public const int Lines = 700;
    public const int Fields = 30;
    public const int Parts = 2;

    /// <summary>Records and structs are left aside: options, events and views have a field for each thing that they say.</summary>
    public static bool IsLarge(TypeSize type) => !type.IsValue && (type.Lines > Lines || type.Fields > Fields || type.Parts > Parts);
}
