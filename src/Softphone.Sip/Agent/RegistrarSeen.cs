using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Where the registrar of an account was asked last, by which path, and when it was heard last.</summary>
public readonly record struct RegistrarSeen(PathId Path, Address Server, Transport Transport, Instant? HeardAt);
