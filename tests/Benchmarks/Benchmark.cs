namespace DsmipTools.Benchmarks;

/// <summary>Something to measure, and the rows that it gives.</summary>
/// <param name="Name">What <c>--filter</c> looks at.</param>
/// <param name="Run">Measures.</param>
internal sealed record Benchmark(string Name, Func<IEnumerable<Row>> Run);
