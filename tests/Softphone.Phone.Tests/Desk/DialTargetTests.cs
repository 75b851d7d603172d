using Softphone.Sip;

namespace Softphone.Phone.Tests;

public sealed class DialTargetTests
{
    private static readonly SipUri Work = SipUri.Parse("sip:201@pbx.example.net");

    [Theory]
    [InlineData("sip:bob@example.org", "sip:bob@example.org")]
    [InlineData("SIP:bob@example.org;transport=tcp", "sip:bob@example.org;transport=tcp")]
    [InlineData("sips:bob@example.org", "sips:bob@example.org")]
    [InlineData("sip:192.0.2.1", "sip:192.0.2.1")]
    [InlineData("bob@example.org", "sip:bob@example.org")]
    [InlineData("bob@example.org:5070", "sip:bob@example.org:5070")]
    [InlineData("bob@[2001:db8::1]:5070", "sip:bob@[2001:db8::1]:5070")]
    [InlineData("jörg@example.org", "sip:j%C3%B6rg@example.org")]
    [InlineData("bob", "sip:bob@pbx.example.net")]
    [InlineData("john.doe", "sip:john.doe@pbx.example.net")]
    [InlineData("202", "sip:202@pbx.example.net")]
    [InlineData("*97", "sip:*97@pbx.example.net")]
    [InlineData("**62*1#", "sip:**62*1%23@pbx.example.net")]
    [InlineData("+49 (30) 1234-567", "sip:+49301234567@pbx.example.net")]
    [InlineData("030/123.45.67", "sip:0301234567@pbx.example.net")]
    [InlineData("192.0.2.7", "sip:192.0.2.7")]
    [InlineData("192.0.2.7:5070", "sip:192.0.2.7:5070")]
    [InlineData("2001:db8::1", "sip:[2001:db8::1]")]
    [InlineData("[2001:db8::1]:5070", "sip:[2001:db8::1]:5070")]
    [InlineData("\"Bob B\" <sip:bob@example.org>", "sip:bob@example.org")]
    [InlineData("  202 ", "sip:202@pbx.example.net")]
    public void Read_WhatAPersonTypes_IsAWholeUri(string typed, string expected)
    {
        Assert.True(DialTarget.TryRead(typed, Work, out var target, out var fault), fault?.ToString());
        Assert.Equal(expected, target.ToString());
    }

    [Theory]
    [InlineData("tel:+49-30-1234567", "sip:+49301234567@pbx.example.net;user=phone")]
    [InlineData("tel:+49 30 1234567", "sip:+49301234567@pbx.example.net;user=phone")]
    [Rfc("3261", "19.1.6")]
    public void Read_Tel_IsANumberOfTheDomain(string typed, string expected)
    {
        Assert.True(DialTarget.TryRead(typed, Work, out var target, out _));
        Assert.Equal(expected, target.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<>")]
    [InlineData("bob smith")]
    [InlineData("bob smith@example.org")]
    [InlineData("@example.org")]
    [InlineData("bob@")]
    [InlineData("bob@exa mple.org")]
    [InlineData("bob@example.org:99999")]
    [InlineData("sip:")]
    [InlineData("sip:bob@")]
    [InlineData("tel:")]
    [InlineData("mailto:bob@example.org")]
    [InlineData("https://example.org/")]
    [InlineData("bob:secret@example.org")]
    [InlineData("bob\u0007")]
    [InlineData("sip:bob@example.org\r\nVia: x")]
    public void Read_NobodysAddress_IsRefusedWithTheWayOut(string typed)
    {
        Assert.False(DialTarget.TryRead(typed, Work, out _, out var fault));
        Assert.NotEmpty(fault.What);
        Assert.NotEmpty(fault.Remedy);
        Assert.DoesNotContain(fault.What, char.IsControl);
    }

    [Theory]
    [InlineData("sip:alice:s3cret@exa mple.org")]
    [InlineData("sips:alice:s3cret@example.org:99999")]
    [InlineData("alice:s3cret@example.org")]
    [InlineData("https://alice:s3cret@example.org")]
    public void Read_RefusedWithAPassword_DoesNotTellIt(string typed)
    {
        Assert.False(DialTarget.TryRead(typed, Work, out _, out var fault));
        Assert.DoesNotContain("s3cret", fault.What + fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("@exa", fault.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AtAnAccountWithAPort_KeepsIt()
    {
        Assert.True(DialTarget.TryRead("202", SipUri.Parse("sip:201@192.0.2.9:5080"), out var target, out _));
        Assert.Equal("sip:202@192.0.2.9:5080", target.ToString());
        Assert.True(DialTarget.TryRead("tel:202", SipUri.Parse("sip:201@192.0.2.9:5080"), out target, out _));
        Assert.Equal("sip:202@192.0.2.9:5080;user=phone", target.ToString());
    }

    [Fact]
    public void Read_AtASecureAccount_IsSecureAtItsDomainAlone()
    {
        var identity = SipUri.Parse("sips:201@pbx.example.net");
        Assert.True(DialTarget.TryRead("202", identity, out var own, out _));
        Assert.True(DialTarget.TryRead("bob@pbx.example.net", identity, out var named, out _));
        Assert.True(DialTarget.TryRead("bob@example.org", identity, out var other, out _));
        Assert.Equal((true, true, false), (own.IsSips, named.IsSips, other.IsSips));
    }

    [Fact]
    public void Read_Longest_IsRefused()
    {
        Assert.False(DialTarget.TryRead(new string('x', 600), Work, out _, out _));
        Assert.False(DialTarget.TryRead(new string('1', 100_000), Work, out _, out _));
    }

    [Theory]
    [InlineData("+49 30 12", "+493012")]
    [InlineData("(0)30-12", "03012")]
    [InlineData("12a", null)]
    [InlineData("1+2", null)]
    [InlineData("++12", null)]
    [InlineData("-", null)]
    [InlineData("10.0.0.1", null)]
    public void Number_WithSeparators_IsRead(string typed, string? number)
    {
        Assert.Equal(number is not null, DialTarget.TryNumber(typed, out var read));
        if (number is not null) Assert.Equal(number, read);
    }
}
