namespace Softphone.Lab;

/// <summary>Which kinds of candidates a side has told the other.</summary>
[Flags]
internal enum CandidateKinds
{
    None = 0,
    Host = 1,
    Reflexive = 2,
    Relayed = 4,
    All = Host | Reflexive | Relayed,
}
