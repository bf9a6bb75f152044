using System.Globalization;
using DsmipTools.Net.Netlink;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netfilter;

/// <summary>
/// Keeps the kernel from answering with ICMPv6 Parameter Problem what came for a Mobile IPv6 agent in a header that the kernel does not know:
/// a peer would take the agent for a node without mobility (RFC 6275, 9.3.1 and 11.3.5). It covers one address and the named headers alone.
/// </summary>
/// <remarks>
/// The table is owned by the socket: the kernel removes it with its descriptor, and so with the process however that ends (Linux 5.12). It
/// belongs to the network namespace of the thread that opens it. The capability CAP_NET_ADMIN is needed.
/// </remarks>
internal sealed class ParameterProblemFilter : IDisposable
{
    private const ushort Subsystem = 10 << 8;
    private const ushort NewTable = Subsystem | 0;
    private const ushort NewChain = Subsystem | 3;
    private const ushort NewRule = Subsystem | 6;
    private const ushort BeginBatch = 16;
    private const ushort EndBatch = 17;
    private const ushort CreateOnly = 0x600;
    private const ushort CreateAtEnd = 0xC00;
    private const ushort Nested = 0x8000;

    private const ushort TableName = 1;
    private const ushort TableFlags = 2;
    private const uint OwnedBySocket = 2;

    private const ushort ChainTable = 1;
    private const ushort ChainName = 3;
    private const ushort ChainHook = 4;
    private const ushort ChainType = 7;
    private const ushort HookNumber = 1;
    private const ushort HookPriority = 2;
    private const uint LocalOutput = 3;

    private const ushort RuleTable = 1;
    private const ushort RuleChain = 2;
    private const ushort RuleExpressions = 4;
    private const ushort ListElement = 1;
    private const ushort ExpressionName = 1;
    private const ushort ExpressionData = 2;

    private const uint Register = 1;
    private const uint TransportHeader = 2;
    private const uint ProtocolOfTransport = 16;

    private const byte ParameterProblem = 4;
    private const uint QuotedPacketAt = 8;
    private const uint QuotedNextHeaderAt = QuotedPacketAt + 6;
    private const uint QuotedDestinationAt = QuotedPacketAt + 24;

    private const string Chain = "output";

    private static int lastNumber;

    private readonly NetlinkSocket socket = new(NetlinkSocket.Netfilter);
    private readonly string table = string.Create(CultureInfo.InvariantCulture, $"dsmip-{Environment.ProcessId}-{Interlocked.Increment(ref lastNumber)}");

    /// <summary>Puts the filter in place.</summary>
    /// <param name="local">The agent's address: only what came to it stays unanswered.</param>
    /// <param name="nextHeaders">The headers right behind the IPv6 header of what came.</param>
    /// <exception cref="NetException">The privilege is missing, or the kernel has no such filters.</exception>
    public ParameterProblemFilter(Address local, ReadOnlySpan<IpProtocol> nextHeaders)
    {
        List<NetlinkMessage> changes =
        [
            Message(NewTable, CreateOnly).Add(TableName, table).AddBigEndian(TableFlags, OwnedBySocket),
            Message(NewChain, CreateOnly)
                .Add(ChainTable, table)
                .Add(ChainName, Chain)
                .Nest(Nested | ChainHook, hook => hook.AddBigEndian(HookNumber, LocalOutput).AddBigEndian(HookPriority, 0))
                .Add(ChainType, "filter"),
        ];
        foreach (var nextHeader in nextHeaders)
        {
            changes.Add(DropRule(local, nextHeader));
        }

        try
        {
            socket.AskAll([Batch(BeginBatch), .. changes, Batch(EndBatch)], "Keeping the kernel from answering Mobility Headers with ICMPv6");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes the filter away.</summary>
    public void Dispose() => socket.Dispose();

    private NetlinkMessage DropRule(Address local, IpProtocol nextHeader)
    {
        var address = new byte[16];
        local.Write(address);
        return Message(NewRule, CreateAtEnd).Add(RuleTable, table).Add(RuleChain, Chain).Nest(
            Nested | RuleExpressions,
            rule =>
            {
                Add(rule, "meta", meta => meta.AddBigEndian(1, Register).AddBigEndian(2, ProtocolOfTransport));
                Compare(rule, [(byte)IpProtocol.IcmpV6]);
                Load(rule, 0, 1);
                Compare(rule, [ParameterProblem]);
                Load(rule, QuotedNextHeaderAt, 1);
                Compare(rule, [(byte)nextHeader]);
                Load(rule, QuotedDestinationAt, 16);
                Compare(rule, address);
                // The verdict register, and NF_DROP in it.
                Add(rule, "immediate", drop => drop.AddBigEndian(1, 0).Nest(Nested | 2, data => data.Nest(Nested | 2, verdict => verdict.AddBigEndian(1, 0))));
            });
    }

    private static void Load(NetlinkMessage rule, uint offset, uint length) => Add(
        rule, "payload", payload => payload.AddBigEndian(1, Register).AddBigEndian(2, TransportHeader).AddBigEndian(3, offset).AddBigEndian(4, length));

    private static void Compare(NetlinkMessage rule, byte[] value) => Add(
        rule, "cmp", compare => compare.AddBigEndian(1, Register).AddBigEndian(2, 0).Nest(Nested | 3, data => data.Add(1, value)));

    private static void Add(NetlinkMessage rule, string expression, Action<NetlinkMessage> fill) => rule.Nest(
        Nested | ListElement, element => element.Add(ExpressionName, expression).Nest(Nested | ExpressionData, fill));

    private static NetlinkMessage Message(ushort type, ushort flags) => new(type, flags, [(byte)Linux.FamilyIPv6, 0, 0, 0]);

    private static NetlinkMessage Batch(ushort type) => new(type, 0, [0, 0, 0, Subsystem >> 8]);
}
