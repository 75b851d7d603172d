namespace Softphone.Captures;

/// <summary>The two ends of a call.</summary>
public enum Party
{
    Caller,
    Callee,
}

internal static class Parties
{
    public static Party Other(this Party party) => party == Party.Caller ? Party.Callee : Party.Caller;

    public static string Name(this Party party) => party == Party.Caller ? "the caller" : "the callee";
}
