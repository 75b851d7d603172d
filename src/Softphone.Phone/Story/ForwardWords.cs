using Softphone.Sip;

namespace Softphone.Phone;

/// <summary>Why a call was sent here, in words.</summary>
public static class ForwardWords
{
    /// <summary>One word, of a fixed list; null where it is not told.</summary>
    public static string? Word(ForwardReason why) => why switch
    {
        ForwardReason.Busy => "busy",
        ForwardReason.NoAnswer => "no-answer",
        ForwardReason.Always => "always",
        ForwardReason.Deflected => "deflected",
        ForwardReason.Away => "away",
        ForwardReason.OutOfService => "out-of-service",
        _ => null,
    };

    /// <summary>Who sent it here, as it may be shown.</summary>
    public static string By(CallForwarding forwarding) => PhoneMachine.Shown(forwarding.By.Uri);

    /// <summary>"sent here by sip:200@pbx.example.net (no answer)", for a person.</summary>
    public static string Of(CallForwarding forwarding) =>
        $"sent here by {By(forwarding)}{(Word(forwarding.Why) is { } word ? $" ({word.Replace('-', ' ')})" : "")}";
}
