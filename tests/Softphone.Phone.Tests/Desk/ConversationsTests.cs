namespace Softphone.Phone.Tests;

/// <summary>Threads of texts are bounded in every way that somebody else could fill them.</summary>
public sealed class ConversationsTests
{
    [Fact]
    public void Threads_AreBounded_AndTheSilentOnesGoFirst()
    {
        var conversations = new Conversations();
        for (var i = 0; i < 12_000; i++) conversations.Add(conversations.Of("work", $"sip:{i % 600}@x"), null, new TextView(default, TextState.Received, $"{i}"));
        Assert.Equal(Conversations.MostThreads, conversations.View.Count);
        Assert.True(conversations.View.Sum(t => t.Texts.Count) <= Conversations.MostTexts);
        Assert.Equal("11999", conversations.View[0].Texts[^1].Text);
        conversations.Add(conversations.Of("work", "sip:long@x"), null, new TextView(default, TextState.Received, new string('x', 5 << 20)));
        Assert.True(conversations.View.Sum(t => t.Texts.Sum(text => (long)text.Text.Length)) <= Conversations.MostLength);
        for (var i = 0; i < 12_000; i++) conversations.Add(conversations.Of("work", "sip:one@x"), null, new TextView(default, TextState.Received, "y"));
        Assert.Equal((Conversations.MostTexts, Conversations.MostTexts), (Assert.Single(conversations.View).Texts.Count, conversations.View[0].Unread));
    }
}
