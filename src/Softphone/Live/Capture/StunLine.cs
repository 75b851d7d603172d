using System.Globalization;
using System.Text;
using Softphone.Core;
using Softphone.Nat;

namespace Softphone.Cli;

/// <summary>A STUN or TURN message on one line, for a person who looks on; no secret is in it.</summary>
internal static class StunLine
{
    /// <summary>Null for what is none, and for media that a relay carries.</summary>
    public static string? Of(ReadOnlySpan<byte> packet)
    {
        if (!StunReader.TryParse(packet, out var message, out _) && !StunReader.TryParseClassic(packet, out message, out _)) return null;
        if (message.Method is StunMethod.Send or StunMethod.Data) return null;
        var line = new StringBuilder($"{message.Method} {message.Class.ToString().ToLowerInvariant()}");
        if (message.TryGetErrorCode(out var code, out var reason)) line.Append(CultureInfo.InvariantCulture, $" {code} {PlainText.Clean(Encoding.UTF8.GetString(reason))}");
        Add("mapped", message.TryGetAddress(StunAttributeType.XorMappedAddress, out var address) || message.TryGetAddress(StunAttributeType.MappedAddress, out address), address);
        Add("relayed", message.TryGetAddress(StunAttributeType.XorRelayedAddress, out address), address);
        Add("peer", message.TryGetAddress(StunAttributeType.XorPeerAddress, out address), address);
        if (message.TryGetUInt32(StunAttributeType.Lifetime, out var lifetime)) line.Append(CultureInfo.InvariantCulture, $", lifetime {lifetime} s");
        if (message.TryGetUsername(out var user)) line.Append($", user {PlainText.Clean(Encoding.UTF8.GetString(user))}");
        if (message.TryGetSoftware(out var software)) line.Append($", {PlainText.Clean(Encoding.UTF8.GetString(software))}");
        if (message.UseCandidate) line.Append(", nominates");
        return line.ToString();

        void Add(string name, bool has, Address at)
        {
            if (has) line.Append($", {name} {at}");
        }
    }
}
