using Softphone.Core;
using Softphone.Nat;
using Softphone.Sip;

namespace Softphone.Phone.Tests;

/// <summary>The STUN of SIP's keepalives.</summary>
public sealed class StunBindingTests
{
    private readonly StunBinding _binding = new();
    private readonly byte[] _id = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
    private readonly byte[] _read = new byte[IBindingCodec.IdLength];

    [Theory]
    [InlineData("203.0.113.7:40000", true)]
    [InlineData("203.0.113.7:40000", false)] // a server that answers with MAPPED-ADDRESS alone
    [InlineData("[2001:db8::7]:1025", true)]
    [Rfc("5626", "3.5.2")]
    [Rfc("8489", "14.2")]
    public void Answer_ToARequest_TellsWhoseItIsAndWhereItCameFrom(string seen, bool isXored)
    {
        Span<byte> buffer = stackalloc byte[64];
        var request = buffer[.._binding.Write(buffer, _id)];
        Assert.True(StunReader.TryParse(request, out var asked, out _));
        Assert.Equal((StunClass.Request, StunMethod.Binding), (asked.Class, asked.Method));
        Span<byte> answer = stackalloc byte[64];
        var writer = StunWriter.Reply(answer, asked, StunClass.Success);
        writer.AddAddress(isXored ? StunAttributeType.XorMappedAddress : StunAttributeType.MappedAddress, Address.Parse(seen));
        Assert.True(_binding.TryRead(writer.Written, _read, out var mapped));
        Assert.Equal(Address.Parse(seen), mapped);
        Assert.Equal(_id, _read);
    }

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, true)]
    [InlineData(StunClass.Error, StunMethod.Binding, true)]
    [InlineData(StunClass.Indication, StunMethod.Binding, true)]
    [InlineData(StunClass.Success, StunMethod.Allocate, true)]
    [InlineData(StunClass.Success, StunMethod.Binding, false)]
    public void Message_ThatIsNoAnswer_IsNotRead(StunClass @class, StunMethod method, bool hasAddress)
    {
        Span<byte> buffer = stackalloc byte[64];
        var writer = new StunWriter(buffer, @class, method, TransactionId.FromBytes(_id));
        if (hasAddress) writer.AddAddress(StunAttributeType.XorMappedAddress, Address.Parse("203.0.113.7:40000"));
        Assert.False(_binding.TryRead(writer.Written, _read, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0101000c")]
    [InlineData("0101ffff2112a442010203040506070809101112")]
    [InlineData("0101000800000000010203040506070809101112002000080001a147e112a643")] // no magic cookie
    public void Octets_OfAnyKind_AreNotRead(string hex) => Assert.False(_binding.TryRead(Convert.FromHexString(hex), _read, out _));
}
