using Softphone.Core;

namespace Softphone.Sip;

/// <summary>Why a flow carries nothing any more.</summary>
/// <param name="Error">As the path tells it.</param>
/// <param name="Fault">What we ended a stream for; None when it was not us.</param>
internal readonly record struct FlowFailure(PathError Error, StreamFault Fault = StreamFault.None);
