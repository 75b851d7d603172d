using Softphone.Phone;

namespace Softphone.Tui.Tests;

public sealed class ContactsScreenTests
{
    [Fact]
    public void Draw_Contacts_MatchesTheGoldenScreens() => new ScreenStage(new ContactsScreen()).Press("j").Matches("contacts");

    [Fact]
    public void Form_WithMistakes_MatchesTheGoldenScreens() => new ScreenStage(new ContactsScreen()).Press("P", "Down").Type("a b@@").Press("F2").Matches("contact-form");

    [Fact]
    public void Enter_OnAContact_DialsWithItsAccount()
    {
        var stage = new ScreenStage(new ContactsScreen()).Press("G", "Enter");
        Assert.Equal(new PhoneCommand.Dial("sip:zoe@example.org", "home"), stage.Asked<PhoneCommand.Dial>());
    }

    [Fact]
    public void New_TypedContact_IsKeptAsASipAddress()
    {
        var stage = new ScreenStage(new ContactsScreen()).Press("P").Type("Dave").Press("Enter").Type("dave@example.org").Press("Enter", "Right", "Right", "Enter");
        Assert.Equal(new PhoneCommand.SaveContact(new Contact("Dave", "sip:dave@example.org", "home")), stage.Asked<PhoneCommand.SaveContact>());
        Assert.IsType<ContactsScreen>(stage.Session.Top);
    }

    [Theory]
    [InlineData("sip:eve@example.org;transport=tcp")]
    [InlineData("sips:eve@example.org")]
    [InlineData("tel:+4930123")]
    public void Edit_ChangedName_KeepsAllOfTheAddress(string uri)
    {
        var old = new Contact("Eve", uri);
        var stage = new ScreenStage(new ContactForm(old)).Type("lyn").Press("F2");
        Assert.Equal(new PhoneCommand.SaveContact(old with { Name = "Evelyn" }, old), stage.Asked<PhoneCommand.SaveContact>());
    }

    [Fact]
    public void Edit_ChangedName_TakesThePlaceOfTheOldOne()
    {
        var stage = new ScreenStage(new ContactsScreen()).Press("E").Type("by").Press("F2");
        var old = new Contact("Bob", "sip:202@pbx.example.net");
        Assert.Equal(new PhoneCommand.SaveContact(old with { Name = "Bobby" }, old), stage.Asked<PhoneCommand.SaveContact>());
    }

    [Fact]
    public void Edit_Escape_ChangesNothing() => Assert.Empty(new ScreenStage(new ContactsScreen()).Press("E").Type("by").Press("Esc").Asked());

    [Theory]
    [InlineData("y", true)]
    [InlineData("n", false)]
    [InlineData("Enter", true)]
    [InlineData("Esc", false)]
    public void Delete_AsksFirst(string answer, bool deletes)
    {
        var stage = new ScreenStage(new ContactsScreen()).Press("X");
        Assert.Empty(stage.Asked());
        Assert.Contains("Bob goes from the contacts.", stage.Draw(80, 24).ToString(), StringComparison.Ordinal);
        Assert.Equal(deletes ? [new PhoneCommand.DeleteContact(new Contact("Bob", "sip:202@pbx.example.net"))] : [], stage.Press(answer).Asked());
        Assert.IsType<ContactsScreen>(stage.Session.Top);
    }

    [Fact]
    public void Selection_StaysOnItsContact_WhenOthersCome()
    {
        var stage = new ScreenStage(new ContactsScreen()).Press("j");
        stage.Show(ScreenStage.Sample with { Contacts = [.. ScreenStage.Sample.Contacts, new Contact("Abel", "sip:a@b")] });
        Assert.Equal("sip:203@pbx.example.net", stage.Press("Enter").Asked<PhoneCommand.Dial>().Target);
    }

    [Theory]
    [InlineData("202", true)]
    [InlineData("+49 30 123", true)]
    [InlineData("bob@example.net:5070", true)]
    [InlineData("sips:bob@example.net", true)]
    [InlineData("tel:+4930123", true)]
    [InlineData("", false)]
    [InlineData("bob@", false)]
    [InlineData("bob@exa mple@x", false)]
    public void Address_IsJudgedAsOnDialling(string text, bool isRight) => Assert.Equal(isRight, ContactForm.AddressMistake(text) is null);
}
