using System.Globalization;
using System.Runtime.CompilerServices;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A checked Mobility Header where it stands (RFC 6275, 6.1.1); octets after it are left out.</summary>
public readonly ref struct MobilityHeaderView
{
    private static readonly MobilityHeaderFields Fields = MobilityHeaderFields.Common;

    private MobilityHeaderView(ReadOnlySpan<byte> octets) => Octets = octets;

    /// <summary>The whole Mobility Header.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>The payload proto; 59 in a valid message.</summary>
    public byte PayloadProto => Fields.PayloadProto.ReadByte(Octets);

    /// <summary>The header length in units of 8 octets, without the first 8.</summary>
    public byte HeaderLength => Fields.HeaderLength.ReadByte(Octets);

    /// <summary>The message type.</summary>
    public MobilityHeaderType Type => (MobilityHeaderType)Fields.Type.ReadByte(Octets);

    /// <summary>The reserved octet.</summary>
    public byte Reserved => Fields.Reserved.ReadByte(Octets);

    /// <summary>The checksum as received.</summary>
    public ushort Checksum => Fields.Checksum.ReadUInt16(Octets);

    /// <summary>Reads a Mobility Header; the checksum is not verified here, because only the envelope knows whether it counts.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out MobilityHeaderView view, out WireError error)
    {
        view = default;
        if (octets.Length < 8)
        {
            error = new WireError("MobilityHeader", octets.Length, "a Mobility Header has at least 8 octets");
            return false;
        }

        var length = (Fields.HeaderLength.ReadByte(octets) + 1) * 8;
        if (length > octets.Length)
        {
            error = IsCut(length, octets.Length);
            return false;
        }

        view = new MobilityHeaderView(octets[..length]);
        error = default;
        return true;
    }

    /// <summary>True when the checksum over the pseudo-header of these addresses is right (RFC 6275, 6.1.1).</summary>
    public bool VerifyChecksum(Address source, Address destination) => InternetChecksum.Verify(
        InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.MobilityHeader, Octets.Length), Octets);

    /// <summary>Computes and writes the checksum of a whole Mobility Header.</summary>
    public static void WriteChecksum(Span<byte> mobilityHeader, Address source, Address destination)
    {
        // What the field holds is taken out of the sum (its complement is added): clearing it first would have the sum wait for the store.
        var pseudo = InternetChecksum.PseudoHeader(source, destination, (byte)IpProtocol.MobilityHeader, mobilityHeader.Length);
        var present = (ushort)~Fields.Checksum.ReadUInt16(mobilityHeader);
        Fields.Checksum.Write(mobilityHeader, InternetChecksum.Finish(pseudo + InternetChecksum.Sum(mobilityHeader) + present));
    }

    /// <summary>Checks that the message has its fixed part and that its options fill the rest.</summary>
    internal bool TryCheckMessage(MobilityHeaderType type, int fixedLength, out WireError error)
    {
        if (Type != type)
        {
            error = IsOfAnotherType(Type, type);
            return false;
        }

        if (Octets.Length < fixedLength)
        {
            error = IsTooShort(type);
            return false;
        }

        return MobilityOptionSequence.TryCheck(Octets[fixedLength..], fixedLength, out error);
    }

    // The texts are made apart from the checks: their room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsCut(int says, int has) => new(Fields.HeaderLength.Name, Fields.HeaderLength.Offset,
        string.Create(CultureInfo.InvariantCulture, $"says {says} octets, but there are {has}"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsOfAnotherType(MobilityHeaderType found, MobilityHeaderType expected) =>
        new(Fields.Type.Name, Fields.Type.Offset, $"the message is of type {(byte)found}, not {(byte)expected}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsTooShort(MobilityHeaderType type) =>
        new(Fields.HeaderLength.Name, Fields.HeaderLength.Offset, $"too short for Mobility Header type {(byte)type}");
}
