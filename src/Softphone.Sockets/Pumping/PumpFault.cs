namespace Softphone.Sockets;

/// <summary>One input at which the machine, a callback or a posted action threw; the pump goes on.</summary>
/// <param name="Where">What was under way.</param>
/// <param name="Error">What was thrown.</param>
public sealed record PumpFault(string Where, Exception Error);
