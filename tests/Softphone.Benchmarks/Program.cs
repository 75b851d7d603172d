using Softphone.Benchmarks;

// Without arguments every benchmark runs; words choose those whose area or name has one of them: "stun", "call".
return args is ["--octets"] ? OctetTable.Print() : MicroBench.Run(args);
