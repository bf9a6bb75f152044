using System.Globalization;
using DsmipTools.Net;
using DsmipTools.Net.Ebpf;
using DsmipTools.Net.Netfilter;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tunnels;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tunnels;

/// <summary>
/// A tunnel that the kernel carries by itself, as an interface of its own: sit, ipip, gre, ip6tnl or ip6gre. What they do not look at, the sources of the
/// packets inside, a packet filter does. An interface survives the process: who made it is noted with it.
/// </summary>
internal sealed class KernelInterfaceTunnel : RaisedTunnel
{
    /// <summary>What the names of the interfaces begin with.</summary>
    public const string NamePrefix = TunnelPort.NamePrefix + "k";

    private const string NoteBegin = "DsmipTools ";

    private readonly HostNetwork network = new();
    private readonly int index;

    /// <summary>Brings a tunnel up.</summary>
    /// <param name="options">How it is configured.</param>
    /// <param name="counters">Counts its packets.</param>
    /// <param name="because">Why it is this backend.</param>
    /// <exception cref="NetException">The kernel has no such tunnels, or the host refused.</exception>
    public KernelInterfaceTunnel(TunnelOptions options, TunnelCounters counters, string because)
    {
        Backend = (TunnelBackend.Kernel, because);
        var made = 0;
        var name = InterfaceName = FreeName(network);
        Raise(() =>
        {
            Do(() => { }, network.Dispose);
            if (WhyNot(options) is { } reason)
            {
                throw new NetException(NetError.NotSupported, 0, $"The kernel has no interfaces for this tunnel: {reason}. Use -Backend UserSpace, or Auto.");
            }

            SourceAddress.ThrowUnlessLocal(options.Local);
            var tunnel = new TunnelInterface(name, options.Protocols[0], options.Local, options.Remote)
            {
                Key = options.Key,
                Mtu = options.Mtu,
                Note = NoteBegin + ProcessIdentity.Current,
            };
            Do(() => made = network.AddTunnel(tunnel), () => network.RemoveInterface(made, name));
            var filter = new SourceFilter(made, [.. options.Prefixes.Select(prefix => (prefix.Address, (int)prefix.Length)), .. LinkScope(options)]);
            Do(() => { }, filter.Dispose);
            Do(() => counters.Join(() => Count(made, filter)), counters.Leave);
            network.SetUp(made, isUp: true);
            foreach (var address in options.Addresses)
            {
                network.AddAddress(made, address);
            }

            foreach (var prefix in options.Prefixes)
            {
                network.Add(new HostRoute(prefix.Address, prefix.Length, made, options.Mtu));
            }
        });
        index = made;
    }

    /// <inheritdoc/>
    public override string InterfaceName { get; }

    /// <inheritdoc/>
    public override NetException? Failure => network.HasInterface(index)
        ? null
        : new NetException(NetError.InterfaceNotFound, 0, $"The interface {InterfaceName} is gone: somebody removed it. Disable the tunnel and enable it again.");

    /// <inheritdoc/>
    public override (TunnelBackend Backend, string Because) Backend { get; }

    /// <summary>Why the kernel has no interface for a tunnel whatever its modules; null when it may have one.</summary>
    public static string? WhyNot(TunnelOptions options) =>
        options.Over is not null ? "it runs over another tunnel"
        : options.UsesDynamicMtu || options.HopLimit != PacketFrame.HopLimit ? "its MTU and hop limit are not set up there"
        : options.Protocols[0] is IpProtocol.IPv4 or IpProtocol.IPv6 or IpProtocol.Gre ? null : $"it has none for {options.Encapsulation}";

    /// <summary>True for an interface that a process made which is gone.</summary>
    public static bool IsLeftover(HostInterface candidate) =>
        candidate.Name.StartsWith(NamePrefix, StringComparison.Ordinal)
        && candidate.Note.StartsWith(NoteBegin, StringComparison.Ordinal)
        && ProcessIdentity.TryParse(candidate.Note[NoteBegin.Length..], out var owner)
        && !owner.IsAlive;

    /// <summary>The kernel gives such an interface link-local addresses and speaks neighbour discovery there (RFC 4213, 3.7 and 3.8).</summary>
    private static (Address Address, int Length)[] LinkScope(TunnelOptions options) =>
        options.Protocols[0] == IpProtocol.IPv4 ? [] : [("fe80::", 10)];

    private static string FreeName(HostNetwork network)
    {
        var taken = network.Interfaces().Select(each => each.Name).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(0, int.MaxValue).Select(number => string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}{number}")).First(name => !taken.Contains(name));
    }

    private KernelCounters Count(int made, SourceFilter filter)
    {
        var all = network.Counters().GetValueOrDefault(made);
        var dropped = filter.Dropped;
        var drops = new long[KernelCounters.None.Drops.Count];
        drops[(int)KernelDrop.ForeignSource] = dropped.Packets;
        return new KernelCounters(all.PacketsIn - dropped.Packets, all.OctetsIn - dropped.Octets, all.PacketsOut, all.OctetsOut, drops);
    }
}
