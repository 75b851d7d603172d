using System.Globalization;
using Softphone.Core;
using Softphone.Media;
using Softphone.Phone;
using Softphone.Sdp;

namespace Softphone.Lab;

/// <summary>Reads one phone of a scenario file.</summary>
internal static class PhoneReader
{
    private static readonly Dictionary<string, NatMode> Modes = new()
    {
        ["auto"] = NatMode.Auto,
        ["ice"] = NatMode.Ice,
        ["relay"] = NatMode.Relay,
        ["none"] = NatMode.None,
    };

    private static readonly Dictionary<string, SipTransports> Transports = new()
    {
        ["udp"] = SipTransports.Udp,
        ["tcp"] = SipTransports.Tcp,
        ["udp+tcp"] = SipTransports.UdpAndTcp,
    };

    /// <summary>What certificates of the laboratory count their days from.</summary>
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, SrtpMode> Encryptions = new()
    {
        ["off"] = SrtpMode.Off,
        ["try"] = SrtpMode.Try,
        ["sdes"] = SrtpMode.Sdes,
        ["dtls"] = SrtpMode.Dtls,
    };

    public static ScenarioPhone Read(string name, YamlSection section, IReadOnlyList<string> networks)
    {
        var usual = new PhoneOptions();
        var (answers, refuses) = Answering(section);
        var phone = new ScenarioPhone(name)
        {
            Networks = networks,
            Line = NetworkReader.Line(section, "line", Link.Perfect),
            Options = usual with
            {
                Codecs = Codecs(section) ?? usual.Codecs,
                Mux = section.Flag("mux") ?? true ? RtcpMuxPolicy.Offer : RtcpMuxPolicy.Off,
                StrictIce = section.Flag("strict-ice") ?? false,
                Srtp = section.Choice("srtp", Encryptions) ?? usual.Srtp,
                Nat = usual.Nat with
                {
                    Mode = section.Choice("ice", Modes) ?? usual.Nat.Mode,
                    GatherBudget = section.Time("gather-budget") ?? usual.Nat.GatherBudget,
                },
            },
            Sip = section.Choice("sip", Transports),
            UsesStun = section.Flag("stun") ?? true,
            Turn = Turn(section) ?? [Transport.Udp],
            AnswersAfter = answers,
            Refuses = refuses,
        };
        if (phone.Options.Srtp is SrtpMode.Try or SrtpMode.Dtls && DtlsIdentity.IsAvailable) phone = phone with { Options = phone.Options with { Dtls = DtlsIdentity.Create(Epoch) } };
        else if (phone.Options.Srtp == SrtpMode.Dtls) section.Report(section.Node("srtp")!, $"{DtlsIdentity.Missing.What}; {DtlsIdentity.Missing.Remedy}");
        section.Done();
        return phone;
    }

    private static (TimeSpan? After, int? Status) Answering(YamlSection section)
    {
        switch (section.Text("answers"))
        {
            case null:
                return (TimeSpan.Zero, null);
            case "never":
                return (null, null);
            case var text when DurationText.TryParse(text, out var after):
                return (after, null);
            case var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 400 and <= 699:
                return (null, status);
            case var text:
                section.Report(section.Node("answers")!, $"{section.Within("answers")} \"{text}\" is not allowed: a time such as 1s, never, or a status from 400 to 699");
                return (TimeSpan.Zero, null);
        }
    }

    private static List<Transport>? Turn(YamlSection section)
    {
        var ways = new List<Transport>();
        var words = section.Words("turn");
        if (words is ["false"]) return [];
        foreach (var word in words)
        {
            if (word == "true" && words.Count == 1) return null;
            if (word is "udp" or "tcp" or "tls") ways.Add(word == "udp" ? Transport.Udp : word == "tcp" ? Transport.Tcp : Transport.Tls);
            else section.Report(section.Node("turn")!, $"{section.Within("turn")} \"{word}\" is not allowed: true, false, or a list of udp, tcp, tls");
        }

        return ways.Count == 0 ? null : ways;
    }

    private static List<SdpCodec>? Codecs(YamlSection section)
    {
        var codecs = new List<SdpCodec>();
        foreach (var name in section.Words("codecs"))
        {
            if (SdpCodec.TryFind(name, out var codec)) codecs.Add(codec);
            else section.Report(section.Node("codecs")!, $"{section.Within("codecs")} \"{name}\" is not allowed: opus, g722, pcma, pcmu");
        }

        return codecs.Count == 0 ? null : codecs;
    }
}
