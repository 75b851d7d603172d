using Softphone.Core;

namespace Softphone.Servers;

/// <summary>Addresses with a common prefix: "10.0.0.0/8", or one address.</summary>
public readonly record struct AddressBlock(IpAddress Network, int PrefixLength)
{
    public bool Contains(IpAddress address) => Network.InSameNetwork(address, PrefixLength);

    public static bool TryParse(ReadOnlySpan<char> text, out AddressBlock block)
    {
        block = default;
        var slash = text.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? text : text[..slash], out var network)) return false;
        var longest = network.IsV4 ? 32 : 128;
        var length = longest;
        if (slash >= 0 && !(int.TryParse(text[(slash + 1)..], System.Globalization.NumberStyles.None, null, out length) && length <= longest)) return false;
        block = new AddressBlock(network, length);
        return true;
    }

    public override string ToString() => $"{Network}/{PrefixLength}";
}
