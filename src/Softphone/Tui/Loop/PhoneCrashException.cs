namespace Softphone.Cli;

/// <summary>The thread of the phone ended by an error of ours: there is nothing to hang up with any more.</summary>
internal sealed class PhoneCrashException(Exception inner) : Exception("the phone failed: " + inner.Message, inner);
