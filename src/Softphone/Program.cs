using Softphone.Cli;

return (int)await CommandLine.RunAsync(args, new VerbHandlers(), VerbContext.OfProcess());
