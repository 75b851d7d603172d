namespace Softphone.Core;

/// <summary>Why bytes or text from outside were not understood.</summary>
/// <param name="What">What is wrong, in a few words and with the value at fault.</param>
/// <param name="Offset">Where, in octets or characters from the start; -1 when it is nowhere in particular.</param>
public readonly record struct ParseError(string What, int Offset = -1)
{
    public override string ToString() => Offset < 0 ? What : $"{What} at {Offset}";
}
