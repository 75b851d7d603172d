namespace Softphone.Phone;

/// <summary>Names one call of one phone, counted from 1 and never used twice.</summary>
public readonly record struct CallId(int Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
