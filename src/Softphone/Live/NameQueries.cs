using Softphone.Core;

namespace Softphone.Cli;

/// <summary>A machine's next question for the resolver; false when it has none.</summary>
internal delegate bool NameQueries(out NameQuery query);
