using System.Globalization;
using Softphone.Core;

namespace Softphone.Sip;

/// <summary>
/// The session timer (RFC 4028): servers on the way forget a call that nobody refreshes. Whoever is the refresher sends UPDATE, or a re-INVITE
/// to a peer without it, after half the interval; the other hangs up shortly before the end. Every offer and its answer refresh it too.
/// </summary>
internal sealed partial class Session
{
    /// <summary>The least interval that we take (§5).</summary>
    public const uint LeastInterval = 90;

    /// <summary>Whatever a peer says, we refresh no more often than at half of this.</summary>
    private const uint ShortestInterval = 20;

    private const uint LongestInterval = 7 * 86_400;

    private TimeSpan? _interval;
    private bool _weRefresh;
    private string? _minSE;

    /// <summary>What holds now; null without a timer.</summary>
    public SessionTimer? Timer => _interval is { } interval && core.Timers.DueOf((this, _weRefresh ? SipTimer.SessionRefresh : SipTimer.SessionEnd)) is { } due
        ? new SessionTimer(interval, _weRefresh, due)
        : null;

    /// <summary>Asks for a timer in the first INVITE; who refreshes is left to the callee (§7.1).</summary>
    private void AskForTimer(SipRequest invite)
    {
        if (core.Options.SessionExpires is { } wanted) invite.Headers.Add(HeaderName.SessionExpires, Seconds(wanted));
    }

    /// <summary>A request that refreshes the session keeps its timer and who refreshes (§7.4).</summary>
    private void KeepTimer(SipRequest request)
    {
        if (_interval is not { } interval) return;
        request.Headers.Add(HeaderName.SessionExpires, $"{Seconds(interval)};refresher={(_weRefresh ? "uac" : "uas")}");
        if (_minSE is { } least) request.Headers.Add(HeaderName.MinSE, least);
    }

    /// <summary>The answer to such a request of ours says what holds; without Session-Expires the session has no end (§7.2).</summary>
    private void LearnTimer(Instant now, Exchange exchange, SipResponse response)
    {
        // A 422 on the way has taught us what servers want.
        if (exchange.Template.Headers.Get(HeaderName.MinSE) is { } least) _minSE = least;
        if (_isEnded) return;
        if (TryInterval(response, out var interval, out var refresher)) StartTimer(now, interval, weRefresh: refresher != "uas");
        else StopTimer();
    }

    /// <summary>The timer that the peer asks for goes into our 2xx (§9); one that it does not ask for is none.</summary>
    private void GrantTimer(Instant now, SipRequest request, SipResponse response)
    {
        if (!TryInterval(request, out var interval, out var refresher))
        {
            StopTimer();
            return;
        }

        // A proxy may have asked in the name of a caller that knows no timers; then the refreshing is ours.
        var peerKnows = request.Headers.Supported.Contains("timer", StringComparer.OrdinalIgnoreCase);
        var weRefresh = !peerKnows || refresher == "uas";
        response.Headers.Add(HeaderName.SessionExpires, $"{Seconds(interval)};refresher={(weRefresh ? "uas" : "uac")}");
        if (!weRefresh) response.Headers.Add(HeaderName.Require, "timer");
        StartTimer(now, interval, weRefresh);
    }

    private void StartTimer(Instant now, TimeSpan interval, bool weRefresh)
    {
        (_interval, _weRefresh) = (interval, weRefresh);
        var margin = interval / 3 < TimeSpan.FromSeconds(32) ? interval / 3 : TimeSpan.FromSeconds(32);
        core.Timers.Set((this, SipTimer.SessionEnd), now + (weRefresh ? interval : interval - margin));
        if (weRefresh) core.Timers.Set((this, SipTimer.SessionRefresh), now + interval / 2);
        else core.Timers.Cancel((this, SipTimer.SessionRefresh));
    }

    private void StopTimer()
    {
        _interval = null;
        core.Timers.Cancel((this, SipTimer.SessionRefresh));
        core.Timers.Cancel((this, SipTimer.SessionEnd));
    }

    /// <summary>By UPDATE without an offer where the peer allows it; else the owner makes an offer. Tried again until the session's end.</summary>
    private void RefreshSession(Instant now)
    {
        if (_isEnded || _interval is not { } interval) return;
        core.Timers.Set((this, SipTimer.SessionRefresh), now + TimeSpan.FromSeconds(Math.Clamp(interval.TotalSeconds / 10, 5, 60)));
        // An offer that is under way refreshes it.
        if (_offer is not null || _server is not null || _update is not null) return;
        if (!RefreshTarget(now)) core.Emit(new SipEvent.RefreshDue(Id));
    }

    private void OnRefreshFinal(Instant now, Exchange exchange, SipResponse response)
    {
        if (exchange.Dialog != _dialog) return;
        if (response.IsSuccess)
        {
            _dialog?.Refresh(response);
            LearnTimer(now, exchange, response);
            Reached(now, exchange.Transaction);
        }
        else if (response.Status is 405 or 501)
        {
            _hasNoUpdate = true;
            RefreshSession(now);
        }
        else
        {
            EndIfUnknown(now, exchange, response);
            if (response.Status == 408) TellAgain();
        }
    }

    private void OnRefreshUnanswered(Instant now, int status)
    {
        RetryFlow(now);
        if (status != 408) return;
        _hasNoUpdate = true;
        if (_interval is null) TellAgain();
        else RefreshSession(now);
    }

    /// <summary>The peer still knows our former target: the owner's next offer tells the new one.</summary>
    private void TellAgain()
    {
        if (_isKept && !_isEnded) core.Emit(new SipEvent.RefreshDue(Id));
    }

    /// <summary>Nobody has refreshed it: for the servers on the way the call is over (§10).</summary>
    // DEVIATION: RFC 4028 §10 says BYE here. Servers that are down take the refreshes and not the media: who hears it decides
    // (OutlivingTests.Server_GoneWhileMediaFlows_TheCallGoesOnAndIsHungUpInTheEnd).
    private void ExpireSession(Instant now)
    {
        if (_isEnded) return;
        if (_isKept)
        {
            core.Timers.Set((this, SipTimer.SessionEnd), now + TimeSpan.FromSeconds(LeastInterval));
            Doubt(now, null, 408, "Session Timer Expired", SipFaults.SessionExpired(_weRefresh));
            return;
        }

        SendBye(now, "SIP;cause=408;text=\"Session timer expired\"");
        End(now, EndCause.Error, 408, "Session Timer Expired", SipFaults.SessionExpired(_weRefresh));
    }

    private static bool TryInterval(SipMessage message, out TimeSpan interval, out string? refresher)
    {
        (interval, refresher) = (default, null);
        if (!message.Headers.TryValue(HeaderName.SessionExpires, out var text, out var parameters) || !Grammar.TryNumber(text, out var seconds)) return false;
        interval = TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestInterval, LongestInterval));
        refresher = parameters["refresher"]?.ToLowerInvariant();
        return true;
    }

    private static string Seconds(TimeSpan time) => ((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
