using System.Buffers.Binary;
using System.Text;

namespace Softphone.Sockets;

/// <summary>
/// A DNS message (RFC 1035 §4.1) as far as a SIP phone needs one: it asks one question, and reads the SRV, NAPTR, A and AAAA
/// records of an answer. Pure: bytes in, a value out. Names are ASCII without the final dot; the root is ".".
/// </summary>
/// <param name="Id">The transaction id.</param>
/// <param name="IsResponse">QR.</param>
/// <param name="IsTruncated">TC: ask again over TCP.</param>
/// <param name="ResponseCode">0 no error, 3 the name does not exist.</param>
/// <param name="Question">The name asked for; empty when there is no question.</param>
/// <param name="Type">The type asked for.</param>
public sealed partial record DnsMessage(ushort Id, bool IsResponse, bool IsTruncated, int ResponseCode, string Question, DnsType Type)
{
    public const int NoError = 0;
    public const int NameError = 3;

    private const int HeaderLength = 12;
    private const int RecursionDesired = 0x0100;

    /// <summary>What we can take over UDP without fragments (RFC 6891 §6.2.5).</summary>
    private const ushort UdpPayload = 1232;

    public IReadOnlyList<SrvRecord> Services { get; private init; } = [];

    public IReadOnlyList<NaptrRecord> Pointers { get; private init; } = [];

    public IReadOnlyList<IpAddress> Addresses { get; private init; } = [];

    /// <summary>Writes a question with recursion desired and EDNS0, and returns its length; 512 octets always suffice.</summary>
    /// <exception cref="ArgumentException">The name is no domain name (RFC 1035 §2.3.4).</exception>
    public static int WriteQuery(Span<byte> buffer, ushort id, string name, DnsType type)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, id);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], RecursionDesired);
        buffer[4..HeaderLength].Clear();
        buffer[5] = 1;
        buffer[11] = 1;
        var at = HeaderLength + WriteName(buffer[HeaderLength..], name);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[at..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(at + 2)..], 1);
        at += 4;

        // The OPT pseudo record (RFC 6891 §6.1.2): root owner, type 41, our payload size as class, no flags, no data.
        var option = buffer.Slice(at, 11);
        option.Clear();
        option[2] = 41;
        BinaryPrimitives.WriteUInt16BigEndian(option[3..], UdpPayload);
        return at + 11;
    }

    /// <summary>True when this is the answer to that question: a DNS name compares without regard to case.</summary>
    public bool Answers(ushort id, string name, DnsType type) =>
        IsResponse && Id == id && Type == type && Question.Equals(name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    /// <summary>True for what can be asked for: ASCII, labels of 1 to 63 octets, 253 in all.</summary>
    public static bool IsName(string name)
    {
        name = name.TrimEnd('.');
        return name.Length is > 0 and <= 253 && Ascii.IsValid(name) && name.Split('.').All(label => label.Length is > 0 and <= 63);
    }

    private static int WriteName(Span<byte> buffer, string name)
    {
        name = name.TrimEnd('.');
        if (name.Length is 0 or > 253 || !Ascii.IsValid(name)) throw new ArgumentException($"not a domain name: {name}", nameof(name));
        var at = 0;
        foreach (var range in name.AsSpan().Split('.'))
        {
            var label = name.AsSpan()[range];
            if (label.Length is 0 or > 63) throw new ArgumentException($"not a domain name: {name}", nameof(name));
            buffer[at] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, buffer[(at + 1)..]);
            at += label.Length + 1;
        }

        buffer[at] = 0;
        return at + 1;
    }
}
