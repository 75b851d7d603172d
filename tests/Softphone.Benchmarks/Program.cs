using BenchmarkDotNet.Running;

// Without arguments every benchmark runs; --filter '*Stun*' and the like choose.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args);
