using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>People and times in few words.</summary>
public sealed class WordingTests
{
    [Theory]
    [InlineData("Bob", "sip:202@pbx.example", "Bob  202")]
    [InlineData("", "sip:202@pbx.example", "202")]
    [InlineData("", "sip:202@PBX.example:5060;transport=tls", "202")]
    [InlineData("", "sip:202@pbx.example:5070", "202@pbx.example:5070")]
    [InlineData("", "sip:202@other.example", "202@other.example")]
    [InlineData("bob", "sip:Bob@other.example", "bob")]
    [InlineData("Bob", "tel:+4930123", "Bob  +4930123")]
    [InlineData("", "sip:alice:s3cret@other.example", "alice@other.example")]
    [InlineData("", "sips:pbx.example", "pbx.example")]
    [InlineData("", "202", "202")]
    [InlineData("", "", "")]
    public void Peer_OfTheAccountWork_ReadsSo(string name, string uri, string expected) => Assert.Equal(expected, Wording.Peer(Views.Idle, "work", name, uri));

    [Theory]
    [InlineData(6, "0:06")]
    [InlineData(760, "12:40")]
    [InlineData(3723, "1:02:03")]
    [InlineData(-5, "0:00")]
    public void Clock_OfSeconds_ReadsSo(int seconds, string expected) => Assert.Equal(expected, Wording.Clock(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("+49 (30) 123-45", "+493012345")]
    [InlineData("tel:+49.30.1", "+49301")]
    [InlineData(" bob@pbx.example ", "bob@pbx.example")]
    [InlineData("*43#", "*43#")]
    [InlineData("Bob 2", "Bob 2")]
    public void Number_AsPeopleWriteIt_IsCleaned(string typed, string expected) => Assert.Equal(expected, Dialling.Clean(typed));
}
