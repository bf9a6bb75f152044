using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Registration Revocation message (RFC 3543, 3.3): an agent revokes the binding of a mobile node.</summary>
public sealed record RegistrationRevocation : MobileIPv4ControlMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Registration Revocation", "RFC 3543, 3.3");

        /// <summary>Message type.</summary>
        public static readonly Field Type = Layout.Code<MobileIPv4MessageType>("Type", 8, "7");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>A: the revoking agent is the home agent of this binding.</summary>
        public static readonly Field Agent = Layout.Flag("Agent", "A: the revoking agent is the home agent of this binding; clear, the foreign agent");

        /// <summary>I: inform the mobile node.</summary>
        public static readonly Field Inform = Layout.Flag("Inform", "I: inform the mobile node, or ask whether to");

        /// <summary>Reserved bits.</summary>
        public static readonly Field ReservedFlags = Layout.Reserved(14, "ReservedFlags");

        /// <summary>The mobile node's home address.</summary>
        public static readonly Field HomeAddress = Layout.IPv4("HomeAddress", "the home address of the mobile node whose registration is revoked");

        /// <summary>The home agent's address.</summary>
        public static readonly Field HomeDomainAddress = Layout.IPv4("HomeDomainAddress", "the home agent's address, which identifies the binding");

        /// <summary>The address in the foreign domain.</summary>
        public static readonly Field ForeignDomainAddress = Layout.IPv4("ForeignDomainAddress", "the foreign agent's address or the co-located care-of address");

        /// <summary>Replay protection.</summary>
        public static readonly Field RevocationIdentifier = Layout.Number("RevocationIdentifier", 32, "the timestamp of the revoking agent, against replay (RFC 3543, 3.5)");
    }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <summary>A: true when the revoking agent is the home agent of this binding, false when it is the foreign agent.</summary>
    public bool Agent { get; init; }

    /// <summary>I: from a home agent, inform the mobile node; from a foreign agent, shall the mobile node be informed?</summary>
    public bool Inform { get; init; }

    /// <summary>14 reserved bits, ignored by agents.</summary>
    public ushort ReservedFlags { get; init; }

    /// <summary>The home address of the mobile node whose registration is revoked.</summary>
    public Address HomeAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The home agent's address, which identifies the binding.</summary>
    public Address HomeDomainAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The foreign agent's address or the co-located care-of address.</summary>
    public Address ForeignDomainAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The timestamp of the revoking agent, in the clock of its revocation support extensions (RFC 3543, 3.5).</summary>
    public uint RevocationIdentifier { get; init; }

    /// <inheritdoc/>
    public override MobileIPv4MessageType Type => MobileIPv4MessageType.RegistrationRevocation;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static RegistrationRevocation ReadRevocation(ReadOnlySpan<byte> octets) => new()
    {
        Reserved = Fields.Reserved.ReadByte(octets),
        Agent = Fields.Agent.ReadFlag(octets),
        Inform = Fields.Inform.ReadFlag(octets),
        ReservedFlags = (ushort)Fields.ReservedFlags.ReadNumber(octets),
        HomeAddress = Fields.HomeAddress.ReadAddress(octets),
        HomeDomainAddress = Fields.HomeDomainAddress.ReadAddress(octets),
        ForeignDomainAddress = Fields.ForeignDomainAddress.ReadAddress(octets),
        RevocationIdentifier = Fields.RevocationIdentifier.ReadUInt32(octets),
        Extensions = ExtensionsOf(octets, Fields.Layout),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Type.Write(message, (byte)MobileIPv4MessageType.RegistrationRevocation);
        Fields.Reserved.Write(message, Reserved);
        Fields.Agent.Write(message, Agent);
        Fields.Inform.Write(message, Inform);
        Fields.ReservedFlags.Write(message, ReservedFlags);
        Fields.HomeAddress.Write(message, HomeAddress);
        Fields.HomeDomainAddress.Write(message, HomeDomainAddress);
        Fields.ForeignDomainAddress.Write(message, ForeignDomainAddress);
        Fields.RevocationIdentifier.Write(message, RevocationIdentifier);
    }
}
