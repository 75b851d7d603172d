namespace Softphone.Phone;

/// <summary>Whose network, server or setting is spoken of.</summary>
public enum Side
{
    Ours,
    Peer,
    Both,
}
