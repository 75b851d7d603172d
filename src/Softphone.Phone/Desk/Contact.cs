namespace Softphone.Phone;

/// <summary>Somebody to call.</summary>
/// <param name="Name">As it is shown.</param>
/// <param name="Uri">A SIP URI or a number.</param>
/// <param name="Account">The account to call with; null takes the one in use.</param>
public sealed record Contact(string Name, string Uri, string? Account = null);
