using BenchmarkDotNet.Running;
using RcptVerify.Benchmarks;

// dotnet run -c Release --project bench/RcptVerify.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(PolicyParserBenchmark).Assembly).Run(args);
