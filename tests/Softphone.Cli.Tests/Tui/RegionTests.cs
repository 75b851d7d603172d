namespace Softphone.Cli.Tests;

public sealed class RegionTests
{
    [Theory]
    [InlineData("LANG", "en_US.UTF-8", "US")]
    [InlineData("LANG", "de_AT@euro", "AT")]
    [InlineData("LC_ALL", "fr_FR", "FR")]
    [InlineData("LANG", "C.UTF-8", "")]
    [InlineData("LANG", "POSIX", "")]
    [InlineData("LANG", "de", "")]
    [InlineData("LANG", "x_123", "")]
    [InlineData("LANG", "_", "")]
    [InlineData("LANG", "", "")]
    [InlineData("OTHER", "en_US", "")]
    public void Region_OfALocale_IsItsCountry(string name, string locale, string country) =>
        Assert.Equal(country, Region.Of(new Dictionary<string, string> { [name] = locale }));

    [Fact]
    public void Region_LcAll_ComesBeforeLang() => Assert.Equal("GB", Region.Of(new Dictionary<string, string> { ["LANG"] = "de_DE", ["LC_ALL"] = "en_GB" }));
}
