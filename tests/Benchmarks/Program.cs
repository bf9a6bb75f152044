using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using DsmipTools.Benchmarks;

// The order matters little, but a heap of a million bindings is left for the end, and processes are started while it is small.
Benchmark[] benchmarks =
[
    .. WireBenchmarks.All,
    .. DecodingBenchmarks.All,
    .. CaptureToolBenchmarks.All,
    .. RegistrationBenchmarks.All,
    .. ProxyBindingBenchmarks.All,
    .. ForgeryBenchmarks.All,
    .. HandoverBenchmarks.All,
    .. ProtectionBenchmarks.All,
    .. LoopbackBenchmarks.All,
    .. TunnelBenchmarks.All,
    .. ModuleImportBenchmarks.All,
    .. SimulatedRevocationBenchmarks.All,
    .. RealmRevocationBenchmarks.All,
];

var filter = "";
switch (args)
{
    case []:
        break;
    case ["--filter" or "-f", var text]:
        filter = text;
        break;
    case ["--list"]:
        foreach (var benchmark in benchmarks)
        {
            Console.WriteLine(benchmark.Name);
        }

        return 0;
    default:
        Console.Error.WriteLine("bench: only --filter NAME (benchmarks with NAME in their names) and --list are known.");
        return 2;
}

var chosen = benchmarks.Where(benchmark => benchmark.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"bench: no benchmark has '{filter}' in its name; --list names them all.");
    return 2;
}

var start = Stopwatch.GetTimestamp();
var loadBefore = Load();
List<Row> rows = [];
foreach (var benchmark in chosen)
{
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds,5:0} s  {benchmark.Name}"));
    rows.AddRange(benchmark.Run());
    GC.Collect();
}

Console.WriteLine();
ResultTable.Print(Console.Out, rows);
Console.WriteLine();
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"{rows.Count(row => row.IsMet == true)} targets met, {rows.Count(row => row.IsMet == false)} missed. {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC, {RuntimeInformation.OSDescription}, load {loadBefore} before and {Load()} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s."));
return 0;

// The load of the last minute, where the system tells: it says how far the numbers can be trusted.
static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
