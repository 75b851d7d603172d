using System.Diagnostics;
using Softphone.Interop;

if (args.Length > 4 && args[0] == "ice-peer") return IcePeerProgram.Run(args[1..]);
if (args is ["pictures"]) return PictureBook.Run();
if (args is ["bench-tui", .. var which]) return DrawingBench.Run(onlyKept: which is ["kept"]);

string[] parts = ["nat", "peers", .. GridPass.Passes.Select(p => p.Name), "failover", "times", "baresip", "asterisk", "rtpengine", "failures", "networks", "row", "discovery", "serve", "relays", "audio", "flood", "attack", "odd", "tty", "edge", "captures", "look", "tui", "bare", "windows", "arm64"];
var only = args.SkipWhile(a => a != "--only").Skip(1).FirstOrDefault();
var full = args.Contains("--full");
var whole = args.Contains("--whole");
var wanted = args.Where(a => !a.StartsWith('-') && a != only).ToList();
if (args.Contains("--help") || wanted.Except([.. parts, "linphone", "bench"]).Any())
{
    Console.WriteLine($"""
        usage: ./build.sh interop [PART...] [--full] [--only CELL]     all parts without a name
          nat         softphone nat names each of the seven kernel NATs
          peers       our ICE against aioice and libnice, full and lite, in both roles, without SIP
        {string.Join("\n", GridPass.Passes.Select(p => $"  {p.Name,-12}{p.What}"))}
          failover    the active interface goes in mid-call, or the NAT rebinds: how long nothing is heard
          baresip     calls to and from baresip, with ICE and without
          asterisk    phones registered with Asterisk of Debian unstable: echo, keys, hold, transfers, timers, calls with ICE and direct media on and off
          rtpengine   calls through kamailio and rtpengine, by each flag for ICE and RTCP multiplexing; codecs, keys, hold
          linphone    calls to and from linphonec between five kinds of NAT (runs when it is named)
          failures    wrong password, busy, no answer, dead servers and the like: exit codes and texts
          networks    what networks do: silent name servers, restarts, NATs that forget, other addresses, cables that move; a table of silence, call, reached
          row         twenty calls in a row between symmetric NATs; nothing is left on the servers
          discovery   softphone nat against every kernel NAT: mapping, filter, hairpin, and the lifetime of a binding
          serve       softphone lab serve under coturn's tools and under two phones
          relays      what relaying costs lab serve and coturn, side by side
          audio       sound devices in a call: delay from mouth to ear, echo, unplugged and plugged in, another default, sound server ended
          flood       a call, strangers who flood the phone, and honest callers between them: loss, gaps, answers, memory, beside the call alone
          attack      strangers who want the password, the audio, the telephone bill, the terminal or the files: none gets any
          odd         what other programs were seen to send: descriptions, registrars, dialogs, media, ICE and TURN with something wrong in them
          tty         the full screen under a shell: quit, signals, Ctrl-Z, crash, closed terminal, sizes, mouse and paste (needs no root)
          edge        full, closed and stalled outputs, a capture nobody reads, a frozen disk (needs root and loop devices for that one)
          captures    calls of other programs with one fault each: softphone open names it from a capture, and nothing else
          look        a person who looks at what is over: a refused call a minute later, a refused registration, filters, differences, messages (needs no root)
          tui         a person at the full-screen phone: wizard, calls, inspector, conference, transfer, history; against golden screens
          bare        the packaged phone in a Debian that has libssl alone: virtual internet, calls
          windows     the phone for Windows under Wine: virtual internet, calls, sound by WASAPI, first frame (without a name every second day)
          arm64       the native phone for arm64 under QEMU: virtual internet, calls (without a name the other days)
          times       five pairs: time to first audio beside baresip, time of ICE beside aioice
          bench       the same for 25 pairs (--alone: ours only), processor time and memory of a call
          --full      the grids with all 49 pairs each
          --whole     asterisk: twenty calls of each kind, not four; rtpengine, linphone, networks, captures: all cells, not those of the day, which are printed
          --only CELL only the cells with this in their name, such as symmetric/none (peers, grids, failover, times, bench)
        """);
    return args.Contains("--help") ? 0 : 2;
}

if (wanted.Count == 0) wanted.AddRange(parts);
// Each output of each program that runs holds a thread while it is waited for.
ThreadPool.SetMinThreads(32, 32);
var report = new Report(only);
var clock = Stopwatch.StartNew();
var runRoot = Path.Combine(Binary.Repository, "artifacts", "interop");
var labs = new List<Laboratory>();
try
{
    Console.CancelKeyPress += (_, _) => labs.ForEach(l => l.Dispose());
    foreach (var part in wanted)
    {
        Console.WriteLine($"\n== {part}");
        report.Part = part;
        var started = clock.Elapsed;
        try
        {
            Run(part);
        }
        catch (Exception problem)
        {
            // One broken part must not take the laboratory's end, nor the other parts, with it.
            report.Check(false, part, problem.ToString());
        }

        Console.WriteLine($"  {part}: {(clock.Elapsed - started).TotalSeconds:F0} s");
    }
}
finally
{
    labs.ForEach(l => l.Dispose());
}

Console.WriteLine($"\n{clock.Elapsed.TotalSeconds:F0} s");
return report.Close();

void Run(string part)
{
    if (part == "tty")
    {
        TtyTrial.Run(runRoot, report);
        return;
    }

    if (part == "flood")
    {
        FloodTrial.Run(runRoot, report, only);
        return;
    }

    if (part == "attack")
    {
        AttackTrial.Run(runRoot, report, only);
        return;
    }

    if (part == "odd")
    {
        OddTrial.Run(runRoot, report, only);
        return;
    }

    if (part == "look")
    {
        LookBackTrial.Run(runRoot, report);
        return;
    }

    if (part == "edge")
    {
        EdgeTrial.Run(runRoot, report);
        return;
    }

    if (labs.Count == 0) labs.Add(new Laboratory(runRoot));
    var lab = labs[0];
    switch (part)
    {
        case "nat": NatNameTrial.Run(lab, report); break;
        case "peers": PeerTrial.Run(lab, report); break;
        case "failover": FailoverTrial.Run(lab, report); break;
        case "baresip": BaresipTrial.Run(lab, report); break;
        case "asterisk": AsteriskTrial.Run(lab, report, whole); break;
        case "rtpengine": RtpengineTrial.Run(lab, report, whole); break;
        case "linphone": LinphoneTrial.Run(lab, report, whole); break;
        case "failures": FailureTrial.Run(lab, report); break;
        case "networks": NetworksTrial.Run(runRoot, lab, report, whole); break;
        case "row": HangupTrial.Run(lab, report, calls: 20); break;
        case "discovery": DiscoveryTrial.Run(lab, report); break;
        case "serve": ServeTrial.Run(lab, report); break;
        case "relays": RelayCostTrial.Run(lab, report); break;
        case "audio": AudioTrial.Run(lab, report); break;
        case "captures": CaptureTrial.Run(lab, report, whole); break;
        case "tui":
            TuiTrial.Run(lab, report);
            if (!wanted.Contains("look")) LookBackTrial.Run(runRoot, report);
            break;
        case "bare": ForeignTrial.Run(lab, report, ForeignSystem.Bare); break;
        case "windows": ForeignTrial.Run(lab, report, ForeignSystem.Windows); break;
        case "arm64": ForeignTrial.Run(lab, report, ForeignSystem.Arm64); break;
        case "times": BenchTrial.Run(lab, report, BenchTrial.Telling, withPeers: true, withCost: false); break;
        case "bench": BenchTrial.Run(lab, report, BenchTrial.All, withPeers: !args.Contains("--alone"), withCost: true); break;
        default:
            if (labs.Count == 1) labs.Add(new Laboratory(runRoot, "b"));
            GridTrial.Run(labs, report, GridPass.Passes.Single(p => p.Name == part), full);
            break;
    }
}
