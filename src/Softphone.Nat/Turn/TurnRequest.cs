using Softphone.Core;

namespace Softphone.Nat;

/// <summary>One thing that a TURN client wants of its server, over as many transactions as the challenges take.</summary>
internal sealed class TurnRequest(TurnRequest.Wish wish)
{
    public enum Wish
    {
        Allocate,
        Refresh,

        /// <summary>A Refresh from another socket, with the ticket.</summary>
        Move,
        Delete,
        Permit,
        Bind,
    }

    public Wish What { get; } = wish;

    public StunMethod Method => What switch
    {
        Wish.Allocate => StunMethod.Allocate,
        Wish.Permit => StunMethod.CreatePermission,
        Wish.Bind => StunMethod.ChannelBind,
        _ => StunMethod.Refresh,
    };

    /// <summary>Whom a CreatePermission is for.</summary>
    public IpAddress[] Peers { get; init; } = [];

    /// <summary>Which channel a ChannelBind is for.</summary>
    public int Channel { get; init; }

    /// <summary>How often it was answered with 401.</summary>
    public int Challenges { get; set; }

    /// <summary>How often it was answered with 438.</summary>
    public int StaleNonces { get; set; }

    public bool IsSigned { get; set; }

    /// <summary>The error code of an answer that was not signed and so not believed: the best guess when no other comes.</summary>
    public int UnsignedCode { get; set; }
}
