namespace Softphone.Core;

/// <summary>Which layer failed, from the person's point of view.</summary>
public enum Layer
{
    Profile,
    Dns,
    Transport,
    Tls,
    Sip,
    Authentication,
    Sdp,
    Stun,
    Turn,
    Ice,
    Dtls,
    Media,
    Audio,
    Internal,
}

/// <summary>What a person sees when something did not work: the layer, what happened with the value at fault, and the way out.</summary>
/// <param name="Layer">The layer that failed.</param>
/// <param name="What">One sentence, with the value that was wrong.</param>
/// <param name="Remedy">What to do about it; empty when there is nothing to do.</param>
public sealed record Fault(Layer Layer, string What, string Remedy = "")
{
    public override string ToString() => Remedy.Length == 0 ? $"{Layer}: {What}" : $"{Layer}: {What}; {Remedy}";
}
