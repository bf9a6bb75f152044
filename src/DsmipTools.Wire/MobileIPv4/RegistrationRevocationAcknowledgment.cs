using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Registration Revocation Acknowledgment message (RFC 3543, 3.4).</summary>
public sealed record RegistrationRevocationAcknowledgment : MobileIPv4ControlMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Registration Revocation Acknowledgment", "RFC 3543, 3.4");

        /// <summary>Message type.</summary>
        public static readonly Field Type = Layout.Code<MobileIPv4MessageType>("Type", 8, "15");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>I: from a home agent, inform the mobile node; from a foreign agent, it was informed.</summary>
        public static readonly Field Inform = Layout.Flag("Inform", "I: from a home agent, inform the mobile node; from a foreign agent, it was informed");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(15, "ReservedFlags");

        /// <summary>The home address of the revocation.</summary>
        public static readonly Field HomeAddress = Layout.IPv4("HomeAddress", "copied from the revocation");

        /// <summary>The identifier of the revocation.</summary>
        public static readonly Field RevocationIdentifier = Layout.Number("RevocationIdentifier", 32, "copied from the revocation");
    }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <summary>I: from a home agent, inform the mobile node; from a foreign agent, it was informed.</summary>
    public bool Inform { get; init; }

    /// <summary>15 reserved bits, ignored by agents.</summary>
    public ushort ReservedFlags { get; init; }

    /// <summary>The home address of the revocation.</summary>
    public Address HomeAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The identifier of the revocation.</summary>
    public uint RevocationIdentifier { get; init; }

    /// <inheritdoc/>
    public override MobileIPv4MessageType Type => MobileIPv4MessageType.RegistrationRevocationAcknowledgment;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static RegistrationRevocationAcknowledgment ReadAcknowledgment(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadByte(octets),
        Inform = Fields.Inform.ReadFlag(octets),
        ReservedFlags = (ushort)Fields.ReservedFlags.ReadNumber(octets),
        HomeAddress = Fields.HomeAddress.ReadAddress(octets),
        RevocationIdentifier = Fields.RevocationIdentifier.ReadUInt32(octets),
        Extensions = ExtensionsOf(octets, Fields.Layout),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Type.Write(message, (byte)MobileIPv4MessageType.RegistrationRevocationAcknowledgment);
        Fields.Reserved.Write(message, Reserved);
        Fields.Inform.Write(message, Inform);
        Fields.ReservedFlags.Write(message, ReservedFlags);
        Fields.HomeAddress.Write(message, HomeAddress);
        Fields.RevocationIdentifier.Write(message, RevocationIdentifier);
    }
}
