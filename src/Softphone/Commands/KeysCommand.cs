using Softphone.Tui;

namespace Softphone.Cli;

/// <summary>softphone keys.</summary>
internal static class KeysCommand
{
    private const string About =
        """
        List the keys of the full screen as they are now, with the action that each stands for.
        Keys of your own stand in keys.yaml beside the folder of profiles, an action and its key or keys a line, such as hold: H
        or answer: [z, F5]. What is wrong in that file is told with its line, and ends this with 2; the screen starts all the same.
        """;

    private const string Examples =
        """
        softphone keys
        softphone keys --markdown > keys.md
        """;

    public static Verb Build(VerbContext context)
    {
        var markdown = new System.CommandLine.Option<bool>("--markdown") { Description = "Every key on every screen as it is where nobody changed any, as docs/keys.md" };
        var verb = new Verb("keys", About, Examples) { markdown };
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(markdown))
            {
                context.Out.Write(KeysPage.Markdown());
                return (int)ExitCode.Ok;
            }

            var map = KeyMapFile.Read(new KeptFolders(context.Environment).Keys, out var mistakes);
            foreach (var line in KeysPage.Lines(map)) context.Out.WriteLine(line);
            return mistakes.Count == 0 ? (int)ExitCode.Ok : throw new UsageException(mistakes);
        });
        return verb;
    }
}
