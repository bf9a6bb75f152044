using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace DsmipTools.Net.Netlink;

/// <summary>A request to the kernel (netlink(7)): a header, a body of its type, and attributes.</summary>
internal sealed class NetlinkMessage
{
    /// <summary>Octets of the header: length, type, flags, sequence number, port.</summary>
    public const int HeaderLength = 16;

    /// <summary>Octets of the header of an attribute: length and type.</summary>
    public const int AttributeHeaderLength = 4;

    /// <summary>Marks the type of an attribute that holds attributes, where the kernel wants that.</summary>
    public const ushort Nested = 0x8000;

    private const int Capacity = 1024;

    private readonly byte[] octets = new byte[Capacity];
    private int length = HeaderLength;

    public NetlinkMessage(ushort type, ushort flags, ReadOnlySpan<byte> body)
    {
        MemoryMarshal.Write(octets.AsSpan(4), type);
        MemoryMarshal.Write(octets.AsSpan(6), flags);
        Append(body);
    }

    /// <summary>Appends an attribute.</summary>
    public NetlinkMessage Add(ushort type, ReadOnlySpan<byte> value)
    {
        Append(MemoryMarshal.AsBytes<ushort>([(ushort)(AttributeHeaderLength + value.Length), type]));
        Append(value);
        return this;
    }

    /// <summary>Appends octets that are no attribute, such as the body that some attributes begin with.</summary>
    public NetlinkMessage AddRaw(ReadOnlySpan<byte> value)
    {
        Append(value);
        return this;
    }

    /// <summary>Appends an attribute that is a number, in the order of the host.</summary>
    public NetlinkMessage Add(ushort type, uint value) => Add(type, MemoryMarshal.AsBytes<uint>([value]));

    /// <summary>Appends an attribute that is a number in the order of the network, as packet filters have them.</summary>
    public NetlinkMessage AddBigEndian(ushort type, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return Add(type, octets);
    }

    /// <summary>Appends an attribute that is a text, with the zero at its end.</summary>
    public NetlinkMessage Add(ushort type, string text) => Add(type, Encoding.UTF8.GetBytes(text + '\0'));

    /// <summary>Appends an attribute that holds attributes.</summary>
    public NetlinkMessage Nest(ushort type, Action<NetlinkMessage> fill)
    {
        var start = length;
        Add(type, []);
        fill(this);
        MemoryMarshal.Write(octets.AsSpan(start), (ushort)(length - start));
        return this;
    }

    /// <summary>The octets to send.</summary>
    /// <param name="sequence">The number that the answer repeats.</param>
    /// <param name="flags">Flags to add.</param>
    public ReadOnlySpan<byte> Finish(uint sequence, ushort flags)
    {
        MemoryMarshal.Write(octets, (uint)length);
        MemoryMarshal.Write(octets.AsSpan(6), (ushort)(MemoryMarshal.Read<ushort>(octets.AsSpan(6)) | flags));
        MemoryMarshal.Write(octets.AsSpan(8), sequence);
        return octets.AsSpan(0, length);
    }

    /// <summary>The value of the first attribute of a type; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> attributes, ushort type)
    {
        while (TryTake(ref attributes, out var present, out var value))
        {
            if (present == type)
            {
                return value;
            }
        }

        return [];
    }

    /// <summary>Takes the first attribute off the front; false when there is none.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        const ushort TypeMask = 0x3FFF;
        type = 0;
        value = [];
        var size = attributes.Length < AttributeHeaderLength ? (ushort)0 : MemoryMarshal.Read<ushort>(attributes);
        if (size < AttributeHeaderLength || size > attributes.Length)
        {
            return false;
        }

        type = (ushort)(MemoryMarshal.Read<ushort>(attributes[2..]) & TypeMask);
        value = attributes[AttributeHeaderLength..size];
        attributes = attributes[Math.Min(attributes.Length, Align(size))..];
        return true;
    }

    /// <summary>The number in the first attribute of a type; 0 when there is none.</summary>
    public static uint FindNumber(ReadOnlySpan<byte> attributes, ushort type) =>
        Find(attributes, type) is { Length: >= 4 } value ? MemoryMarshal.Read<uint>(value) : 0;

    /// <summary>Messages and attributes begin at multiples of four octets.</summary>
    public static int Align(int length) => (length + 3) & ~3;

    private void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(octets.AsSpan(length));
        length += Align(value.Length);
    }
}
