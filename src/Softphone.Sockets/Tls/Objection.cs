namespace Softphone.Sockets;

/// <summary>What is wrong with a server's certificate, and the way out.</summary>
internal sealed record Objection(string What, string Remedy);
