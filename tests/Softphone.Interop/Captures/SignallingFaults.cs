namespace Softphone.Interop;

/// <summary>Calls and registrations that came to nothing, or not at the first try.</summary>
internal static class SignallingFaults
{
    private const string Silent = "203.0.113.77";

    public static IReadOnlyList<CaptureCell> Cells { get; } =
    [
        new("refused: baresip calls nobody", s => Refused(s, "nobody"), "refused") { Says = "404" },
        new("refused: busy", s =>
        {
            var bob = s.Baresip("hostB", "bob", answers: "manual");
            var alice = s.Baresip("hostA", "alice");
            s.Dial(alice, "bob", answered: false);
            s.Must(bob.WaitFor("ncoming call", TimeSpan.FromSeconds(10)), $"bob is called: {bob.Log}");
            bob.Command("b");
            CaptureScene.Wait(2);
        }, "refused") { Says = "486" },
        new("refused: declined by SIPp", s =>
        {
            s.Callee("hostC", "refuses", ("STATUS", "603 Decline"));
            var caller = s.Caller("hostA", $"{s.Lab.AddressOf("hostC")}:5062", ("ANSWER", "<recv response=\"603\"/>"), ("PLAY", ""), ("BYE", ""), ("TALK", "500"));
            s.Must(caller.Ended(10) == true, "SIPp goes to the end of its scenario");
        }, "refused") { Says = "603" },
        new("refused: linphone calls nobody", s =>
        {
            var phone = s.Linphone("hostA", "carol");
            s.Must(phone.IsRegistered(TimeSpan.FromSeconds(20)), $"linphone registers: {phone.Screen}");
            phone.Call($"sip:nobody@{Laboratory.Domain}");
            CaptureScene.Wait(3);
        }, "refused") { Says = "404" },
        new("an offer without a codec that baresip has", s =>
        {
            s.Baresip("hostB", "bob");
            var caller = s.Caller("hostA", $"{s.Lab.AddressOf("hostB")}:5060", ("AUDIO", "m=audio [rtpstream_audio_port] RTP/AVP 18\na=rtpmap:18 G729/8000"), ("ANSWER", "<recv response=\"488\"/>"), ("PLAY", ""), ("BYE", ""), ("TALK", "500"));
            s.Must(caller.Ended(10) == true, "SIPp goes to the end of its scenario");
        }, "sdp-mismatch") { Says = "488" },
        new("an answer without a codec of the offer", s =>
        {
            s.Callee("hostC", words: [("AUDIO", "m=audio [rtpstream_audio_port] RTP/AVP 8\na=rtpmap:8 PCMA/8000"), ("PLAY", "")]);
            var caller = s.Caller("hostA", $"{s.Lab.AddressOf("hostC")}:5062", ("PLAY", ""));
            s.Must(caller.Ended(20) == true, "SIPp goes to the end of its scenario");
        }, "sdp-mismatch") { Says = "no codec in common" },
        new("retransmitted: the first INVITEs are lost", s =>
        {
            s.Baresip("hostB", "bob");
            var alice = s.Baresip("hostA", "alice");
            s.Block("natA", "udp dport 5060");
            s.Dial(alice, "bob", answered: false);
            CaptureScene.Wait(1.2);
            s.Unblock("natA");
            s.Must(alice.WaitFor("Call established", TimeSpan.FromSeconds(20)), $"the call of baresip is answered: {alice.Log}");
            CaptureScene.Wait(5);
            alice.Command("b");
            CaptureScene.Wait(1);
        }, "retransmitted") { Says = "sent INVITE" },
        new("no answer: a registrar that is not there", s =>
        {
            s.Baresip("hostA", "alice", registrar: Silent, registers: false);
            CaptureScene.Wait(6);
        }, "no-answer") { Says = Silent },
        new("wrong credentials of baresip", s =>
        {
            s.Baresip("hostA", "alice", password: "not-it", registers: false);
            CaptureScene.Wait(4);
        }, "wrong-credentials") { Says = "alice" },
        new("wrong credentials of linphone", s =>
        {
            s.Linphone("hostA", "carol", password: "not-it");
            CaptureScene.Wait(4);
        }, "wrong-credentials") { Says = "carol" },
        new("an answer that is never acknowledged", s =>
        {
            s.Baresip("hostB", "bob");
            var caller = s.Caller("hostA", $"{s.Lab.AddressOf("hostB")}:5060", ("ACK", ""), ("BYE", ""), ("TALK", "9000"));
            s.Must(caller.Ended(20) == true, "SIPp goes to the end of its scenario");
        }, "ack-missing"),
        new("a registration that runs out", s =>
        {
            var (credentials, address) = (Path.Combine(s.Folder, "credentials.csv"), s.Lab.AddressOf("hostA"));
            File.WriteAllText(credentials, $"SEQUENTIAL\n[authentication username=dave password=dave-secret];{Laboratory.Domain};10\n");
            var said = s.Run("hostA", 15, "sipp", Laboratory.Registrar, "-sf", Path.Combine(AppContext.BaseDirectory, "Kernel", "sipp", "register.xml"), "-inf", credentials, "-s", "dave", "-i", address, "-p", "5064", "-m", "1", "-nostdin");
            CaptureScene.Wait(13);
            // The capture goes on only with what passes.
            s.Datagram("hostA", Laboratory.Registrar, 9, "xxxxxxxxxxxxxxxxxxxx");
            CaptureScene.Wait(0.5);
            s.Must(said.Contains("Successful", StringComparison.OrdinalIgnoreCase), said);
        }, "registration-expired") { Says = "granted for 10 s" },
        new("a message without what every message has", s =>
        {
            s.Baresip("hostA", "alice");
            s.Datagram("hostA", Laboratory.Registrar, 5060, "INVITE sip:bob@lab.test SIP/2.0\\r\\nthis is no header\\r\\n\\r\\n");
            CaptureScene.Wait(1);
        }, "malformed") { Says = "lacks Via" },
        new("a message that is none", s =>
        {
            s.Baresip("hostA", "alice");
            s.Datagram("hostA", Laboratory.Registrar, 5060, "INVITE sip:bob@lab.test\\r\\nVia: SIP/2.0/UDP x\\r\\n\\r\\n");
            CaptureScene.Wait(1);
        }, "unreadable"),
        new("cancelled before the answer, nothing wrong", s =>
        {
            var bob = s.Baresip("hostB", "bob", answers: "manual");
            var alice = s.Baresip("hostA", "alice");
            s.Dial(alice, "bob", answered: false);
            s.Must(bob.WaitFor("ncoming call", TimeSpan.FromSeconds(10)), $"bob is called: {bob.Log}");
            CaptureScene.Wait(1);
            alice.Command("b");
            CaptureScene.Wait(2);
        }),
    ];

    private static void Refused(CaptureScene scene, string user)
    {
        var alice = scene.Baresip("hostA", "alice");
        scene.Dial(alice, user, answered: false);
        CaptureScene.Wait(3);
    }
}
