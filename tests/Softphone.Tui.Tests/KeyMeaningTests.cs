using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Tui.Tests;

/// <summary>A key means one thing, on whatever screen; where it does not, that is declared, and the page of keys says so.</summary>
public sealed class KeyMeaningTests
{
    [Fact]
    public void Key_OnAllScreens_HasOneMeaningOrADeclaredOne()
    {
        var twice = KeyCatalog.MeaningsByKey(KeyMap.Default).Where(k => k.Value.Count > 1 && !KeyCatalog.Shared.ContainsKey(k.Key));
        Assert.Empty(twice.Select(k => $"{k.Key}: {string.Join(", ", k.Value)}"));
    }

    [Fact]
    public void Key_DeclaredToHaveTwoMeanings_HasThem()
    {
        var meanings = KeyCatalog.MeaningsByKey(KeyMap.Default);
        Assert.All(KeyCatalog.Shared.Keys, k => Assert.True(meanings.GetValueOrDefault(k) is { Count: > 1 }, k));
    }

    /// <summary>A screen that nobody put into the catalogue would be searched by nobody.</summary>
    [Fact]
    public void Catalogue_OfScreens_HasEveryScreenThereIs()
    {
        var there = typeof(Screen).Assembly.GetTypes().Where(t => !t.IsAbstract && typeof(Screen).IsAssignableFrom(t));
        Assert.Empty(there.Except(KeyCatalog.Sections.Select(s => s.Screen?.GetType())).Select(t => t!.Name));
        var panels = typeof(Screen).Assembly.GetTypes().Count(t => !t.IsAbstract && typeof(Panel).IsAssignableFrom(t));
        Assert.Equal(panels, KeyCatalog.Sections.Count(s => s.Title.StartsWith("In the panel", StringComparison.Ordinal)));
    }

    /// <summary>Keys of one meaning are one everywhere, so that a key map changes all of them.</summary>
    [Fact]
    public void Meaning_OnSeveralScreens_HasACommonKey()
    {
        foreach (var meaning in KeyCatalog.Sections.Where(s => !s.IsQuestion).SelectMany(s => s.Bindings).Where(b => b.Keys.Any(k => !KeyNames.IsFixed(k))).GroupBy(b => b.Name))
        {
            var bindings = meaning.ToList();
            foreach (var binding in bindings)
                Assert.True(bindings[0].Keys.Intersect(binding.Keys).Any() || (binding.Keys.All(KeyNames.IsSpecial) && bindings.Count > 1), $"{meaning.Key}: {string.Join(' ', bindings.SelectMany(b => b.Keys))}");
        }
    }

    /// <summary>The keys that once did another thing on one screen, in the middle of a call.</summary>
    [Theory]
    [InlineData("ir", typeof(PhoneCommand.Record))]
    [InlineData("sr", typeof(PhoneCommand.Record))]
    [InlineData("Sr", typeof(PhoneCommand.Record))]
    [InlineData("Hw", typeof(PhoneCommand.SaveReport))]
    [InlineData("SJ", typeof(PhoneCommand.TestRing))]
    public void Key_InACallOnAnyScreen_AsksTheSame(string keys, Type asked)
    {
        var view = Views.Talking with { Past = [Views.Talking.Calls[0] with { Id = new CallId(9), State = CallState.Ended }], History = [Views.Idle.History[1] with { Record = RecordPlace.Memory, Call = new CallId(9) }] };
        var person = new Person(view).Type(keys);
        Assert.Contains(person.Drain(), c => c.GetType() == asked);
    }

    [Fact]
    public void Transfer_InTheSettings_IsATransfer()
    {
        var person = new Person(Views.Talking).Type("St");
        Assert.Equal(nameof(DialScreen), person.Screen);
        Assert.DoesNotContain(person.Drain(), c => c is PhoneCommand.TestRing);
    }
}
