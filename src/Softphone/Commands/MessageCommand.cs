using System.CommandLine;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone message TO TEXT.</summary>
internal static class MessageCommand
{
    private const string About =
        """
        Write a text message to somebody (SIP MESSAGE). It ends when the other side, or a server that keeps it, has it.

        TEXT is all words that follow TO; - reads it from standard input. It may have 8192 octets; by UDP a message has room
        for about 700 of them, and a longer one goes by TCP or is refused.
        """;

    private const string Examples =
        """
        softphone message 202 "I am late"
        date | softphone message sip:bob@pbx.example.net - --json
        """;

    public static Command Build(IVerb<MessageOptions> verb, VerbContext context)
    {
        var to = new Argument<string>("TO") { Description = "Whom: sip:user@host, user@host, or a user of the account's domain" };
        var text = new Argument<string[]>("TEXT") { Description = "What; - reads standard input", Arity = ArgumentArity.OneOrMore };
        var flags = new ProfileFlags();
        var json = Flags.Json();
        var watch = new WatchFlags("SIP message", "the message and what became of it");
        var command = new Verb("message", About, Examples, [ExitCode.Rejected, ExitCode.NotAuthorised, ExitCode.TimedOut, ExitCode.Busy, ExitCode.Network, ExitCode.Output]) { to, text, json };
        flags.AddTo(command);
        watch.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var profile = flags.Resolve(parsed, context);
            var target = Target.Complete(parsed.GetRequiredValue(to), profile);
            var words = string.Join(' ', parsed.GetRequiredValue(text));
            var content = words == "-" ? await ReadAsync(context, stop) : words;
            if (string.IsNullOrWhiteSpace(content)) throw new UsageException("there is no text to send");
            return (int)await verb.RunAsync(new MessageOptions { To = target, Text = content, Profile = ProfileFlags.OrAnonymous(profile), Json = parsed.GetValue(json), Watch = watch.Read(parsed) }, context, stop);
        });
        return command;
    }

    /// <summary>No more than can be sent: the other end of a pipe may never be through.</summary>
    private static async Task<string> ReadAsync(VerbContext context, CancellationToken stop)
    {
        var read = new char[TextBody.MostOctets + 1];
        var length = await context.In().ReadBlockAsync(read, stop);
        if (length == read.Length) throw new UsageException($"what comes on standard input is longer than {TextBody.MostOctets} octets, the most that a message may have");
        return new string(read, 0, length).TrimEnd('\r', '\n');
    }
}
