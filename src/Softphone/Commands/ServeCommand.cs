using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Softphone.Core;
using Softphone.Lab;

namespace Softphone.Cli;

/// <summary>softphone lab serve.</summary>
internal static class ServeCommand
{
    private const string About =
        """
        Serve phones on this machine: SIP registrar and proxy, STUN and TURN, until Ctrl-C.
        It says how to point a phone at it, then one line for each registration, allocation and call, and in the end what each
        user relayed. It listens on one address, 127.0.0.1 when none is given; an address of the public internet needs --public.
        A second address (--alternate) lets phones find out how their NAT behaves (RFC 5780). Passwords come from --users,
        SOFTPHONE_LAB_PASSWORD or a prompt. TLS uses --certificate and --key, or a certificate that is made at the first start and kept; the profile it prints names its fingerprint.
        """;

    private const string Examples =
        """
        SOFTPHONE_LAB_PASSWORD=secret softphone lab serve
        softphone lab serve --listen 192.168.1.10 --alternate 192.168.1.11 --user reception --user workshop
        softphone lab serve --listen 192.168.1.10 --domain office.lan --users office.users --quota 4 --json
        """;

    public static Command Build(IVerb<ServeOptions> verb, VerbContext context)
    {
        var defaults = new ServeOptions();
        var listen = Address("--listen", "The address to listen on (127.0.0.1 when not given)");
        var alternate = Address("--alternate", "A second address of this machine, for NAT discovery (127.0.0.2 beside 127.0.0.1 on Linux)");
        var isPublic = new Option<bool>("--public") { Description = "Allow an address that the whole internet can reach" };
        var domain = Flags.Text("--domain", "NAME", "The SIP domain and the realm of all passwords (the address when not given)");
        var users = new Option<string[]>("--user") { HelpName = "NAME", Description = "Somebody who may register and relay; may be repeated (alice and bob when nobody is given)" };
        var file = Flags.Text("--users", "FILE", "Users and passwords, a line each, \"name: password\"; nobody else may read the file");
        var sip = Port("--sip-port", "SIP over UDP and TCP (5060 when not given)");
        var sips = Port("--sips-port", "SIP over TLS (5061 when not given, 0 for none)");
        var stun = Port("--stun-port", "STUN and TURN over UDP and TCP (3478 when not given)");
        var second = Port("--alternate-port", "The second port of NAT discovery (3479 when not given)");
        var tls = Port("--turns-port", "TURN over TLS (5349 when not given, 0 for none)");
        var relays = new Option<(ushort First, ushort Last)?>("--relay-ports") { HelpName = "FIRST-LAST", Description = "Ports of relays (49152-65535 when not given)", CustomParser = Range };
        var certificate = Flags.Text("--certificate", "FILE", "The certificate of TLS, PEM; one is made and kept when not given");
        certificate.Aliases.Add("--cert");
        var key = Flags.Text("--key", "FILE", "Its private key, PEM (in the certificate's file when not given)");
        var quota = new Option<int?>("--quota") { HelpName = "N", Description = $"Allocations of one user at a time ({defaults.Quota} when not given)" };
        var capacity = new Option<int?>("--capacity") { HelpName = "N", Description = $"Allocations of all at a time ({defaults.Capacity} when not given)" };
        var allow = Blocks("--allow-peer", "Let relays, and users by SIP, reach these addresses too, such as 10.0.0.0/8; may be repeated");
        var deny = Blocks("--deny-peer", "Never let relays, nor users by SIP, reach these; may be repeated");
        var length = Flags.For("Serve for so long");
        var json = Flags.Json();
        var command = new Verb("serve", About, Examples, [ExitCode.Network, ExitCode.Output])
        {
            listen, alternate, isPublic, domain, users, file, sip, sips, stun, second, tls, relays, certificate, key, quota, capacity, allow, deny, length, json,
        };
        foreach (var option in (Option<int?>[])[quota, capacity])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && int.TryParse(token.Value, out var n) && n < 1) result.AddError($"{option.Name} \"{token.Value}\" is not 1 or more");
            });
        }

        command.SetAction(async (parsed, stop) =>
        {
            var options = new ServeOptions
            {
                Listen = parsed.GetValue(listen) ?? defaults.Listen,
                Alternate = parsed.GetValue(alternate),
                Domain = parsed.GetValue(domain),
                Users = parsed.GetValue(users) ?? [],
                UsersFile = parsed.GetValue(file),
                SipPort = parsed.GetValue(sip) ?? defaults.SipPort,
                SipsPort = parsed.GetValue(sips) ?? defaults.SipsPort,
                StunPort = parsed.GetValue(stun) ?? defaults.StunPort,
                AlternatePort = parsed.GetValue(second) ?? defaults.AlternatePort,
                TurnsPort = parsed.GetValue(tls) ?? defaults.TurnsPort,
                RelayPorts = parsed.GetValue(relays) ?? defaults.RelayPorts,
                Certificate = parsed.GetValue(certificate),
                Key = parsed.GetValue(key),
                Quota = parsed.GetValue(quota) ?? defaults.Quota,
                Capacity = parsed.GetValue(capacity) ?? defaults.Capacity,
                AllowPeers = parsed.GetValue(allow) ?? [],
                DenyPeers = parsed.GetValue(deny) ?? [],
                For = parsed.GetValue(length),
                Json = parsed.GetValue(json),
            };
            Check(options, parsed.GetValue(isPublic));
            return (int)await verb.RunAsync(options, context, stop);
        });
        return command;
    }

    private static void Check(ServeOptions options, bool isPublic)
    {
        foreach (var (name, address) in new[] { ("--listen", options.Listen), ("--alternate", options.Alternate ?? options.Listen) })
        {
            if (address.IsUnspecified || address.IsMulticast)
                throw new UsageException($"{name} {address} is no address of one machine: name one, phones must know where answers come from");
            if (!isPublic && !address.IsPrivate && !address.IsLoopback && !address.IsLinkLocal)
                throw new UsageException($"{name} {address} is on the public internet, where an open server is found within minutes: say --public if you mean it");
        }

        if (options.Alternate is { } other && (other == options.Listen || other.IsV4 != options.Listen.IsV4))
            throw new UsageException($"--alternate {other} must be another address of the same kind as {options.Listen}");
        if (options.StunPort == options.AlternatePort) throw new UsageException($"--alternate-port {options.AlternatePort} must differ from --stun-port");
        if (options.Key is not null && options.Certificate is null) throw new UsageException("--key needs --certificate");
    }

    private static Option<IpAddress?> Address(string name, string what) => new(name)
    {
        HelpName = "IP",
        Description = what,
        CustomParser = result =>
        {
            if (IpAddress.TryParse(result.Tokens[0].Value, out var address)) return address;
            result.AddError($"{name} \"{result.Tokens[0].Value}\" is no IP address");
            return null;
        },
    };

    private static Option<ushort?> Port(string name, string what) => new(name)
    {
        HelpName = "PORT",
        Description = what,
        CustomParser = result =>
        {
            if (ushort.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return port;
            result.AddError($"{name} \"{result.Tokens[0].Value}\" is no port");
            return null;
        },
    };

    private static Option<AddressBlock[]> Blocks(string name, string what) => new(name)
    {
        HelpName = "BLOCK",
        Description = what,
        CustomParser = result =>
        {
            var blocks = new List<AddressBlock>();
            foreach (var token in result.Tokens)
            {
                if (AddressBlock.TryParse(token.Value, out var block)) blocks.Add(block);
                else result.AddError($"{name} \"{token.Value}\" is no block of addresses such as 10.0.0.0/8");
            }

            return [.. blocks];
        },
    };

    private static (ushort First, ushort Last)? Range(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var dash = text.IndexOf('-');
        if (dash > 0 && ushort.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && ushort.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last) && first >= 1024 && first < last)
            return (first, last);
        result.AddError($"{Flags.NameOf(result)} \"{text}\" is not FIRST-LAST, from 1024 on");
        return null;
    }
}
