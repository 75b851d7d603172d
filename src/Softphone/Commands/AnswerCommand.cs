using System.CommandLine;
using Softphone.Core;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone answer.</summary>
internal static class AnswerCommand
{
    private const string About =
        """
        Register, wait for calls and answer them, until Ctrl-C or, with --once, until the first call is over.
        """;

    private const string Examples =
        """
        softphone answer --profile office --once --echo
        softphone answer --code 486                      refuse everybody as busy
        softphone answer --listen 127.0.0.1:5060 --echo  no account, no server: softphone call sip:me@127.0.0.1
        """;

    public static Command Build(IVerb<AnswerOptions> verb, VerbContext context)
    {
        var flags = new MediaFlags();
        var once = new Option<bool>("--once") { Description = "End after the first call" };
        var echo = new Option<bool>("--echo") { Description = "Send back what is heard" };
        var code = new Option<int?>("--code") { HelpName = "STATUS", Description = "Refuse calls with this SIP status, 400 to 699: 486 is busy" };
        var ring = new Option<TimeSpan?>("--ring") { HelpName = "TIME", Description = "Ring so long before answering (at once when not given)", CustomParser = Flags.Duration };
        var listen = Flags.Text("--listen", "ADDRESS", "Be called without account or server at this address of the machine: 127.0.0.1:5060");
        listen.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is not { } at) return;
            if (!TryAddress(at, out var address)) result.AddError($"--listen \"{at}\" is not an IP address with or without a port, such as 127.0.0.1:5060");
            else if (address.Ip.IsUnspecified || address.Ip.IsMulticast) result.AddError($"--listen \"{at}\" is not one address of this machine, where somebody can be called: softphone ice gather lists them");
        });
        code.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } status and (< 400 or > 699)) result.AddError($"--code {status} is not 400 to 699");
        });
        var limit = new Option<int?>("--limit") { HelpName = "CALLS", Description = "Calls at once, 1 to 1000: others find us busy (call.limit of the profile, else 100)", CustomParser = Flags.CallLimit };
        var command = new Verb("answer", About, Examples, [ExitCode.Rejected, ExitCode.NotAuthorised, ExitCode.TimedOut, ExitCode.Network, ExitCode.IceFailed, ExitCode.ExpectFailed, ExitCode.NoCommonCodec, ExitCode.AudioDevice, ExitCode.Output]) { once, echo, code, ring, listen, limit };
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) => (int)await verb.RunAsync(
            flags.Read(
                new AnswerOptions
                {
                    Profile = parsed.GetValue(listen) is { } at ? At(Read(at), flags.Profile.Resolve(parsed, context)) : flags.Profile.ResolveAccount(parsed, context),
                    Port = parsed.GetValue(listen) is { } where ? Read(where).Port : (ushort)0,
                    Listen = parsed.GetValue(listen) is { } there ? Read(there).Ip : null,
                    Once = parsed.GetValue(once),
                    Echo = parsed.GetValue(echo),
                    Code = parsed.GetValue(code),
                    Ring = parsed.GetValue(ring) ?? TimeSpan.Zero,
                    Limit = parsed.GetValue(limit),
                },
                parsed),
            context,
            stop));
        return command;
    }

    private static Address Read(string text) => TryAddress(text, out var address) ? address : default;

    private static bool TryAddress(string text, out Address address)
    {
        if (!IpAddress.TryParse(text.Trim('[', ']'), out var ip)) return Address.TryParse(text, out address);
        address = new Address(ip, 5060);
        return true;
    }

    // The address is also the domain, so that the phone opens its sockets there and nowhere else.
    private static Profile At(Address address, Profile profile) => profile with
    {
        Account = new AccountProfile
        {
            Uri = address.Ip.IsV6 ? $"sip:anonymous@[{address.Ip}]" : $"sip:anonymous@{address.Ip}",
            CallsFrom = CallsFrom.Anyone,
            TakesAnyUser = true,
        },
    };
}
