using System.Net;

namespace Softphone.Interop;

/// <summary>A peer that the phone calls, and that answers with what it is told to.</summary>
internal sealed class OddAnswerer : IDisposable
{
    private readonly Stranger _signalling = new("127.0.0.1");

    /// <param name="field">Where.</param>
    /// <param name="arguments">Of `call`, besides the target.</param>
    public OddAnswerer(AttackField field, params IEnumerable<string> arguments)
    {
        Phone = PhoneProcess.Here(field.Variables(), ["call", $"sip:bob@{_signalling.Here}", "--audio", "null", .. arguments]);
        Invite = _signalling.Wait(AttackField.Patience, m => m.Status == 0 && m.Method == "INVITE");
    }

    public PhoneProcess Phone { get; }

    /// <summary>Null when none came.</summary>
    public WireMessage? Invite { get; }

    /// <summary>Where it takes audio.</summary>
    public Stranger Audio { get; } = new("127.0.0.1");

    public IPEndPoint Here => _signalling.Here;

    /// <summary>Answers, and waits for the ACK; null when none came.</summary>
    public WireMessage? Answer(string description, string headers = "", string status = "200 OK")
    {
        if (Invite is null) return null;
        var contact = headers.Contains("Contact:", StringComparison.Ordinal) ? "" : $"Contact: <sip:bob@{Here}>\r\n";
        _signalling.Send(Invite.Response(status, $"{contact}{headers}Content-Type: application/sdp\r\n", description), Invite.From);
        return status.StartsWith('1') ? null : _signalling.Wait(TimeSpan.FromSeconds(10), m => m.Method == "ACK");
    }

    /// <summary>The first request after the ACK, BYE as a rule, answered; null when none came in this time.</summary>
    public WireMessage? Next(TimeSpan limit)
    {
        var next = _signalling.Wait(limit, m => m.Status == 0 && m.Method is not ("ACK" or "INVITE"));
        if (next is not null) _signalling.Send(next.Response("200 OK"), next.From);
        return next;
    }

    public void Dispose()
    {
        Phone.Dispose();
        Audio.Dispose();
        _signalling.Dispose();
    }
}
