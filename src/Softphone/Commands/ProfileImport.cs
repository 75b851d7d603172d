using System.CommandLine;
using System.Text;
using Softphone.Phone;
using Softphone.Sip;

namespace Softphone.Cli;

/// <summary>softphone profile import: the accounts of another phone become profiles.</summary>
internal static class ProfileImport
{
    private static readonly (string Word, ForeignPhone Phone)[] Phones =
    [
        ("baresip", ForeignPhone.Baresip), ("linphone", ForeignPhone.Linphone), ("pjsua", ForeignPhone.Pjsua), ("microsip", ForeignPhone.MicroSip), ("twinkle", ForeignPhone.Twinkle),
    ];

    public static Command Build(VerbContext context)
    {
        var file = new Argument<string>("FILE") { Description = "baresip's accounts, linphonerc, a config file of pjsua, MicroSIP.ini, or Twinkle's NAME.cfg" };
        var from = new Option<string?>("--from") { HelpName = "PHONE", Description = "Whose file it is: baresip, linphone, pjsua, microsip, twinkle; found out when not given" };
        var name = new Option<string?>("--name") { HelpName = "NAME", Description = "What to call the profile, where the file has one account; the user of its address when not given" };
        from.AcceptOnlyFromAmong([.. Phones.Select(p => p.Word)]);
        var command = new Verb("import", "Write profiles of the accounts in another phone's file; what is not taken over is told") { file, from, name };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var text = Read(path);
            var phone = parsed.GetValue(from) is { } word ? Phones.First(p => p.Word == word).Phone : ForeignConfig.KindOf(text);
            if (phone is not { } known) throw new UsageException($"{path} looks like the file of no phone that is known; --from names one of {string.Join(", ", Phones.Select(p => p.Word))}");
            var accounts = ForeignConfig.Read(known, text);
            if (accounts.Count == 0) throw new UsageException($"{path} has no account of {Phones.First(p => p.Phone == known).Word}");
            if (parsed.GetValue(name) is not null && accounts.Count > 1) throw new UsageException($"{path} has {accounts.Count} accounts: --name is for one");
            Directory.CreateDirectory(context.Profiles.Folder);
            var written = accounts.Count(a => TryWrite(context, a, parsed.GetValue(name)));
            return (int)(written == accounts.Count ? ExitCode.Ok : ExitCode.Usage);
        });
        return command;
    }

    private static bool TryWrite(VerbContext context, ForeignAccount account, string? asked)
    {
        var called = asked ?? NameFor(context.Profiles, account.Settings["account.uri"]);
        var profile = ForeignConfig.ToProfile(account, called, out var errors);
        string? why = null;
        if (profile.Account.Uri.Length == 0) why = $"its address is none that can be used: {errors[0]}";
        else if (ProfileFile.TryWrite(context.Profiles, profile, replaces: null, out why)) why = null;
        if (why is not null)
        {
            context.Error.WriteLine($"softphone: {called}: not written: {why}");
            return false;
        }

        context.Out.WriteLine(context.Profiles.PathOf(called));
        foreach (var left in account.Left) context.Error.WriteLine($"softphone: {called}: left out: {left}");
        foreach (var error in errors) context.Error.WriteLine($"softphone: {called}: left out: {error}");
        if (profile.HasLiteralSecret) context.Error.WriteLine($"softphone: {called}: its password stands in the file, which is yours alone; account.password-command takes it from elsewhere");
        else if (profile.Account.Password is null) context.Error.WriteLine($"softphone: {called}: there is no password; softphone profile edit {called} sets account.password-command");
        return true;
    }

    /// <summary>The user of its address; with the domain behind it where there is such a profile already.</summary>
    private static string NameFor(ProfileStore store, string uri)
    {
        _ = SipUri.TryParse(uri, out var address, out _);
        var user = Fitting(address?.DisplayUser ?? "");
        var name = user.Length == 0 ? "imported" : user;
        if (!File.Exists(store.PathOf(name))) return name;
        var whole = $"{name}-{Fitting(address?.Host ?? "")}";
        var free = whole;
        for (var i = 2; File.Exists(store.PathOf(free)); i++) free = $"{whole}-{i}";
        return free;
    }

    private static string Fitting(string text) => new string([.. text.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')]).Trim('.', '-');

    /// <summary>Files of Windows may be UTF-16: their first octets say so.</summary>
    private static string Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > ForeignConfig.MaxLength) throw new UsageException($"{path} is longer than any phone's file of accounts");
            using var reader = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message}");
        }
    }
}
