namespace Softphone.Phone;

/// <summary>A text that one phone sends.</summary>
public readonly record struct TextId(int Value)
{
    public override string ToString() => Value.ToString();
}
