using System.Diagnostics.CodeAnalysis;
using Softphone.Core;
using Softphone.Media;
using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>The passwords of one profile, as the shell fetched them. In no text form.</summary>
/// <param name="Account">The SIP password; empty when there is none.</param>
/// <param name="Turn">One for each entry of nat.turn, in order: its password or its shared secret.</param>
public sealed record ProfileSecrets(string Account, IReadOnlyList<string> Turn)
{
    /// <summary>The wall clock at that moment: credentials made of a shared secret count from here.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    public override string ToString() => "(hidden)";
}

/// <summary>Turns a profile and its passwords into what a <see cref="PhoneMachine"/> is made from.</summary>
/// <param name="Options">How the phone behaves.</param>
/// <param name="Account">Who it is.</param>
/// <param name="Notes">What of the profile cannot be had, for the person to know; the phone works without.</param>
public sealed record PhoneSetup(PhoneOptions Options, SipAccount Account, IReadOnlyList<Fault> Notes)
{
    public static bool TryFrom(
        Profile profile, ProfileSecrets secrets, [NotNullWhen(true)] out PhoneSetup? setup, [NotNullWhen(false)] out Fault? fault)
    {
        setup = null;
        if (!TryUri("account.uri", profile.Account.Uri, out var aor, out fault)) return false;
        SipUri? registrar = null, proxy = null;
        if (profile.Account.Registrar is { } r && !TryUri("account.registrar", r, out registrar, out fault)) return false;
        if (profile.Account.OutboundProxy is { } p && !TryUri("account.outbound-proxy", p, out proxy, out fault)) return false;
        if (profile.Media.Srtp == SrtpMode.Dtls && !DtlsIdentity.IsAvailable)
        {
            fault = new Fault(Layer.Profile, $"media.srtp: dtls cannot be had: {DtlsIdentity.Missing.What}", DtlsIdentity.Missing.Remedy);
            return false;
        }

        var firstHop = proxy ?? registrar ?? aor;
        var showsKeys = profile.Media.SrtpOverPlainSip || TransportOf(firstHop) == Transport.Tls;
        if (profile.Media.Srtp == SrtpMode.Sdes && !showsKeys)
        {
            fault = new Fault(Layer.Profile, $"media.srtp: sdes tells the keys in SIP, and SIP to {firstHop.Host} is not sure to be encrypted: who sees it can hear the calls",
                "let SIP go over TLS (;transport=tls at account.outbound-proxy or account.registrar, without either at account.uri), or set media.srtp-over-plain-sip to true");
            return false;
        }

        var preset = PresetBehaviour.Of(profile.Account.Preset);
        var notes = new List<Fault>();
        var options = new PhoneOptions
        {
            Nat = NatOf(profile, secrets, preset),
            Codecs = profile.Media.Codecs,
            Keys = profile.Media.Dtmf,
            Referrals = profile.Account.Transfers,
            Mux = preset.Mux,
            Srtp = profile.Media.Srtp,
            ShowsKeys = showsKeys,
            StrictIce = preset.StrictIce,
            TlsDomain = firstHop.Host,
            ServerHint = preset.ServerHint,
            RingFor = profile.Call.RingFor,
            Manners = profile.Call.Manners,
            SilenceLimit = profile.Call.SilenceLimit,
            JitterBuffer = (profile.Media.JitterBuffer.Least, profile.Media.JitterBuffer.Most),
            SipTransports = TransportOf(firstHop) switch
            {
                Transport.Udp => SipTransports.Udp,
                Transport.Tcp => SipTransports.Tcp,
                Transport.Tls => SipTransports.Tls,
                _ => SipTransports.Any,
            },
        };
        if (profile.Call.Limit is { } limit) options = options with { CallLimit = limit };
        if (profile.Account.Keepalive is { } pause) options = options with { Sip = options.Sip with { UdpKeepalive = pause, StreamKeepalive = pause } };
        var account = new SipAccount
        {
            Aor = aor,
            DisplayName = profile.Account.DisplayName ?? "",
            AuthUser = profile.Account.AuthUser ?? "",
            Password = secrets.Account,
            Digest = profile.Account.Digest,
            Registrar = registrar,
            OutboundProxy = proxy,
            Expires = TimeSpan.FromSeconds(profile.Account.Expires),
            Transport = TransportOf(firstHop),
            ProbesTransport = true,
            CallsFrom = profile.Account.CallsFrom,
            TakesAnyUser = profile.Account.TakesAnyUser,
            IsPrivate = profile.Account.IsPrivate,
            Provisionals = profile.Account.ReliableProvisionals ?? preset.Provisionals,
        };
        setup = new PhoneSetup(options, account, notes);
        return true;
    }

    private static NatSettings NatOf(Profile profile, ProfileSecrets secrets, PresetBehaviour preset)
    {
        return new NatSettings
        {
            Mode = profile.Nat.Mode == NatMode.Auto && !preset.UsesIce ? NatMode.None : profile.Nat.Mode,
            StunServers = [.. profile.Nat.Stun.Where(s => s.Transport == Transport.Udp).Select(NameOf)],
            TurnServers = TurnAccounts.Of(profile, secrets, secrets.FetchedAt),
            Mobility = profile.Nat.Mobility,
            SkipInterfaces = profile.Nat.SkipInterfaces,
            GatherBudget = profile.Nat.GatherBudget,
            Tcp = profile.Nat.Tcp,
        };
    }

    private static ServerName NameOf(ServerUri uri) => new(uri.Host, uri.Port) { IsService = uri.IsService };

    private static Transport? TransportOf(SipUri uri) => uri.IsSips ? Transport.Tls : uri.TransportName switch
    {
        "udp" => Transport.Udp,
        "tcp" => Transport.Tcp,
        "tls" => Transport.Tls,
        _ => null,
    };

    private static bool TryUri(string key, string text, [NotNullWhen(true)] out SipUri? uri, [NotNullWhen(false)] out Fault? fault)
    {
        fault = null;
        if (SipUri.TryParse(text, out uri, out var error)) return true;
        fault = new Fault(Layer.Profile, $"{key}: {text} is not a SIP URI ({error})", "write sip:user@host");
        return false;
    }
}
