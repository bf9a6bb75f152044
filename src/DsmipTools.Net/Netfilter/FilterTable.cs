using System.Globalization;
using DsmipTools.Net.Netlink;

namespace DsmipTools.Net.Netfilter;

/// <summary>
/// A table of the kernel's packet filter with one chain, and rules that drop or pass packets (nf_tables, include/uapi/linux/netfilter/nf_tables.h).
/// </summary>
/// <remarks>
/// The table is owned by the socket: the kernel removes it with its descriptor, and so with the process however that ends (Linux 5.12). It
/// belongs to the network namespace of the thread that opens it. The capability CAP_NET_ADMIN is needed.
/// </remarks>
internal sealed class FilterTable : IDisposable
{
    private const ushort Subsystem = 10 << 8;
    private const ushort NewTable = Subsystem | 0;
    private const ushort DeleteTable = Subsystem | 2;
    private const ushort NewChain = Subsystem | 3;
    private const ushort NewRule = Subsystem | 6;
    private const ushort GetRule = Subsystem | 7;
    private const ushort BeginBatch = 16;
    private const ushort EndBatch = 17;
    private const ushort CreateOnly = 0x600;
    private const ushort CreateAtEnd = 0xC00;

    private const ushort TableName = 1;
    private const ushort TableFlags = 2;
    private const uint OwnedBySocket = 2;

    private const ushort ChainTable = 1;
    private const ushort ChainName = 3;
    private const ushort ChainHook = 4;
    private const ushort ChainType = 7;
    private const ushort HookNumber = 1;
    private const ushort HookPriority = 2;

    private const ushort RuleTable = 1;
    private const ushort RuleChain = 2;
    private const ushort RuleExpressions = 4;

    private const string Chain = "chain";

    private static int lastNumber;

    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly string name = string.Create(CultureInfo.InvariantCulture, $"dsmip-{Environment.ProcessId}-{Interlocked.Increment(ref lastNumber)}");
    private readonly byte family;

    /// <summary>Makes the table, whole or not at all.</summary>
    /// <param name="family">The packets: <see cref="FilterHook.IPv6"/> or <see cref="FilterHook.Internet"/>.</param>
    /// <param name="hook">Where they are looked at.</param>
    /// <param name="rules">The rules, in their order; what none of them drops goes on.</param>
    /// <param name="what">What it is for, at the start of a sentence.</param>
    /// <exception cref="NetException">The privilege is missing, or the kernel has no such filters.</exception>
    public FilterTable(byte family, FilterHook hook, IEnumerable<FilterRule> rules, string what)
    {
        this.family = family;
        try
        {
            socket.AskAll(
                [
                    Batch(BeginBatch),
                    Message(NewTable, CreateOnly).Add(TableName, name).AddBigEndian(TableFlags, OwnedBySocket),
                    Message(NewChain, CreateOnly)
                        .Add(ChainTable, name)
                        .Add(ChainName, Chain)
                        .Nest(NetlinkMessage.Nested | ChainHook, all => all.AddBigEndian(HookNumber, hook.Number).AddBigEndian(HookPriority, (uint)hook.Priority))
                        .Add(ChainType, "filter"),
                    .. rules.Select(rule => Message(NewRule, CreateAtEnd).Add(RuleTable, name).Add(RuleChain, Chain).Nest(NetlinkMessage.Nested | RuleExpressions, rule.Write)),
                    Batch(EndBatch),
                ],
                what);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The packets that rules with a counter met, and their octets.</summary>
    /// <exception cref="NetException">The table is gone.</exception>
    public (long Packets, long Octets) Counted => socket
        .Dump(Message(GetRule, 0).Add(RuleTable, name).Add(RuleChain, Chain), "Reading a counter of the packet filter")
        .Select(rule => FilterRule.ReadCounter(NetlinkMessage.Find(rule.AsSpan(4), RuleExpressions)))
        .Aggregate((sum, one) => (sum.Packets + one.Packets, sum.Octets + one.Octets));

    /// <summary>Takes the table away.</summary>
    public void Dispose()
    {
        try
        {
            // Closing is not enough while some thread starts a process: until that has begun, it has the descriptor too.
            socket.AskAll([Batch(BeginBatch), Message(DeleteTable, 0).Add(TableName, name), Batch(EndBatch)], "Removing a packet filter");
        }
        catch (NetException)
        {
            // Without the privilege by now, closing has to do.
        }

        socket.Dispose();
    }

    private NetlinkMessage Message(ushort type, ushort flags) => new(type, flags, [family, 0, 0, 0]);

    private static NetlinkMessage Batch(ushort type) => new(type, 0, [0, 0, 0, Subsystem >> 8]);
}
