using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using DsmipTools.Packets;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.Benchmarks;

/// <summary>Reading capture files as a user does, beside the tools that a user would take otherwise, in interleaved rounds.</summary>
internal static class CaptureToolBenchmarks
{
    private const int Rounds = 3;
    private const int OurFrames = 600_000;
    private const int TsharkFrames = 60_000;
    private const int ScapyFrames = 6_000;
    private const int LargeFileOctets = 100_000_000;

    // Debian's scapy belongs to Debian's Python, which need not be the first on the path.
    private static readonly string[] pythons = ["python3", "/usr/bin/python3"];

    public static IEnumerable<Benchmark> All => [new("capture files: cmdlet, tshark, scapy", Tools), new("capture files: memory", Memory)];

    private static IEnumerable<Row> Tools()
    {
        const string name = "ConvertFrom-DsmipPacket -Path x.pcapng | Out-Null";
        var target = new Row(name, "") { Target = "300 k/s" };
        if (PowerShellProcess.Find(out var failure) is not { } shell)
        {
            yield return target with { This = failure };
            yield break;
        }

        using var ours = new TemporaryCapture(OurFrames);
        using var tsharks = new TemporaryCapture(TsharkFrames);
        using var scapys = new TemporaryCapture(ScapyFrames);
        List<double> first = [], again = [], tshark = [], scapy = [];
        for (var round = 0; round < Rounds; round++)
        {
            var (cold, warm) = Cmdlet(shell, ours.Path);
            first.Add(cold / OurFrames);
            again.Add(warm / OurFrames);
            tshark.Add(Tool("tshark", "-r", tsharks.Path, "-T", "fields", "-e", "frame.number", "-e", "mip6.bri_seqnr", "-e", "mip.homeaddr") / TsharkFrames);
            scapy.Add(Scapy(scapys.Path) / ScapyFrames);
        }

        var median = Comparison.Median(again);
        yield return target with
        {
            This = Row.Rate(median),
            Baseline = Against("tshark -T fields, three fields", tshark),
            Ratio = Ratio(tshark, again),
            IsMet = 1e9 / median >= 300_000,
        };
        yield return new Row("the same, the first file of a process", Row.Rate(Comparison.Median(first)))
        {
            Baseline = Against("scapy, PcapNgReader", scapy), Ratio = Ratio(scapy, first),
        };
    }

    /// <summary>The heap when a tenth of a large file has been read, and when all of it has.</summary>
    private static IEnumerable<Row> Memory()
    {
        using var file = new TemporaryCapture(LargeFileOctets / (int)(TemporaryCapture.OctetsOf(6000) / 6000));
        var decoder = new PacketDecoder();
        using var stream = File.OpenRead(file.Path);
        using var reader = CaptureReader.Open(stream);
        long tenth = 0;
        while (reader.TryRead(out var frame))
        {
            Sink.Take((ulong)DsmipPacket.From(frame, decoder).Layers.Count);
            if (tenth == 0 && reader.Position > stream.Length / 10)
            {
                tenth = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        var whole = GC.GetTotalMemory(forceFullCollection: true);
        yield return new Row("heap after decoding a capture of 100 MB", Kilooctets(whole))
        {
            Baseline = $"after a tenth of it: {Kilooctets(tenth)}",
            Ratio = Row.Times((double)tenth / whole),
            Target = "equal (1 %)",
            IsMet = whole - tenth < tenth / 100,
        };
    }

    private static string Kilooctets(long octets) => string.Create(CultureInfo.InvariantCulture, $"{octets / 1000.0:#,0} kB");

    private static string Against(string tool, List<double> nanoseconds) =>
        nanoseconds.Exists(double.IsNaN) ? $"{tool}: not here" : $"{tool}: {Row.Rate(Comparison.Median(nanoseconds))}";

    private static string Ratio(List<double> other, List<double> ours) =>
        other.Exists(double.IsNaN) ? "" : Row.Times(Comparison.Median(other.Zip(ours, (theirs, mine) => theirs / mine)));

    /// <summary>
    /// Nanoseconds of processor time that the cmdlet takes for a file: the first time in a process, when the runtime compiles as it goes, and
    /// the time after.
    /// </summary>
    private static (double First, double Again) Cmdlet(PowerShellProcess shell, string path)
    {
        var (_, _, output, failure) = shell.Run($$"""
            $ErrorActionPreference = 'Stop'
            Import-Module ./DsmipTools.psd1
            foreach ($time in 1..2) {
                $before = [Environment]::CpuUsage.TotalTime
                ConvertFrom-DsmipPacket -Path '{{path}}' | Out-Null
                ([Environment]::CpuUsage.TotalTime - $before).TotalNanoseconds.ToString([cultureinfo]::InvariantCulture)
            }
            """);
        if (failure is not null)
        {
            throw new InvalidOperationException(failure);
        }

        var times = output.Split('\n').Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        return (times[0], times[1]);
    }

    /// <summary>The first Python that has scapy.</summary>
    private static double Scapy(string path) => pythons
        .Select(python => Tool(python, "-c", $"from scapy.all import PcapNgReader\nfor packet in PcapNgReader('{path}'): pass"))
        .FirstOrDefault(time => !double.IsNaN(time), double.NaN);

    /// <summary>Nanoseconds of processor time of a whole process, as the shell counts it; NaN where the program is not here.</summary>
    private static double Tool(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("bash", ["-c", "TIMEFORMAT='%U %S'; set -e; time \"$@\" >/dev/null 2>/dev/null", "bash", program, .. arguments]) { RedirectStandardError = true };
            using var process = Process.Start(start)!;
            var times = process.StandardError.ReadToEnd().Trim().Split(' ');
            process.WaitForExit();
            return process.ExitCode == 0 ? times.Sum(seconds => double.Parse(seconds, CultureInfo.InvariantCulture)) * 1e9 : double.NaN;
        }
        catch (Win32Exception)
        {
            return double.NaN;
        }
    }

    private sealed class TemporaryCapture : IDisposable
    {
        public TemporaryCapture(int frames)
        {
            using var stream = File.Create(Path);
            CaptureFile.Write(stream, frames);
        }

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"dsmip-bench-{Guid.NewGuid():n}.pcapng");

        public static long OctetsOf(int frames)
        {
            using var stream = new MemoryStream();
            CaptureFile.Write(stream, frames);
            return stream.Length;
        }

        public void Dispose() => File.Delete(Path);
    }
}
