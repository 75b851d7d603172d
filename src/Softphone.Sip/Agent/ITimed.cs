using Softphone.Core;

namespace Softphone.Sip;

/// <summary>An owner of timers in <see cref="AgentCore.Timers"/>.</summary>
internal interface ITimed
{
    void OnTimer(Instant now, SipTimer timer);
}
