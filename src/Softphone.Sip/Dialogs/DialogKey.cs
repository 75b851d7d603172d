namespace Softphone.Sip;

/// <summary>What identifies a dialog at our end (RFC 3261 §12).</summary>
internal readonly record struct DialogKey(string CallId, string LocalTag, string RemoteTag);
