using Softphone.Core;

namespace Softphone.Sip;

/// <summary>One place to send a request to, as RFC 3263 found it.</summary>
internal readonly record struct Target(Transport Transport, Address Address);
