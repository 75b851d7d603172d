using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>A foreign program run to its end on a host of the laboratory.</summary>
internal static class Tool
{
    /// <summary>Everything it printed; what it had printed by then when time ran out.</summary>
    public static string Run(Laboratory lab, string host, TimeSpan limit, string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(lab.Command(host, program, arguments))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(limit)) process.Kill();
        process.WaitForExit();
        return output.Result + error.Result;
    }

    public static Process Start(Laboratory lab, string host, string program, params IEnumerable<string> arguments)
    {
        var process = Process.Start(lab.Command(host, program, arguments))!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
