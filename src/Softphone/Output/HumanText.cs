using System.Text;
using Softphone.Core;
using static Softphone.Cli.PlainLine;

namespace Softphone.Cli;

/// <summary>One plain line for each event that a person wants to see.</summary>
internal static class HumanText
{
    public static string? Of(OutputEvent happened) => happened switch
    {
        OutputEvent.Registration e => Registration(e),
        OutputEvent.Listening e => Fill($"listening at {e.Addr} by {e.Transport}"),
        OutputEvent.OptionsAnswer e => Asked(e),
        OutputEvent.ServerSilent e => Fill($"server    {e.Reason}; {e.Instead} answered, and is used"),
        OutputEvent.ServerWay { Found: "stream-chosen" } e => Fill($"server    {e.Reason}"),
        OutputEvent.ServerWay e => Fill($"server    {e.Reason} ({e.Remedy})"),
        OutputEvent.Rewritten e => Fill($"sip       {e.Reason} ({e.Remedy})"),
        OutputEvent.WayChanged e => Fill($"network   {e.Reason}; {e.To} is used ({e.Remedy})"),
        OutputEvent.CallRefused e => Fill($"refused   {e.Status} to {e.Peer} at {e.Addr}, who calls {e.Target}: {(e.Demands is null ? Refused(e.Why) : Fill($"it demands {e.Demands}, which this version does not have"))}{(e.Count > 1 ? Fill($" ({e.Count} such calls so far)") : "")}"),
        OutputEvent.CallState { State: "ended" } => null,
        OutputEvent.CallState e => Fill($"call      {e.State} {(e.Direction == "incoming" ? "from" : "to")} {e.Peer}{Status(e.Status, e.Reason)}{Forwarded(e)}"),
        // RTCP has the same candidates on the next port, as a rule.
        OutputEvent.IceCandidate { Component: not 1 } => null,
        OutputEvent.IceCandidate e => Fill($"candidate {e.Side} {e.Type} {e.Addr}{(e.Server is null ? "" : $" by {e.Server}")}{Extra("after", e.AfterMs, " ms")}"),
        OutputEvent.IcePair => null,
        OutputEvent.MediaSilent e => $"media     nothing heard for {e.SilentS:0} s: the call ends in {e.EndsInS:0} s if that goes on (call.silence-limit)",
        OutputEvent.CallSecurityChange { Weakened: true } => "secure    NOT any more: the other side ended the encryption of this call, and others may hear it",
        OutputEvent.CallSecurityChange { Srtp: { } suite } e => Fill($"secure    media is encrypted: SRTP {suite}{(e.SrtpBy is null ? "" : Fill($", keys by {e.SrtpBy}"))}"),
        OutputEvent.CallSecurityChange => "secure    media is plain RTP",
        OutputEvent.MediaContested e => $"media     {e.First} and {e.Second} both send audio for this call, and the other side named neither: neither is heard",
        OutputEvent.IceState e => Fill($"ice       {e.State}{(e.Role is null ? "" : $", {e.Role}")}"),
        OutputEvent.IceSelected e => Fill($"path      {Name(e.Component)} {e.Path}: {e.Local.Type} {e.Local.Addr} to {e.Remote.Type} {e.Remote.Addr}{Extra("rtt", e.RttMs, " ms")}{Extra("found in", e.IceMs, " ms")}"),
        OutputEvent.Media e => Fill($"media     {e.Codec} sent {Flow(e.Tx)}; heard {Flow(e.Rx)}{Extra("rtt", e.RttMs, " ms")}{Extra("playout", e.PlayoutMs, " ms")}{Extra("MOS", e.Recent is { } recent ? recent.Mos : e.Mos, "")}"),
        OutputEvent.Dtmf e => Fill($"key       {e.Digit} ({e.DurationMs} ms, {e.Via})"),
        OutputEvent.Refer e => Fill($"transfer  the peer wants us to call {e.Target}{(e.NewCall is null ? ": declined" : "")}"),
        OutputEvent.CallReplaced e => Fill($"call      goes on as {e.By}"),
        OutputEvent.Message { Direction: "incoming" } e => Fill($"message   from {e.Peer}: {e.Text}"),
        OutputEvent.Message { Status: < 300 } e => Fill($"message   to {e.Peer}: {(e.Status == 202 ? "kept by a server for later" : "delivered")} after {e.Ms:0.#} ms"),
        OutputEvent.Message e => Fill($"message   to {e.Peer}: not delivered{Status(e.Status, e.Reason)}"),
        OutputEvent.Messages e => Fill($"messages  {e.New} new, {e.Old} old"),
        OutputEvent.CallEnd e => End(e),
        OutputEvent.Explain e => PlainText.Line(e.Text),
        OutputEvent.ExplainCell e => Fill($"{(e.Ok ? "ok  " : "FAIL")} {e.A} to {e.B}, {e.Side}: {e.Text}"),
        OutputEvent.TurnTest e => Turn(e),
        OutputEvent.MatrixCell e => Fill($"{(e.Ok ? "ok  " : "FAIL")} {e.A} and {e.B}{(e.SameNat ? ", same NAT" : "")}{(e.Turn ? ", TURN" : "")}: {e.Path ?? "none"}, expected {e.Expected}{Extra("media after", e.MediaRtt, " round trips")}"),
        OutputEvent.Nat e => Nat(e),
        OutputEvent.Scenario e => Scenario(e),
        OutputEvent.ServeReady or OutputEvent.ServeRegistration or OutputEvent.ServeAllocation or OutputEvent.ServeCall or OutputEvent.ServeEnd => ServeText.Of(happened),
        OutputEvent.Device or OutputEvent.DeviceChange or OutputEvent.DeviceLevel or OutputEvent.DeviceLoopback or OutputEvent.CodecLibrary => DeviceText.Of(happened),
        _ => null,
    };

    private static string Refused(string why) => why switch
    {
        "busy" => "as many calls as may be are going on (call.limit)",
        "do-not-disturb" => "do-not-disturb is on (call.do-not-disturb)",
        "forwarded" => "calls are sent elsewhere (call.forward-always, call.forward-busy)",
        "unknown-user" => "nobody of that name is here",
        _ => "it came past the account's servers (account.calls-from: anyone would let it ring)",
    };

    private static string Registration(OutputEvent.Registration e)
    {
        var server = e.Server is null ? "" : $" at {e.Server}";
        return e.State switch
        {
            "registered" => Fill($"account   {e.Aor} registered{server}{(e.ExpiresS is { } s ? Fill($" for {s} s") : "")}{(e.Contact is null ? "" : $" as {e.Contact}")}"),
            "failed" => Fill($"account   {e.Aor} not registered{server}{Status(e.IsUnanswered ? null : e.Status, e.Reason)}"),
            _ => Fill($"account   {e.Aor} {e.State}{server}"),
        };
    }

    private static string Asked(OutputEvent.OptionsAnswer e) => e.Status is null
        ? Fill($"{e.Target} did not answer: {e.Reason}")
        : Fill($"{e.Target} answered {e.Status} {e.Reason} after {e.Ms:0.#} ms{(e.Allow is null ? "" : $"; it allows {string.Join(',', e.Allow)}")}{(e.Server is null ? "" : $"; it is {e.Server}")}");

    private static string End(OutputEvent.CallEnd e)
    {
        var text = new StringBuilder();
        text.Append(Fill($"ended     {e.Status} {e.Reason} ({e.Cause}), audio {e.Audio}"));
        if (e.Path is not null) text.Append(Fill($", path {e.Path}"));
        if (e.Codec is not null) text.Append(Fill($", {e.Codec}"));
        if (e.Srtp is not null) text.Append(Fill($", SRTP {e.Srtp}"));
        text.Append(Extra("answered in", e.SetupMs, " ms")).Append(Extra("ICE", e.IceMs, " ms")).Append(Extra("audio after", e.MediaMs, " ms")).Append(Extra("MOS", e.Mos, ""));
        foreach (var strange in e.NotAgreed ?? [])
            text.Append(Fill($", {strange.Packets} packet{(strange.Packets == 1 ? "" : "s")} of payload type {strange.Pt}, which nobody agreed on"));
        foreach (var dropped in e.Dropped ?? []) text.Append(Fill($"\ndropped   {dropped.Count} from {dropped.From ?? "others"}: {dropped.Why}"));
        foreach (var failed in e.Expect.Failed) text.Append('\n').Append("expect    ").Append(PlainText.Line(failed));
        return text.ToString();
    }

    private static string Nat(OutputEvent.Nat e)
    {
        var text = new StringBuilder();
        text.Append(Fill($"nat       {e.Classic}"));
        if (e.Mapped is not null) text.Append(Fill($", seen as {e.Mapped}"));
        text.Append(Fill($"\nmapping   {e.Mapping ?? "unknown"}"));
        text.Append(Fill($"\nfiltering {e.Filtering ?? "unknown"}"));
        if (e.Hairpin is { } hairpin) text.Append(Fill($"\nhairpin   {(hairpin ? "yes" : "no")}"));
        if (e.Fragments is { } fragments) text.Append(Fill($"\nfragments {(fragments ? "pass" : "do not pass")}"));
        if (e.Alg == true) text.Append("\nalg       addresses inside packets are rewritten");
        if (e.SipAlg is { } rewrites) text.Append(rewrites ? "\nsip alg   SIP over UDP is rewritten" : "\nsip alg   none");
        if (e.LifetimeS is { } lifetime) text.Append(Fill($"\nlifetime  {lifetime} s"));
        foreach (var line in e.Evidence) text.Append(Fill($"\n  {line}"));
        return text.ToString();
    }

    private static string Scenario(OutputEvent.Scenario e)
    {
        var text = new StringBuilder();
        text.Append(Fill($"{(e.Ok ? "ok  " : "FAIL")}  {e.Name}{(e.VirtualS is { } s ? Fill($", {s:0.#} s") : "")}  ({e.File})"));
        foreach (var failed in e.Failed) text.Append('\n').Append("      ").Append(PlainText.Line(failed));
        if (!e.Ok && e.Dropped is not null) text.Append('\n').Append("      dropped on the way: ").Append(PlainText.Line(e.Dropped));
        return text.ToString();
    }

    private static string Turn(OutputEvent.TurnTest e)
    {
        var text = new StringBuilder();
        text.Append(Fill($"turn      {e.Server} by {e.Transport}: {(e.Ok ? "works" : e.Reason)}"));
        if (e.Relay is not null) text.Append(Fill($"\nrelay     {e.Relay}{Extra("after", e.AllocateMs, " ms")}{Extra("path after another", e.PathMs, " ms")}"));
        if (e.Sent is not null) text.Append(Fill($"\necho      {e.Received} of {e.Sent} packets{Extra("lost", e.LossPct, " %")}{Extra("rtt", e.RttMs, " ms")} ({e.RttMinMs:0.##} to {e.RttMaxMs:0.##})"));
        return text.ToString();
    }

    private static string Flow(OutputEvent.Flow flow) =>
        Fill($"{flow.Packets} packets, {flow.LossPct:0.#}% lost{Extra("jitter", flow.JitterMs, " ms")}");

    private static string Name(int component) => component switch
    {
        1 => "rtp",
        2 => "rtcp",
        _ => Fill($"component {component}"),
    };

    private static string Forwarded(OutputEvent.CallState e) =>
        e.ForwardedBy is null ? "" : $", sent here by {e.ForwardedBy}{(e.ForwardedWhy is { } why ? $" ({why.Replace('-', ' ')})" : "")}";

    private static string Status(int? status, string? reason) =>
        status is null ? reason is null or "" ? "" : Fill($": {reason}") : Fill($": {status} {reason}").TrimEnd();

    private static string Extra(string what, double? value, string unit) => value is null ? "" : Fill($", {what} {value:0.##}{unit}");
}
