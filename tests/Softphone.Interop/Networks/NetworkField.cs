using System.Diagnostics;

namespace Softphone.Interop;

/// <summary>
/// A laboratory for phones as they come out of the box: a registrar by its domain, servers by their names, nothing said about transports
/// or families. alice is behind NAT A and stays, bob behind NAT B talks with her, carol on the open network calls to see whether she is reached.
/// </summary>
internal sealed class NetworkField(Laboratory lab, string folder) : IDisposable
{
    private readonly List<Action> _mends = [];

    public Laboratory Lab => lab;

    public string Folder { get; } = folder;

    public void Shell(string node, string commands) => lab.Shell(node, commands);

    /// <summary>Breaks something until the row is over.</summary>
    public void Break(string node, string commands, string mend)
    {
        Shell(node, commands);
        _mends.Add(() => Shell(node, mend));
    }

    /// <summary>What is put right when the row is over.</summary>
    public void After(Action mend) => _mends.Add(mend);

    /// <summary>A phone that answers, once it is registered.</summary>
    public PhoneProcess Answering(string user, string host, string registrar = Laboratory.Domain)
    {
        var phone = Phone(host, user, "answer", ["--echo", "--audio", "null"], registrar);
        if (Registered(phone, TimeSpan.FromSeconds(15)) is null) throw new InvalidOperationException($"{user} does not register: {phone.Errors}");
        return phone;
    }

    public PhoneProcess Phone(string host, string user, string verb, IEnumerable<string> arguments, string registrar = Laboratory.Domain, string nat = "auto") =>
        new(lab, host, -10, [verb, .. arguments, "--profile", Profile(user, registrar, nat)]);

    /// <summary>When it says that it is registered, in seconds from now; null when it does not in time.</summary>
    public static double? Registered(PhoneProcess phone, TimeSpan limit)
    {
        var clock = Stopwatch.StartNew();
        return phone.Wait("registration", limit, e => e.GetProperty("state").GetString() == "registered") is null ? null : clock.Elapsed.TotalSeconds;
    }

    /// <summary>How long after <paramref name="since"/> carol's call to alice is answered, trying again and again; null when none is in time.</summary>
    public double? Reached(Stopwatch since, TimeSpan limit)
    {
        while (since.Elapsed < limit)
        {
            using var carol = Phone("hostC", "carol", "call", [$"sip:alice@{Laboratory.Domain}", "--for", "500ms", "--audio", "null"]);
            var isTaken = carol.Wait("call.state", TimeSpan.FromSeconds(4), e => e.GetProperty("state").GetString() is "connected" or "ended")?.Text("state") == "connected";
            var at = since.Elapsed.TotalSeconds;
            if (isTaken) carol.WaitForExit(TimeSpan.FromSeconds(5));
            if (isTaken && at <= limit.TotalSeconds) return at;
            Thread.Sleep(250);
        }

        return null;
    }

    public void Dispose()
    {
        for (var i = _mends.Count - 1; i >= 0; i--) _mends[i]();
        _mends.Clear();
    }

    private string Profile(string user, string registrar, string nat)
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, $"{user}.yaml");
        File.WriteAllText(file, $"""
            account:
              uri: sip:{user}@{Laboratory.Domain}
              password: {user}-secret
              registrar: sip:{registrar}
              expires: 300
            nat:
              mode: {nat}
              stun: [stun:stun.lab.test]
              turn:
                - urls: ["turn:{Laboratory.TurnName}"]
                  user: {Laboratory.TurnUser}
                  password: {Laboratory.TurnPassword}
            """);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
