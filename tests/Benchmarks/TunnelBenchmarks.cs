using System.Diagnostics;
using System.Globalization;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Net;
using DsmipTools.Tunnels;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Benchmarks;

/// <summary>
/// Traffic of the host through tunnels, between network namespaces that are joined by a pair of Ethernet interfaces: each round measures every way once,
/// and the ratios are those of the same round.
/// </summary>
internal static class TunnelBenchmarks
{
    private const int Rounds = 5;
    private const int ManyTunnels = 1000;

    private static readonly Address near = "192.0.2.1", far = "192.0.2.2", nearIPv6 = "2001:db8::1", farIPv6 = "2001:db8::2";
    private static readonly Address inNear = "2001:db8:7:1::1", inFar = "2001:db8:7:2::1", inNearIPv4 = "10.7.1.1", inFarIPv4 = "10.7.2.1";
    private static readonly Address correspondent = "2001:db8:3::2", tunneledCorrespondent = "2001:db8:4::2";

    // The aims of UDP, of the other encapsulations, and of programs in the kernel.
    private static readonly (TunnelEncapsulation Encapsulation, string Name, bool InnerIPv4, double InUserSpace)[] encapsulations =
    [
        (TunnelEncapsulation.IPv6InIPv4, "protocol 41", false, 0.14),
        (TunnelEncapsulation.IPv4InIPv4, "protocol 4", true, double.NaN),
        (TunnelEncapsulation.Gre, "GRE", false, double.NaN),
        (TunnelEncapsulation.Udp, "UDP", false, 0.6),
        (TunnelEncapsulation.UdpMobileIPv4, "UDP of Mobile IPv4", false, 0.6),
    ];

    private const double InKernel = 0.8;

    // Octets of TCP in time as it passes: the ways are made of several threads, and how well they work side by side counts.
    private static readonly Unit bits = new(
        load => load.Count * 8 / 1e6 / load.Seconds,
        loads => string.Create(CultureInfo.InvariantCulture, $"{Median(loads, load => load.Count * 8 / 1e6 / load.Seconds):#,0} Mbit/s ({Median(loads, load => load.Processor / load.Seconds):0.0} cores)"));

    // A sender that is faster than the way takes the processors from it: packets count by processor time.
    private static readonly Unit kilopackets = new(
        load => load.Count / 1e3 / load.Processor,
        loads => string.Create(CultureInfo.InvariantCulture, $"{Median(loads, load => load.Count / 1e3 / load.Processor):#,0} kpps a core"));

    public static IEnumerable<Benchmark> All =>
    [
        new("tunnels: TCP", () => OnHosts(Streams)),
        new("tunnels: TCP, forwarded", () => OnHosts(Forwarded)),
        new("tunnels: small packets", () => OnHosts(Packets)),
        new("tunnels: 1,000 of them", () => OnHosts(Many)),
        new("tunnels: openvpn and socat", () => OnHosts(Others)),
    ];

    private static IEnumerable<TunnelBackend> Backends => Enum.GetValues<TunnelBackend>().Where(backend => backend != TunnelBackend.Auto);

    private static List<Row> OnHosts(Func<BenchHost, BenchHost, List<Row>> measure)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return [new Row("traffic through tunnels of this host", "skipped: it needs Linux, and root")];
        }

        if (BenchHost.Lack() is { } lack)
        {
            return [new Row("traffic through tunnels of this host", lack)];
        }

        using BenchHost one = new(), other = new();
        BenchHost.Link(one, "a", other, "b");
        one.Add("a", near, 24);
        one.Add("a", nearIPv6, 64);
        other.Add("b", far, 24);
        other.Add("b", farIPv6, 64);
        return measure(one, other);
    }

    private static List<Row> Streams(BenchHost from, BenchHost to)
    {
        List<Way> ways =
        [
            new("IPv6", () => NetworkLoad.Tcp(from, nearIPv6, to, farIPv6)),
            new("IPv4", () => NetworkLoad.Tcp(from, near, to, far)),
        ];
        foreach (var backend in Backends)
        {
            foreach (var (encapsulation, name, isIPv4, inUserSpace) in encapsulations)
            {
                var (source, destination) = isIPv4 ? (inNearIPv4, inFarIPv4) : (inNear, inFar);
                var options = TunnelPair.Between(encapsulation, backend, near, far, source, Destination.Of(destination));
                ways.Add(new Way(
                    $"TCP over {(isIPv4 ? "IPv4" : "IPv6")} through a tunnel, {name}, {backend}",
                    () => Tcp(from, to, options, source, destination))
                {
                    Baseline = isIPv4 ? 1 : 0,
                    Target = backend == TunnelBackend.UserSpace ? inUserSpace : InKernel,
                });
            }
        }

        return Measure(ways, "the pair of interfaces", bits);
    }

    /// <summary>From a host that the near one forwards for.</summary>
    private static List<Row> Forwarded(BenchHost from, BenchHost to)
    {
        using var third = new BenchHost();
        BenchHost.Link(third, "c", from, "d");
        from.Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/all/forwarding", "1"));
        from.Add("d", "2001:db8:3::1", 64);
        third.Add("c", correspondent, 64);
        third.Add("c", tunneledCorrespondent, 128);
        third.Ip("-6 route add default via 2001:db8:3::1");
        to.Ip($"-6 route add {correspondent} via {nearIPv6}");
        from.Ip($"-6 route add {tunneledCorrespondent} dev d");
        List<Way> ways = [new("", () => NetworkLoad.Tcp(third, correspondent, to, farIPv6))];
        foreach (var backend in Backends)
        {
            foreach (var (encapsulation, name, _, _) in encapsulations.Where(each => each.Encapsulation is TunnelEncapsulation.IPv6InIPv4 or TunnelEncapsulation.Udp))
            {
                var options = TunnelPair.Between(encapsulation, backend, near, far, inNear, Destination.Of(inFar));
                ways.Add(new Way(
                    $"TCP of a correspondent, forwarded into a tunnel, {name}, {backend}",
                    () => Tcp(from, to, options, tunneledCorrespondent, inFar, third)));
            }
        }

        return Measure(ways, "forwarded without a tunnel", bits);
    }

    private static List<Row> Packets(BenchHost from, BenchHost to)
    {
        List<Way> ways =
        [
            new("", () => Bare(from, to)),
            new("packets of 64 octets, no tunnel", () => NetworkLoad.Packets(from, nearIPv6, to, farIPv6)),
        ];
        foreach (var backend in Backends)
        {
            foreach (var (encapsulation, name, _, _) in encapsulations.Where(each => !each.InnerIPv4))
            {
                var options = TunnelPair.Between(encapsulation, backend, near, far, inNear, Destination.Of(inFar));
                ways.Add(new Way($"packets of 64 octets through a tunnel, {name}, {backend}", () =>
                {
                    using var pair = new TunnelPair(from, to, [options], [Destination.Of(inNear)]);
                    ThrowUnless(pair, backend);
                    to.Await(inFar);
                    return NetworkLoad.Packets(from, inNear, to, inFar);
                })
                {
                    Target = encapsulation == TunnelEncapsulation.IPv6InIPv4 ? 0.8 : double.NaN,
                    CountsAllocation = true,
                });
            }
        }

        return Measure(ways, "protocol 41 by a bare loop", kilopackets);
    }

    /// <summary>What comes from 1,000 hosts behind 1,000 tunnels, or behind one.</summary>
    private static List<Row> Many(BenchHost host, BenchHost others)
    {
        host.Ip($"route add 198.18.0.0/16 via {far}");
        var one = TunnelPair.Between(TunnelEncapsulation.IPv6InIPv4, default, near, Outside(0), inNear, "2001:db8:2::/48");
        var many = Enumerable.Range(0, ManyTunnels).Select(at => one with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"bench{at}"), Remote = Outside(at), Prefixes = [Destination.Of(Inside(at), 64)],
        }).ToArray();
        List<Way> ways = [];
        foreach (var backend in Backends)
        {
            ways.Add(new Way("", () => From([one], backend)));
            ways.Add(new Way($"packets of 64 octets out of 1,000 tunnels, protocol 41, {backend}", () => From(many, backend))
            {
                Baseline = ways.Count - 1, Target = 0.95, CountsAllocation = true,
            });
        }

        return Measure(ways, "out of one tunnel", kilopackets);

        static Address Outside(int at) => Address.FromIPv4(0xC6120001 + (uint)at);

        static Address Inside(int at) => Address.FromIPv6((((UInt128)0x20010DB8_00020000 + (uint)at) << 64) + 1);

        Load From(IReadOnlyList<TunnelOptions> options, TunnelBackend backend)
        {
            using var ends = new TunnelPair(host, [.. options.Select(each => each with { Backend = backend })]);
            ThrowUnless(ends, backend);
            host.Await(inNear);
            // What 1,000 routes set going in the kernel and in this process is not what is measured.
            Thread.Sleep(300);
            var flows = Enumerable.Range(0, ManyTunnels).Select(at => (options[at % options.Count].Remote, Inside(at))).ToArray();
            return NetworkLoad.Tunneled(others, flows, host, near, inNear);
        }
    }

    /// <summary>What else carries packets by a TUN device, where it is installed.</summary>
    private static List<Row> Others(BenchHost from, BenchHost to)
    {
        string[] plain = ["--dev", "tun", "--proto", "udp", "--port", "1194", "--cipher", "none", "--auth", "none"];
        (string Name, string Program, string[] Near, string[] Far, Address Source, Address Destination)[] programs =
        [
            ("openvpn without a cipher", "openvpn", [.. plain, "--remote", "192.0.2.2", "--ifconfig", "10.8.1.1", "10.8.1.2"], [.. plain, "--remote", "192.0.2.1", "--ifconfig", "10.8.1.2", "10.8.1.1"], "10.8.1.1", "10.8.1.2"),
            ("socat, TUN to UDP", "socat", ["UDP-DATAGRAM:192.0.2.2:7000,bind=192.0.2.1:7000", "TUN:10.8.2.1/30,iff-up,iff-no-pi"], ["UDP-DATAGRAM:192.0.2.1:7000,bind=192.0.2.2:7000", "TUN:10.8.2.2/30,iff-up,iff-no-pi"], "10.8.2.1", "10.8.2.2"),
        ];
        var options = TunnelPair.Between(TunnelEncapsulation.Udp, TunnelBackend.UserSpace, near, far, inNearIPv4, Destination.Of(inFarIPv4));
        List<Way> ways = [new("", () => NetworkLoad.Tcp(from, near, to, far)), new("TCP over IPv4 through a tunnel, UDP, UserSpace", () => Tcp(from, to, options, inNearIPv4, inFarIPv4))];
        foreach (var (name, program, nearArguments, farArguments, source, destination) in programs)
        {
            ways.Add(new Way($"TCP over IPv4 through {name}", () =>
            {
                using Running one = new(from, program, nearArguments), other = new(to, program, farArguments);
                if (!one.IsInstalled)
                {
                    throw new NetException(NetError.NotSupported, 0, $"{program} is not installed");
                }

                from.Await(source);
                to.Await(destination);
                return NetworkLoad.Tcp(from, source, to, destination);
            }));
        }

        return Measure(ways, "the pair of interfaces", bits);
    }

    private static Load Tcp(BenchHost from, BenchHost to, TunnelOptions options, Address source, Address destination, BenchHost? behind = null)
    {
        using var pair = new TunnelPair(from, to, [options], [Destination.Of(source)]);
        ThrowUnless(pair, options.Backend);
        (behind ?? from).Await(source);
        to.Await(destination);
        return NetworkLoad.Tcp(behind ?? from, source, to, destination);
    }

    private static Load Bare(BenchHost from, BenchHost to)
    {
        using BareTunnel one = from.Run(() => new BareTunnel(near, far)), other = to.Run(() => new BareTunnel(far, near));
        foreach (var (host, name, own, peer) in new[] { (from, one.Name, inNear, inFar), (to, other.Name, inFar, inNear) })
        {
            host.Ip($"link set dev {name} up mtu 1400");
            host.Add(name, own, 128);
            host.Ip($"-6 route add {peer} dev {name}");
        }

        return NetworkLoad.Packets(from, inNear, to, inFar);
    }

    private static void ThrowUnless(TunnelPair pair, TunnelBackend backend)
    {
        if (pair.Backend != backend)
        {
            throw new NetException(NetError.NotSupported, 0, $"this host carries it by {pair.Backend}");
        }
    }

    /// <summary>Measures all ways in turns; a way that fails is a row that says why.</summary>
    private static List<Row> Measure(List<Way> ways, string baseline, Unit unit)
    {
        // The first round compiles.
        for (var round = -1; round < Rounds; round++)
        {
            foreach (var way in round % 2 == 0 ? ways : Enumerable.Reverse(ways))
            {
                way.Run(keep: round >= 0);
            }
        }

        return [.. ways.Where(way => way.Name.Contains(' ', StringComparison.Ordinal)).Select(way => way.ToRow(ways[way.Baseline], baseline, unit))];
    }

    /// <summary>A program that runs until this is disposed.</summary>
    private sealed class Running(BenchHost host, string program, string[] arguments) : IDisposable
    {
        private readonly Process? process = Quiet(host.Start(program, arguments));

        public bool IsInstalled => process is not null;

        public void Dispose()
        {
            process?.Kill();
            process?.WaitForExit();
            process?.Dispose();
        }

        private static Process? Quiet(Process? process)
        {
            process?.BeginOutputReadLine();
            process?.BeginErrorReadLine();
            return process;
        }
    }

    private static double Median(IEnumerable<Load> loads, Func<Load, double> value) => Comparison.Median(loads.Select(value));

    /// <summary>What is compared.</summary>
    /// <param name="Rate">The rate of one measurement.</param>
    /// <param name="Text">The medians of all, for people.</param>
    private sealed record Unit(Func<Load, double> Rate, Func<IReadOnlyList<Load>, string> Text);

    /// <summary>One way through the network, and what it gave.</summary>
    private sealed class Way(string name, Func<Load> measure)
    {
        private readonly List<Load> loads = [];
        private string? failure;

        /// <summary>The name of its row; one without a space is a baseline only.</summary>
        public string Name { get; } = name;

        /// <summary>Which of the ways it is compared with.</summary>
        public int Baseline { get; init; }

        /// <summary>The ratio that is asked for; NaN for none.</summary>
        public double Target { get; init; } = double.NaN;

        /// <summary>True when operations are packets, so that what one allocates can be said.</summary>
        public bool CountsAllocation { get; init; }

        public void Run(bool keep)
        {
            if (failure is not null)
            {
                return;
            }

            try
            {
                var load = measure();
                if (keep)
                {
                    loads.Add(load);
                }
            }
            catch (NetException exception)
            {
                failure = exception.Message;
            }
        }

        public Row ToRow(Way baseline, string baselineName, Unit unit)
        {
            if (failure is not null || baseline.failure is not null)
            {
                return new Row(Name, "skipped: " + (failure ?? baseline.failure));
            }

            var ratio = Comparison.Median(loads.Zip(baseline.loads, (one, other) => unit.Rate(one) / unit.Rate(other)));
            var allocated = Comparison.Median(loads.Select(load => (double)load.Allocated / load.Count));
            return new Row(Name, unit.Text(loads))
            {
                Baseline = $"{baselineName}: {unit.Text(baseline.loads)}",
                Ratio = Row.Times(ratio),
                Allocated = CountsAllocation ? Row.Octets(allocated) : "",
                Target = double.IsNaN(Target) ? "" : $"ratio {Row.Times(Target)}",
                IsMet = double.IsNaN(Target) ? null : ratio >= Target && (!CountsAllocation || allocated < 0.05),
            };
        }
    }
}
