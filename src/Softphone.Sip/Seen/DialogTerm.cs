using Softphone.Core;

namespace Softphone.Sip;

/// <summary>A part of a <see cref="SipDialogFilter"/>, as a closed union.</summary>
internal abstract record DialogTerm
{
    private DialogTerm()
    {
    }

    public abstract bool Holds(SipDialog dialog, Instant now);

    /// <summary>Every one of them; with none, anything.</summary>
    public sealed record All(IReadOnlyList<DialogTerm> Terms) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now)
        {
            foreach (var term in Terms)
                if (!term.Holds(dialog, now)) return false;
            return true;
        }
    }

    /// <summary>One of them at least.</summary>
    public sealed record Any(IReadOnlyList<DialogTerm> Terms) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now)
        {
            foreach (var term in Terms)
                if (term.Holds(dialog, now)) return true;
            return false;
        }
    }

    public sealed record Not(DialogTerm Term) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => !Term.Holds(dialog, now);
    }

    /// <summary>The method begins so.</summary>
    public sealed record Method(string Start) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.Method.StartsWith(Start, StringComparison.OrdinalIgnoreCase);
    }

    public sealed record Kind(SipDialogKind Wanted) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.Kind == Wanted;
    }

    public sealed record State(SipDialogState Wanted) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.StateAt(now) == Wanted;
    }

    public sealed record By(Transport Wanted) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.Transport == Wanted;
    }

    /// <summary>A final status within these bounds; one that is not there yet is within none.</summary>
    public sealed record Status(int Least, int Most) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.Status > 0 && dialog.Status >= Least && dialog.Status <= Most;
    }

    public sealed record Messages(int Least, int Most) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => dialog.Count >= Least && dialog.Count <= Most;
    }

    /// <summary>A text of the row holds it, in any case.</summary>
    public sealed record Has(DialogText Where, string Wanted) : DialogTerm
    {
        public override bool Holds(SipDialog dialog, Instant now) => Where switch
        {
            DialogText.From => In(dialog.From),
            DialogText.To => In(dialog.To),
            DialogText.Account => In(dialog.Account),
            DialogText.CallId => In(dialog.CallId),
            DialogText.Address => In(dialog.Source.ToString()) || In(dialog.Target.ToString()),
            DialogText.Messages => InMessages(dialog),
            _ => In(dialog.Method) || In(dialog.From) || In(dialog.To) || In(dialog.Account) || In(SipDialogWords.StateOf(dialog, now)) || In(dialog.CallId)
                || In(dialog.Source.ToString()) || In(dialog.Target.ToString()) || InMessages(dialog),
        };

        private bool In(string text) => text.Contains(Wanted, StringComparison.OrdinalIgnoreCase);

        private bool InMessages(SipDialog dialog)
        {
            foreach (var message in dialog.Messages)
                if (In(message.Text)) return true;
            return false;
        }
    }
}
