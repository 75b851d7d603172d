using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// INFO in the dialogs of the session: Info Packages both ways, and the older use without one (RFC 6086). Of each dialog one INFO of a
/// package is under way at a time; of those that wait only the newest is sent, which suits packages whose bodies are cumulative
/// (RFC 8840 §4.2).
/// </summary>
internal sealed partial class Session
{
    /// <summary>Contents that phones send without a package and that mean something to us.</summary>
    private static readonly string[] LegacyContents = ["application/dtmf-relay", "application/dtmf"];

    private readonly List<Information> _informing = [];

    /// <summary>An INFO of a package, empty for none, in the dialog of this remote tag; empty for the one that stays.</summary>
    public void Info(Instant now, string tag, string package, string contentType, ReadOnlyMemory<byte> body)
    {
        if (_isEnded || DialogOf(tag) is not { } dialog) return;
        if (_informing.Find(i => i.Dialog == dialog && i.Package == package) is { } open)
        {
            open.Waiting = (contentType, body);
            return;
        }

        var information = new Information(dialog, package);
        _informing.Add(information);
        SendInfo(now, information, contentType, body);
    }

    /// <summary>The dialog of this remote tag, early or not; empty for the one that stays.</summary>
    public Dialog? DialogOf(string tag) =>
        tag.Length == 0 || _dialog?.Key.RemoteTag == tag ? _dialog : _early.Find(tag)?.Dialog;

    private void OnInfo(Instant now, Dialog dialog, Transaction transaction, SipRequest request)
    {
        var contentType = request.Headers.Get(HeaderName.ContentType) ?? "";
        var package = "";
        if (request.Headers.TryValue(HeaderName.InfoPackage, out var named, out _))
        {
            if (!core.Options.InfoPackages.Contains(named, StringComparer.OrdinalIgnoreCase))
            {
                var refusal = core.Response(request, 469);
                refusal.Headers.Add(HeaderName.RecvInfo, string.Join(", ", core.Options.InfoPackages));
                core.Transactions.Respond(now, transaction, refusal);
                return;
            }

            package = named;
        }
        else if (!request.Body.IsEmpty && !(request.Headers.ContentType is { } type && LegacyContents.Any(type.Is)))
        {
            var refusal = core.Response(request, 415);
            refusal.Headers.Add(HeaderName.Accept, string.Join(", ", LegacyContents));
            core.Transactions.Respond(now, transaction, refusal);
            return;
        }

        Respond(now, transaction, 200);
        if (!_isEnded) core.Emit(new SipEvent.InfoReceived(Id, contentType, request.Body) { Package = package, Dialog = dialog.Key.RemoteTag });
    }

    private void SendInfo(Instant now, Information information, string contentType, ReadOnlyMemory<byte> body)
    {
        var request = InDialog(information.Dialog, SipMethod.Info);
        if (information.Package.Length > 0)
        {
            request.Headers.Add(HeaderName.InfoPackage, information.Package);
            request.Headers.Add(HeaderName.ContentDisposition, "Info-Package");
        }

        request.SetBody(contentType, body);
        information.Exchange = new Exchange(core, request, information.Dialog.NextHop, account, information.Dialog, this) { Forced = _forced };
        information.Exchange.Start(now);
    }

    /// <summary>True when the exchange was an INFO; then its outcome is told and the next one goes out.</summary>
    private bool TakeInfoOutcome(Instant now, Exchange exchange, int status)
    {
        if (_informing.Find(i => i.Exchange == exchange) is not { } done) return false;
        var isUsable = status is >= 200 and < 300;
        if (isUsable && !_isEnded && done.Waiting is var (contentType, body))
        {
            done.Waiting = null;
            SendInfo(now, done, contentType, body);
        }
        else
        {
            _informing.Remove(done);
        }

        if (!_isEnded) core.Emit(new SipEvent.InfoAnswered(Id, done.Dialog.Key.RemoteTag, done.Package, status));
        return true;
    }

    /// <summary>What is being told to one dialog by one package.</summary>
    private sealed class Information(Dialog dialog, string package)
    {
        public Dialog Dialog { get; } = dialog;

        public string Package { get; } = package;

        public Exchange? Exchange { get; set; }

        public (string ContentType, ReadOnlyMemory<byte> Body)? Waiting { get; set; }
    }
}
