using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Tui;

/// <summary>Keys that write messages into a file.</summary>
internal static class SaveKeys
{
    /// <param name="what">What the messages are about, and the messages.</param>
    /// <param name="group">The heading they stand under in help.</param>
    public static IEnumerable<KeyBinding> Of(Func<(string Name, IReadOnlyList<SipTrace.Message> Messages)> what, string group)
    {
        yield return new KeyBinding(["w", "F2"], "save", "save pcapng", "write these messages as packets, secrets masked", s => Save(s, MessageFormat.Pcapng)) { Group = group, Rank = 20 };
        yield return new KeyBinding(["W"], "savetext", "save text", "write these messages as text, secrets masked", s => Save(s, MessageFormat.Text)) { Group = group, Rank = 21 };

        void Save(Session session, MessageFormat format)
        {
            var (name, messages) = what();
            if (messages.Count == 0)
            {
                session.Tell("there is no message to write");
                return;
            }

            session.Ask(new PhoneCommand.SaveMessages(name, messages, format));
        }
    }
}
