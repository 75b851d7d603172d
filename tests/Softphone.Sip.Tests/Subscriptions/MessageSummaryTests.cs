using System.Text;

namespace Softphone.Sip.Tests;

/// <summary>What a server says of a mailbox (RFC 3842 §5.2).</summary>
public sealed class MessageSummaryTests
{
    [Theory]
    [InlineData("Messages-Waiting: yes\r\nMessage-Account: sip:alice@vmail.example.com\r\nVoice-Message: 2/8 (0/2)\r\n", 2, 8)]
    [InlineData("Messages-Waiting: no\r\n", 0, 0)]
    [InlineData("Messages-Waiting: yes\r\n", 1, 0)]
    [InlineData("messages-waiting:YES\nVOICE-MESSAGE:4/0", 4, 0)]
    [InlineData("Messages-Waiting: no\r\nVoice-Message: 0/3\r\n", 0, 3)]
    [InlineData("Voice-Message: 1/1", 1, 1)]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: many\r\nFax-Message: 5/5\r\n", 1, 0)]
    [InlineData("Messages-Waiting: yes\r\nVoice-Message: 99999999999/1\r\n", 1, 0)]
    [Rfc("3842", "5.2", Line = "sip F6")]
    public void Body_IsReadAsFarAsVoiceGoes(string body, int fresh, int old)
    {
        Assert.True(MessageSummary.TryParse(Encoding.UTF8.GetBytes(body), out var summary));
        Assert.Equal((fresh, old), (summary.New, summary.Old));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("Fax-Message: 1/1")]
    [InlineData("Voice-Message: -1/1")]
    [Rfc("3842", "5.2", Line = "sip F6")]
    public void Body_ThatDoesNotSay_IsNone(string body) => Assert.False(MessageSummary.TryParse(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    [Rfc("3842", "5.2", Line = "sip F6")]
    public void Body_LongerThanAnyIs_IsNotRead() =>
        Assert.False(MessageSummary.TryParse(Encoding.UTF8.GetBytes("Messages-Waiting: yes\r\n" + new string('x', 9000)), out _));
}
