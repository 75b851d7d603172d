namespace Softphone.Internet;

/// <summary>The kinds of addresses that a host or a network has.</summary>
[Flags]
public enum IpFamilies
{
    V4 = 1,
    V6 = 2,
    Both = V4 | V6,
}
