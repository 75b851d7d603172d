namespace Softphone.Phone.Tests;

public sealed class ContactIndexTests
{
    private static readonly ContactIndex Book = new(
    [
        new Contact("Bob", "sip:bob@example.org"),
        new Contact("Office", "201"),
        new Contact("Anna", "+49 (30) 123 45 67"),
        new Contact("Carl", "carl@provider.example"),
        new Contact("Desk 5", "sip:205@pbx.example.net"),
        new Contact("Mother", "sip:+441632960001@provider.example"),
        new Contact("Door", "door"),
        new Contact("Broken", "sip:"),
        new Contact("bob", "sip:other@example.org"),
    ]);

    [Theory]
    [InlineData("sip:bob@example.org", "Bob")]
    [InlineData("sip:Bob@EXAMPLE.org;transport=tcp", "Bob")]
    [InlineData("sips:bob@example.org:5061", "Bob")]
    [InlineData("sip:bob@example.com", null)]
    [InlineData("sip:201@10.0.0.1", "Office")]
    [InlineData("sip:+49301234567@anywhere.example;user=phone", "Anna")]
    [InlineData("tel:+49-30-1234567", "Anna")]
    [InlineData("sip:carl@provider.example", "Carl")]
    [InlineData("sip:205@pbx.example.net", "Desk 5")]
    [InlineData("sip:205@other.example", null)]
    [InlineData("sip:+441632960001@gateway.example", "Mother")]
    [InlineData("sip:door@pbx.example.net", "Door")]
    [InlineData("sip:anonymous@anonymous.invalid", null)]
    [InlineData("sip:example.org", null)]
    [InlineData("nonsense", null)]
    public void At_AnAddressOfAPeer_FindsWho(string peer, string? name) => Assert.Equal(name, Book.At(peer)?.Name);

    [Theory]
    [InlineData("bob", "sip:bob@example.org")]
    [InlineData(" ANNA ", "+49 (30) 123 45 67")]
    [InlineData("Ann", null)]
    public void Named_FindsWithoutCase_AndNeverAPart(string name, string? uri) => Assert.Equal(uri, Book.Named(name)?.Uri);
}
