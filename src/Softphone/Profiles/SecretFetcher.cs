using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Phone;

namespace Softphone.Cli;

/// <summary>Fetches a password from where the profile says it is. No message ever has it in it.</summary>
internal sealed class SecretFetcher(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>How long a command may take; it may ask the person to unlock a key.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The command has no part in our terminal: it cannot read keys that are ours. It may still ask in a window, or on a terminal of its own.</summary>
    public bool IsAlone { get; init; }

    /// <param name="source">Where it is; null gives an empty password.</param>
    /// <param name="secret">The password.</param>
    /// <param name="fault">Why there is none.</param>
    public bool TryFetch(PasswordSource? source, [NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out Fault? fault)
    {
        (secret, fault) = source switch
        {
            null => ("", null),
            PasswordSource.Literal literal => (literal.Password, null),
            PasswordSource.Environment variable => FromVariable(variable.Variable),
            PasswordSource.Command command => FromCommand(command.Line),
            _ => throw new ArgumentException("a source that is not known", nameof(source)),
        };
        return fault is null;
    }

    private (string?, Fault?) FromVariable(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value
        ? (value, null)
        : (null, new Fault(Layer.Profile, $"the variable {name}, which should hold the password, is not set", $"export {name}=…"));

    private (string?, Fault?) FromCommand(string line)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", ["/c", line]) : new ProcessStartInfo("/bin/sh", ["-c", line]);
        start.RedirectStandardInput = IsAlone;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        try
        {
            using var process = Process.Start(start) ?? throw new InvalidOperationException("it did not start");
            if (IsAlone) process.StandardInput.Close();
            var printed = process.StandardOutput.ReadToEndAsync();
            var complaints = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                return Failed(line, $"took longer than {Patience.TotalSeconds:0} s");
            }

            Task.WaitAll(printed, complaints);
            if (process.ExitCode != 0) return Failed(line, $"ended with {process.ExitCode}{Complaint(complaints.Result)}");
            var secret = printed.Result.Split('\n')[0].TrimEnd('\r');
            return secret.Length == 0 ? Failed(line, "printed nothing") : (secret, null);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return Failed(line, $"could not be run: {e.Message}");
        }
    }

    private static string Complaint(string text)
    {
        var line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return line is null ? "" : $" ({(line.Length > 200 ? line[..200] : line)})";
    }

    private static (string?, Fault?) Failed(string line, string why) =>
        (null, new Fault(Layer.Profile, $"the password-command \"{line}\" {why}", "run it in a shell; its first line must be the password"));
}
