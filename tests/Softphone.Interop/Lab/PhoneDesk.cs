namespace Softphone.Interop;

/// <summary>What trials at a server share: phones with accounts there, each known by its tone, calls of pairs of them, and a person at the full screen.</summary>
/// <param name="lab">Where.</param>
/// <param name="report">What judges.</param>
/// <param name="part">The part's name, and its folder's.</param>
/// <param name="server">Where phones register.</param>
/// <param name="domain">Of their addresses.</param>
internal sealed class PhoneDesk(Laboratory lab, Report report, string part, string server, string domain)
{
    /// <summary>The tones of a caller, a callee, a third phone, and of the music on hold of a server.</summary>
    public const double Hers = 440, His = 1000, Others = 600, Music = 700;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What is measured goes before whatever else the machine does.</summary>
    private const int Niceness = -15;

    /// <summary>The longest from an answer to the first audio, in milliseconds.</summary>
    private const double Soon = 200;

    private readonly string _folder = Path.Combine(lab.Folder, part);

    public static long Received(PhoneEvent? end) => end is not null && end.Data.TryGetProperty("rx", out var rx) ? rx.GetProperty("packets").GetInt64() : 0;

    public static bool Registered(PhoneProcess phone) => phone.Wait("registration", Patience, e => e.GetProperty("state").GetString() == "registered") is not null;

    public static bool Until(Func<bool> holds)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            if (holds()) return true;
            Thread.Sleep(250);
        }

        return false;
    }

    public static void Keep(string folder, PhoneProcess phone) => File.AppendAllLines(Path.Combine(folder, "events.txt"), phone.Lines);

    /// <summary>The folder of a cell.</summary>
    public string Folder(string cell)
    {
        var folder = Path.Combine(_folder, string.Concat(cell.Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '=')).Replace(' ', '-'));
        Directory.CreateDirectory(folder);
        return folder;
    }

    public string Profile(string folder, string user, string? password = null, string dtmf = "auto") =>
        ProfileFile.Write(folder, user, password, registrar: server, domain: domain, dtmf: dtmf, transfers: "follow");

    /// <summary>A phone with an account here; whom it calls is the first of the arguments.</summary>
    public PhoneProcess Phone(string host, string verb, string folder, string user, IEnumerable<string> arguments, string dtmf = "auto") =>
        new(lab, host, Niceness, [verb, .. arguments, "--profile", Profile(folder, user, dtmf: dtmf), .. verb == "register" ? Array.Empty<string>() : ["--audio", "null"]]);

    /// <summary>The full screen of a user.</summary>
    public TerminalWindow Window(string folder, string host, string user)
    {
        var own = Path.Combine(folder, "screen-" + user);
        Profile(Path.Combine(own, "config", "softphone", "profiles"), user);
        return TuiTrial.Open(lab, own, host);
    }

    /// <summary>Calls between two phones, one after the other: none is deaf, and both hear something soon after the answer.</summary>
    /// <param name="cell">What is tried.</param>
    /// <param name="a">Who calls.</param>
    /// <param name="b">Who answers.</param>
    /// <param name="target">What is dialled for it.</param>
    /// <param name="calls">How many.</param>
    /// <param name="flags">More of the command line of who calls.</param>
    public bool Calls(string cell, string a, string b, string target, int calls, params string[] flags)
    {
        var folder = Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var callee = Phone("hostB", "answer", folder, b, ["--play", Tone.Wav(folder, His)]);
        if (!report.Check(Registered(callee), $"{part}: {b} registers, {cell}", callee.Errors, cell)) return false;
        var bad = new List<string>();
        double slowestA = 0, slowestB = 0;
        for (var call = 1; call <= calls; call++)
        {
            using var phone = Phone("hostA", "call", folder, a, [$"sip:{target}@{domain}", "--for", "2s", "--play", Tone.Wav(folder, Hers), "--record", heard, .. flags]);
            var code = phone.WaitForExit(TimeSpan.FromSeconds(30));
            var number = call;
            Until(() => callee.All("call.end").Count >= number);
            Keep(folder, phone);
            var (endA, endB) = (phone.All("call.end").LastOrDefault(), callee.All("call.end").LastOrDefault());
            var (firstA, firstB) = (endA?.Number("media_ms") ?? 9999, endB?.Number("media_ms") ?? 9999);
            (slowestA, slowestB) = (Math.Max(slowestA, firstA), Math.Max(slowestB, firstB));
            var tones = Recording.Tones(heard, Hers, His, Others, Music);
            var (packetsA, packetsB) = (Received(endA), Received(endB));
            if (code != 0 || firstA > Soon || firstB > Soon || packetsA < 70 || packetsB < 70 || tones != $"{His}")
                bad.Add($"call {call}: exit {code}, first audio {firstA}/{firstB} ms, {packetsA}/{packetsB} packets, heard \"{tones}\" {endA?.Text("reason")} {phone.Errors}");
        }

        Keep(folder, callee);
        return report.Check(bad.Count == 0, $"{part}: {cell}", $"{calls - bad.Count} of {calls} good, first audio at most {slowestA}/{slowestB} ms {string.Join("; ", bad.Take(5))}", cell);
    }

    /// <summary>A person at the full screen calls another phone and does something; which tones that one heard, in order.</summary>
    public string Talk(string cell, string caller, string callee, Action<TerminalWindow, PhoneProcess> acts, bool hangsUp = true)
    {
        var folder = Folder(cell);
        var heard = Path.Combine(folder, "heard.wav");
        using var other = Phone("hostB", "answer", folder, callee, ["--once", "--for", "60s", "--play", Tone.Wav(folder, His), "--record", heard]);
        using var window = Window(folder, "hostA", caller);
        var (isReady, screen) = window.Wait(s => s.Contains("registered at", StringComparison.Ordinal), Patience);
        if (!report.Check(isReady && Registered(other), $"{part}: both register, {cell}", isReady ? other.Errors : screen, cell)) return "";
        Dial(window, callee);
        var isTalking = window.Wait(s => s.Contains("talking", StringComparison.Ordinal), Patience).Holds;
        if (!report.Check(isTalking, $"{part}: the call from the screen is answered, {cell}", isTalking ? "" : window.Capture(), cell)) return "";
        acts(window, other);
        File.WriteAllText(Path.Combine(folder, "screen.txt"), window.Capture());
        if (hangsUp) window.Press("h");
        else other.Signal("INT");
        other.WaitForExit(TimeSpan.FromSeconds(10));
        Keep(folder, other);
        return Recording.Tones(heard, Hers, His, Others, Music);
    }

    /// <summary>The registrar refuses it, and the exit code says so.</summary>
    public void WrongPassword(string user)
    {
        const string cell = "wrong password";
        if (!report.Wants(cell)) return;
        using var stranger = new PhoneProcess(lab, "hostA", "register", "--once", "--profile", Profile(Folder(cell), user, password: "nope"));
        var exit = stranger.WaitForExit(TimeSpan.FromSeconds(30));
        report.Check(exit == 4, $"{part}: {cell}", $"exit {exit}: {stranger.Errors}", cell);
    }

    /// <summary>A person at the full screen holds another phone, which is told so, and takes it up again.</summary>
    public void HoldIsTold(string cell, string caller, string callee)
    {
        PhoneEvent? held = null, again = null;
        Talk(cell, caller, callee, (window, other) =>
        {
            Press(window, "HELD", "Space");
            held = other.Wait("call.state", Patience, e => e.GetProperty("state").GetString() == "held");
            Press(window, "talking", "Space");
            again = other.Wait("call.state", Patience, e => held is not null && e.GetProperty("state").GetString() == "connected" && string.CompareOrdinal(e.GetProperty("t").GetString(), held.Text("t")) > 0);
            Thread.Sleep(500);
        });
        report.Check(held is not null && again is not null, $"{part}: {cell}", $"held {held is not null}, taken up {again is not null}", cell);
    }

    /// <summary>A person at the full screen sends the other to where somebody plays a tone; what the other heard.</summary>
    public string SendsTo(string cell, string caller, string callee, string target) => Talk(cell, caller, callee, (window, _) =>
    {
        window.Press("t");
        Thread.Sleep(300);
        window.Type(target);
        window.Press("Enter");
        Thread.Sleep(4000);
    }, hangsUp: false);

    /// <summary>A person at the full screen asks a third phone, and joins the other with it: each hears the other.</summary>
    public void Attended(string cell, string caller, string callee, string target)
    {
        if (Third(cell, target, out var heard) is not { } third) return;
        using (third)
        {
            var second = Talk(cell, caller, callee, (window, _) =>
            {
                Dial(window, target);
                third.Wait("call.state", Patience, e => e.GetProperty("state").GetString() == "connected");
                Thread.Sleep(1000);
                window.Press("T");
                Thread.Sleep(700);
                window.Press("Enter");
                Thread.Sleep(4000);
            }, hangsUp: false);
            third.WaitForExit(TimeSpan.FromSeconds(10));
            var thirdHeard = Recording.Tones(heard, Hers, His, Others, Music);
            report.Check(second.EndsWith($"{Others}", StringComparison.Ordinal) && thirdHeard == $"{His}", $"{part}: {cell}", $"they heard each other: \"{second}\", \"{thirdHeard}\"", cell);
        }
    }

    /// <summary>
    /// Two persons at full screens talk, and the first sends the second to a third phone, at once or after it has talked with it. The second
    /// follows, for its profile says so; where the server passes REFER on, only a person's phone does.
    /// </summary>
    public void Follows(string cell, string caller, string callee, string target, bool isAttended)
    {
        if (Third(cell, target, out _, isOnce: false) is not { } third) return;
        using (third)
        {
            var folder = Folder(cell);
            using var one = Window(folder, "hostA", caller);
            using var two = Window(folder, "hostB", callee);
            var areReady = one.Wait(s => s.Contains("registered at", StringComparison.Ordinal), Patience).Holds && two.Wait(s => s.Contains("registered at", StringComparison.Ordinal), Patience).Holds;
            if (!report.Check(areReady, $"{part}: both screens register, {cell}", areReady ? "" : one.Capture() + two.Capture(), cell)) return;
            Dial(one, callee);
            two.Wait(s => s.Contains("Incoming", StringComparison.OrdinalIgnoreCase), Patience);
            two.Press("a");
            one.Wait(s => s.Contains("talking", StringComparison.Ordinal), Patience);
            Thread.Sleep(1000);
            if (isAttended)
            {
                Dial(one, target);
                third.Wait("call.state", Patience, e => e.GetProperty("state").GetString() == "connected");
                Thread.Sleep(1000);
                one.Press("T");
                Thread.Sleep(700);
                one.Press("Enter");
            }
            else
            {
                one.Press("t");
                Thread.Sleep(300);
                one.Type(target);
                one.Press("Enter");
            }

            var joined = third.Wait("call.state", Patience, e => e.GetProperty("state").GetString() == "connected" && e.GetProperty("peer").GetString()?.Contains(callee, StringComparison.Ordinal) == true);
            Thread.Sleep(3000);
            two.Press("h");
            third.Wait("call.end", Patience, e => joined is not null && e.GetProperty("call").GetString() == joined.Text("call"));
            third.Signal("INT");
            third.WaitForExit(TimeSpan.FromSeconds(10));
            Keep(folder, third);
            File.WriteAllText(Path.Combine(folder, "screen.txt"), one.Capture() + two.Capture());
            var end = third.All("call.end").LastOrDefault();
            report.Check(joined is not null && end?.Text("audio") == "two-way" && Received(end) > 100, $"{part}: {cell}",
                $"{target} talked with {joined?.Text("peer")}, audio {end?.Text("audio")}, {Received(end)} packets", cell);
        }
    }

    private static void Dial(TerminalWindow window, string whom)
    {
        window.Press("d");
        Thread.Sleep(300);
        window.Type(whom);
        window.Press("Enter");
    }

    private PhoneProcess? Third(string cell, string user, out string heard, bool isOnce = true)
    {
        var folder = Folder(cell + " third");
        heard = Path.Combine(folder, "heard.wav");
        var phone = Phone("hostC", "answer", folder, user, [.. isOnce ? ["--once"] : Array.Empty<string>(), "--for", "60s", "--nat", "none", "--play", Tone.Wav(folder, Others), "--record", heard]);
        if (report.Check(Registered(phone), $"{part}: the third phone registers, {cell}", phone.Errors, cell)) return phone;
        phone.Dispose();
        return null;
    }

    /// <summary>A key, and what the screen must show then.</summary>
    public void Press(TerminalWindow window, string then, string key)
    {
        window.Press(key);
        var (isSo, screen) = window.Wait(s => s.Contains(then, StringComparison.Ordinal), Patience);
        report.Check(isSo, $"{part}: {key} leads to {then}", isSo ? "" : screen);
    }
}
