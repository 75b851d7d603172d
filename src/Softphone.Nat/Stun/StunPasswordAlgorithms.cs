using System.Buffers.Binary;

namespace Softphone.Nat;

/// <summary>PASSWORD-ALGORITHMS and PASSWORD-ALGORITHM (RFC 8489 §14.11, §14.12).</summary>
public static class StunPasswordAlgorithms
{
    /// <summary>The strongest algorithm of a list that we know; None when there is none or the list is malformed.</summary>
    public static StunPasswordAlgorithm Strongest(ReadOnlySpan<byte> list)
    {
        var best = StunPasswordAlgorithm.None;
        while (!list.IsEmpty)
        {
            if (list.Length < 4) return StunPasswordAlgorithm.None;
            var algorithm = (StunPasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(list);
            var parameters = BinaryPrimitives.ReadUInt16BigEndian(list[2..]);
            var length = 4 + StunHeader.Padded(parameters);
            if (length > list.Length) return StunPasswordAlgorithm.None;
            if (algorithm is StunPasswordAlgorithm.Md5 or StunPasswordAlgorithm.Sha256 && parameters == 0 && algorithm > best) best = algorithm;
            list = list[length..];
        }

        return best;
    }

    /// <summary>Reads PASSWORD-ALGORITHM; None when absent or unknown.</summary>
    public static StunPasswordAlgorithm Chosen(in StunReader message) =>
        message.TryGet(StunAttributeType.PasswordAlgorithm, out var value) ? Strongest(value) : StunPasswordAlgorithm.None;
}
