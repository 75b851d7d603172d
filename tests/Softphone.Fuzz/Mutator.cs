using System.Text;
using Softphone.Core;

namespace Softphone.Fuzz;

/// <summary>Makes an input of sound ones: some edits, each of a kind that parsers stumble over. The same draws make the same input.</summary>
/// <param name="seeds">The sound inputs.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds)
{
    /// <summary>Longer than any datagram, shorter than what a fuzzer would spend all its time on.</summary>
    private const int Longest = 66_000;

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\r\n", "\n", "\r", "\r\n ", "\0", ",", ";", "<sip:x@y>", "\"", "\\", "@", "%00", "[::]", "[", "{", "]", "}", ": ", "- ", "&a ", "*a", "4294967296", "18446744073709551616", "-1", "0", "1e999", ";lr", ";tag=", ";maddr=",
            "ä", "\u202e", "\u001b[2J", "\r\n\r\n", "Content-Length: 99999\r\n", "Content-Length: -1\r\n", "BYE", "CANCEL", "REGISTER", "m=audio 9 RTP/AVP 0\r\n", "a=candidate:1 1 UDP 1 127.0.0.1 1 typ host\r\n", "a=rtpmap:96 ", "a=fmtp:96 ", "c=IN IP6 ::\r\n",
            "o= 0 0 IN IP4 x\r\n", "Via: SIP/2.0/UDP [::1]:99999;branch=z9hG4bK\r\n", "Record-Route: <sip:a@b;lr>\r\n", "Contact: *\r\n", "Expires: 4294967295\r\n", "Require: 100rel\r\n", "Replaces: a;to-tag=b;from-tag=c\r\n", "Refer-To: <tel:+900>\r\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0x00], [0x21, 0x12, 0xA4, 0x42], [0xC0, 0x0C], [0xC2, 0x9B], [0xED, 0xA0, 0x80],
    ];

    public byte[] Make(SeededEntropy chance)
    {
        var seed = seeds[chance.NextInt(seeds.Count)];
        if (chance.NextInt(64) == 0) return Noise(chance);
        var octets = new List<byte>(seed.Length + 64);
        octets.AddRange(seed);
        for (var edits = 1 + chance.NextInt(chance.NextInt(8) == 0 ? 24 : 4); edits > 0; edits--) Edit(octets, chance);
        if (octets.Count > Longest) octets.RemoveRange(Longest, octets.Count - Longest);
        return [.. octets];
    }

    private static byte[] Noise(SeededEntropy chance)
    {
        var noise = new byte[chance.NextInt(256)];
        chance.Fill(noise);
        return noise;
    }

    private void Edit(List<byte> octets, SeededEntropy chance)
    {
        var at = chance.NextInt(octets.Count + 1);
        var length = Math.Min(chance.NextInt(chance.NextInt(4) == 0 ? 200 : 12), octets.Count - at);
        switch (chance.NextInt(9))
        {
            case 0 when at < octets.Count:
                octets[at] = (byte)chance.NextInt(256);
                break;
            case 1 when at < octets.Count:
                octets[at] ^= (byte)(1 << chance.NextInt(8));
                break;
            case 2:
                octets.RemoveRange(at, length);
                break;
            case 3:
                octets.InsertRange(at, Pieces[chance.NextInt(Pieces.Length)]);
                break;
            case 4:
                octets.InsertRange(at, octets.GetRange(at, length));
                break;
            case 5:
                Number(octets, at, chance);
                break;
            case 6:
                var other = seeds[chance.NextInt(seeds.Count)];
                var from = chance.NextInt(other.Length + 1);
                octets.InsertRange(at, other.AsSpan(from, Math.Min(chance.NextInt(120), other.Length - from)).ToArray());
                break;
            case 7 when chance.NextInt(40) == 0:
                // Many of the same: what is quadratic shows itself.
                var piece = Pieces[chance.NextInt(Pieces.Length)];
                octets.InsertRange(at, Enumerable.Repeat(piece, 1 + chance.NextInt(Longest / 2 / piece.Length)).SelectMany(p => p));
                break;
            default:
                if (chance.NextInt(4) == 0) octets.RemoveRange(at, octets.Count - at);
                break;
        }
    }

    /// <summary>The next number in figures becomes another.</summary>
    private static void Number(List<byte> octets, int at, SeededEntropy chance)
    {
        while (at < octets.Count && octets[at] is < (byte)'0' or > (byte)'9') at++;
        var end = at;
        while (end < octets.Count && octets[end] is >= (byte)'0' and <= (byte)'9') end++;
        if (end == at) return;
        octets.RemoveRange(at, end - at);
        var number = chance.NextInt(5) switch { 0 => "0", 1 => "65536", 2 => "4294967295", 3 => "99999999999999999999", _ => chance.NextUInt64().ToString() };
        octets.InsertRange(at, Encoding.ASCII.GetBytes(number));
    }
}
