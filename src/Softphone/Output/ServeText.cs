using System.Globalization;
using System.Text;
using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>Lines for the person who runs the lab's servers.</summary>
internal static class ServeText
{
    public static string? Of(OutputEvent happened) => happened switch
    {
        OutputEvent.ServeReady e => Ready(e),
        OutputEvent.ServeRegistration { State: "bound" } e => Fill($"{Time(e)} account   {e.User} at {e.Contact}, reached by {e.Addr}, for {e.ExpiresS} s"),
        OutputEvent.ServeRegistration e => Fill($"{Time(e)} account   {e.User} no longer at {e.Contact}: {e.Reason}"),
        OutputEvent.ServeAllocation { State: "allocated" } e => Fill($"{Time(e)} relay     {e.Relay} for {e.User} at {e.Client}"),
        OutputEvent.ServeAllocation { State: "released" } e => Fill($"{Time(e)} relay     {e.Relay} of {e.User} given back ({e.Reason}), {e.Packets} packets, {Size(e.Bytes ?? 0)}"),
        OutputEvent.ServeAllocation e => Fill($"{Time(e)} relay     refused to {e.Client}: {e.Status} {e.Reason}"),
        OutputEvent.ServeCall { State: "started" } e => Fill($"{Time(e)} call      {e.From} calls {e.To}"),
        OutputEvent.ServeCall { State: "ended" } e => Fill($"{Time(e)} call      {e.From} and {e.To} hung up"),
        OutputEvent.ServeCall e => Fill($"{Time(e)} call      {e.From} to {e.To}: {e.State}, {e.Status}"),
        OutputEvent.ServeEnd e => End(e),
        _ => null,
    };

    private static string Ready(OutputEvent.ServeReady e)
    {
        var text = new StringBuilder();
        foreach (var service in e.Services) text.Append(Fill($"{service.Name,-9} {service.Transport,-4} {service.Addr}\n"));
        text.Append(Fill($"domain    {e.Domain}; users {string.Join(", ", e.Users)}; relay ports {e.RelayPorts}\n"));
        if (e.Fingerprint is not null) text.Append(Fill($"TLS       SHA-256 {e.Fingerprint}\n"));
        text.Append("\nA phone, as ~/.config/softphone/profiles/lab.yaml:\n\n");
        foreach (var line in e.Profile.TrimEnd().Split('\n')) text.Append(Fill($"  {line}\n"));
        text.Append("\nCtrl-C ends it.");
        return text.ToString();
    }

    private static string End(OutputEvent.ServeEnd e)
    {
        var text = new StringBuilder();
        text.Append(Fill($"served    {e.UpS:0} s: {e.SipRequests} SIP requests, {e.StunAnswers} STUN answers, {e.Allocations} allocations, {e.RelayedPackets} packets relayed ({Size(e.RelayedBytes)}), {e.Dropped} dropped"));
        foreach (var user in e.Users.Where(u => u.Packets > 0)) text.Append(Fill($"\n  {user.User}: {user.Packets} packets, {Size(user.Bytes)}"));
        return text.ToString();
    }

    private static string Time(OutputEvent e) => e.T.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        < 10_000 => Fill($"{bytes} bytes"),
        < 10_000_000 => Fill($"{bytes / 1e3:0.0} kB"),
        _ => Fill($"{bytes / 1e6:0.0} MB"),
    };
}
