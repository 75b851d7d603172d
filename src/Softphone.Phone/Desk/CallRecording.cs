using Softphone.Core;
using Softphone.Media;

namespace Softphone.Phone;

/// <summary>A file that a call is being recorded into.</summary>
internal sealed record CallRecording(string File, IAudioSink Sink, Instant Began);
