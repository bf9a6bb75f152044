using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using DsmipTools.Net.Netlink;

namespace DsmipTools.Net.Netfilter;

/// <summary>A rule: conditions that have to hold one after the other, and what becomes of a packet then.</summary>
internal sealed class FilterRule
{
    private const ushort ListElement = 1;
    private const ushort ExpressionName = 1;
    private const ushort ExpressionData = 2;
    private const uint Register = 1;
    private const uint NetworkHeader = 1;
    private const uint TransportHeader = 2;
    private const uint InterfaceIn = 4;
    private const uint Family = 15;
    private const uint TransportProtocol = 16;
    private const uint Drop = 0;
    private const uint Accept = 1;
    private const string Counter = "counter";
    private const ushort CounterOctets = 1;
    private const ushort CounterPackets = 2;

    private readonly List<Action<NetlinkMessage>> expressions = [];

    /// <summary>It came in by an interface.</summary>
    public FilterRule CameBy(int interfaceIndex) => Meta(InterfaceIn).Is(MemoryMarshal.AsBytes<int>([interfaceIndex]).ToArray());

    /// <summary>It is an IPv4 or an IPv6 packet.</summary>
    public FilterRule IsIPv4(bool isIPv4) => Meta(Family).Is([isIPv4 ? (byte)2 : (byte)10]);

    /// <summary>What stands behind its IP headers is of a protocol.</summary>
    public FilterRule IsProtocol(byte protocol) => Meta(TransportProtocol).Is([protocol]);

    /// <summary>Octets of what stands behind its IP headers.</summary>
    public FilterRule HasBehindIP(uint offset, byte[] value) => Load(TransportHeader, offset, (uint)value.Length).Is(value);

    /// <summary>Octets of its IP header begin with some bits.</summary>
    public FilterRule HasInIP(uint offset, byte[] value, byte[] mask)
    {
        Load(NetworkHeader, offset, (uint)value.Length);
        var none = new byte[value.Length];
        Add("bitwise", all => all
            .AddBigEndian(1, Register)
            .AddBigEndian(2, Register)
            .AddBigEndian(3, (uint)value.Length)
            .Nest(NetlinkMessage.Nested | 4, data => data.Add(1, mask))
            .Nest(NetlinkMessage.Nested | 5, data => data.Add(1, none)));
        return Is(value);
    }

    /// <summary>It goes on.</summary>
    public FilterRule ThenAccept() => Verdict(Accept);

    /// <summary>It is dropped, and counted.</summary>
    public FilterRule ThenDrop()
    {
        Add(Counter, _ => { });
        return Verdict(Drop);
    }

    /// <summary>Writes the expressions of the rule.</summary>
    public void Write(NetlinkMessage rule)
    {
        foreach (var expression in expressions)
        {
            expression(rule);
        }
    }

    /// <summary>The packets that the counter of a rule has met, and their octets; 0 without one.</summary>
    public static (long Packets, long Octets) ReadCounter(ReadOnlySpan<byte> expressions)
    {
        for (var rest = expressions; NetlinkMessage.TryTake(ref rest, out _, out var expression);)
        {
            if (Encoding.ASCII.GetString(NetlinkMessage.Find(expression, ExpressionName)).TrimEnd('\0') == Counter)
            {
                var data = NetlinkMessage.Find(expression, ExpressionData);
                return (Number(NetlinkMessage.Find(data, CounterPackets)), Number(NetlinkMessage.Find(data, CounterOctets)));
            }
        }

        return default;
    }

    private static long Number(ReadOnlySpan<byte> value) => value.Length == sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(value) : 0;

    private FilterRule Meta(uint key) => Add("meta", all => all.AddBigEndian(1, Register).AddBigEndian(2, key));

    private FilterRule Load(uint header, uint offset, uint length) =>
        Add("payload", all => all.AddBigEndian(1, Register).AddBigEndian(2, header).AddBigEndian(3, offset).AddBigEndian(4, length));

    private FilterRule Is(byte[] value) =>
        Add("cmp", all => all.AddBigEndian(1, Register).AddBigEndian(2, 0).Nest(NetlinkMessage.Nested | 3, data => data.Add(1, value)));

    // The verdict register, and the verdict in it.
    private FilterRule Verdict(uint verdict) => Add(
        "immediate",
        all => all.AddBigEndian(1, 0).Nest(NetlinkMessage.Nested | 2, data => data.Nest(NetlinkMessage.Nested | 2, code => code.AddBigEndian(1, verdict))));

    private FilterRule Add(string name, Action<NetlinkMessage> fill)
    {
        expressions.Add(rule => rule.Nest(
            NetlinkMessage.Nested | ListElement, element => element.Add(ExpressionName, name).Nest(NetlinkMessage.Nested | ExpressionData, fill)));
        return this;
    }
}
