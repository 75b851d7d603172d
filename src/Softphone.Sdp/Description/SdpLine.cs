namespace Softphone.Sdp;

/// <summary>A line of a description that offer/answer has no use for (i, u, e, p, b, t, r, z, k), kept so that it is written back.</summary>
public readonly record struct SdpLine(char Type, string Value)
{
    public override string ToString() => $"{Type}={Value}";
}
