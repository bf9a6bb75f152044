using System.Runtime.CompilerServices;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>An ICMPv6 message of any type where it stands (RFC 4443, 2.1), up to the end of its packet.</summary>
public readonly ref struct IcmpV6View
{
    private static readonly IcmpHeaderFields Fields = IcmpHeaderFields.Common;

    private IcmpV6View(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The message type.</summary>
    public IcmpV6Type Type => (IcmpV6Type)Fields.Type.ReadByte(Octets);

    /// <summary>The code.</summary>
    public byte Code => Fields.Code.ReadByte(Octets);

    /// <summary>The checksum as received.</summary>
    public ushort Checksum => Fields.Checksum.ReadUInt16(Octets);

    /// <summary>Reads a message; the checksum is not verified here, because that needs the addresses.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out IcmpV6View view, out WireError error)
    {
        view = default;
        if (!IcmpReader.Fits(octets, UnknownIcmpV6Message.Fields.Layout, out error))
        {
            return false;
        }

        view = new IcmpV6View(octets);
        return true;
    }

    /// <summary>True when the checksum over the pseudo-header of these addresses is right (RFC 4443, 2.3).</summary>
    public bool VerifyChecksum(Address source, Address destination) => IcmpV6Message.VerifyChecksum(Octets, source, destination);

    /// <summary>Checks that the message is of a type and has its fixed part.</summary>
    internal bool TryCheck(IcmpV6Type type, Layout table, out WireError error)
    {
        if (Type != type)
        {
            error = IsOfAnotherType(Type, type);
            return false;
        }

        return IcmpReader.Fits(Octets, table, out error);
    }

    /// <summary>Checks that the message is of a type, has its fixed part, and that its options fill the rest.</summary>
    internal bool TryCheckWithOptions(IcmpV6Type type, Layout table, out WireError error) => TryCheck(type, table, out error)
        && NeighborDiscoveryOptionSequence.Check(Octets[table.Length..], table.Length, out error) == Octets.Length - table.Length;

    /// <summary>The options behind the fixed part.</summary>
    internal NeighborDiscoveryOptionSequence OptionsBehind(Layout table) => new(Octets[table.Length..], table.Length);

    // The text is made apart from the check: its room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsOfAnotherType(IcmpV6Type found, IcmpV6Type expected) =>
        new(Fields.Type.Name, Fields.Type.Offset, $"the message is of type {(byte)found}, not {(byte)expected}");
}
