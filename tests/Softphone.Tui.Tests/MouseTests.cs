using Softphone.Core;
using Softphone.Phone;
using Softphone.Terminal;

namespace Softphone.Tui.Tests;

/// <summary>Clicks, double clicks and the wheel, as a terminal sends them.</summary>
public sealed class MouseTests
{
    [Fact]
    public void Click_OnARow_SelectsItAndFocusesItsPanel()
    {
        var person = new Person(Views.Busy);
        var (x, y) = person.Find("Carol Danvers");
        person.Click(x, y);
        person.AskedNothing();
        Assert.Equal(new PhoneCommand.Dial("sip:203@pbx.example", null), person.Type("<Enter>").Asked());
    }

    [Fact]
    public void DoubleClick_OnAContact_AsksBeforeItCalls()
    {
        var person = new Person(Views.Idle);
        var (x, y) = person.Find("Bobby Tables");
        person.Click(x, y);
        person.Wait(TimeSpan.FromMilliseconds(200));
        person.Click(x, y);
        person.AskedNothing();
        Assert.Equal(nameof(DialScreen), person.Screen);
        Assert.Equal(new PhoneCommand.Dial("sip:+4930123456@sip.example", "home"), person.Type("<Enter>").Asked());
    }

    /// <summary>A hand that slips rings at nobody's.</summary>
    [Theory]
    [InlineData("Queue")]
    [InlineData("Bob  202")]
    [InlineData("Echo test")]
    public void DoubleClick_OnAnyRow_DialsNobody(string row)
    {
        var person = new Person(Views.Idle);
        var (x, y) = person.Find(row);
        person.Click(x, y);
        person.Click(x, y);
        Assert.DoesNotContain(person.Drain(), c => c is PhoneCommand.Dial);
    }

    [Fact]
    public void TwoSlowClicks_OnAContact_CallNobody()
    {
        var person = new Person(Views.Idle);
        var (x, y) = person.Find("Bobby Tables");
        person.Click(x, y);
        person.Wait(TimeSpan.FromSeconds(1));
        person.Click(x, y);
        person.AskedNothing();
    }

    [Fact]
    public void Click_OnTheFooter_IsItsKey()
    {
        var person = new Person(Views.Busy);
        var (x, y) = person.Find("m mute");
        Assert.Equal(29, y);
        person.Click(x + 3, y);
        Assert.Equal(new PhoneCommand.Mute(true), person.Asked());
    }

    [Fact]
    public void Click_OnTheBanner_IsItsKey()
    {
        var person = new Person(Views.Busy);
        var (x, y) = person.Find("a answer");
        Assert.Equal(1, y);
        person.Click(x + 2, y);
        Assert.Equal(new PhoneCommand.Answer(new CallId(3)), person.Asked());
        person.Click(person.Find("h reject").X, y);
        Assert.Equal(new PhoneCommand.Reject(new CallId(3)), person.Asked());
    }

    [Fact]
    public void Click_OnATab_ShowsItsPanel()
    {
        var person = new Person(Views.Idle, 80, 24);
        person.Click(person.Find("Contacts 4").X, 1);
        person.Find("Carol Danvers");
    }

    [Fact]
    public void Wheel_OverAPanel_MovesThere()
    {
        var view = Views.Idle with { Contacts = [.. Enumerable.Range(10, 40).Select(i => new Contact($"Person {i}", $"sip:{i}@pbx.example"))] };
        var person = new Person(view);
        var (x, y) = person.Find("Person 12");
        for (var i = 0; i < 30; i++) person.Send($"\e[<65;{x + 1};{y + 1}M");
        person.Find("Person 40");
        for (var i = 0; i < 40; i++) person.Send($"\e[<64;{x + 1};{y + 1}M");
        person.Find("Person 10");
        person.AskedNothing();
    }

    [Fact]
    public void Click_OnASuggestionTwice_CallsIt()
    {
        var person = new Person(Views.Idle).Type("d");
        var (x, y) = person.Find("Queue                ");
        person.Click(x, y);
        person.Click(x, y);
        Assert.Equal("sip:300@pbx.example", Assert.IsType<PhoneCommand.Dial>(person.Asked()).Target);
    }
}
