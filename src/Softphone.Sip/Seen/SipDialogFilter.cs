using System.Diagnostics.CodeAnalysis;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// Which dialogs a list shows, as a person writes it: <c>method:register status:>=400</c>. Words that follow each other must all hold; <c>or</c>
/// between them and <c>not</c>, <c>!</c> or <c>-</c> before one mean what they say, and brackets group. A field is followed by what it must hold,
/// several divided by commas where one of them will do; a word without a field may stand anywhere, in the messages too. Quotes keep spaces.
/// </summary>
public sealed class SipDialogFilter
{
    private readonly DialogTerm _term;

    private SipDialogFilter(string text, DialogTerm term) => (Text, _term) = (text, term);

    /// <summary>Lets everything pass.</summary>
    public static SipDialogFilter All { get; } = new("", new DialogTerm.All([]));

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <param name="text">The expression; empty lets everything pass.</param>
    /// <param name="filter">The filter.</param>
    /// <param name="why">Which word is wrong, and what could stand there.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SipDialogFilter? filter, out string why)
    {
        filter = null;
        if (!new DialogTermReader(text).TryRead(out var term, out why)) return false;
        filter = new SipDialogFilter(text.Trim(), term);
        return true;
    }

    public bool Matches(SipDialog dialog, Instant now) => _term.Holds(dialog, now);
}
