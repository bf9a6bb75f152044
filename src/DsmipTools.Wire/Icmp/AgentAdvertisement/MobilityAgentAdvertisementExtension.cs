using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.AgentAdvertisement;

/// <summary>Mobility Agent Advertisement extension (RFC 5944, 2.1.1).</summary>
public sealed record MobilityAgentAdvertisementExtension : AgentAdvertisementExtension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Mobility Agent Advertisement", "RFC 5944, 2.1.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<AgentAdvertisementExtensionType>("Type", 8, "the extension type");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets after this field");

        /// <summary>Counts the advertisements since the agent was initialized.</summary>
        public static readonly Field SequenceNumber =
            Layout.Number("SequenceNumber", 16, "counts the advertisements since the agent was initialized");

        /// <summary>Longest lifetime of a registration in seconds; 65535 is infinity.</summary>
        public static readonly Field RegistrationLifetime =
            Layout.Number("RegistrationLifetime", 16, "longest lifetime of a registration in seconds; 65535 is infinity");

        /// <summary>R: registration with a foreign agent is required.</summary>
        public static readonly Field RegistrationRequired =
            Layout.Flag("RegistrationRequired", "R: registration with a foreign agent is required");

        /// <summary>B: the foreign agent takes no more registrations.</summary>
        public static readonly Field Busy = Layout.Flag("Busy", "B: the foreign agent takes no more registrations");

        /// <summary>H: the agent is a home agent on this link.</summary>
        public static readonly Field HomeAgent = Layout.Flag("HomeAgent", "H: the agent is a home agent on this link");

        /// <summary>F: the agent is a foreign agent on this link.</summary>
        public static readonly Field ForeignAgent = Layout.Flag("ForeignAgent", "F: the agent is a foreign agent on this link");

        /// <summary>M: minimal encapsulation.</summary>
        public static readonly Field MinimalEncapsulation = Layout.Flag("MinimalEncapsulation", "M: minimal encapsulation");

        /// <summary>G: GRE encapsulation.</summary>
        public static readonly Field GreEncapsulation = Layout.Flag("GreEncapsulation", "G: GRE encapsulation");

        /// <summary>r: sent as zero, ignored on reception.</summary>
        public static readonly Field ReservedR = Layout.Reserved(1, "ReservedR");

        /// <summary>T: reverse tunneling (RFC 3024, 3.1).</summary>
        public static readonly Field ReverseTunneling = Layout.Flag("ReverseTunneling", "T: reverse tunneling (RFC 3024, 3.1)");

        /// <summary>U: UDP tunneling (RFC 3519, 3.4).</summary>
        public static readonly Field UdpTunneling = Layout.Flag("UdpTunneling", "U: UDP tunneling (RFC 3519, 3.4)");

        /// <summary>X: registration revocation (RFC 3543, 3.1).</summary>
        public static readonly Field RegistrationRevocation =
            Layout.Flag("RegistrationRevocation", "X: registration revocation (RFC 3543, 3.1)");

        /// <summary>I: regional registration (RFC 4857).</summary>
        public static readonly Field RegionalRegistration = Layout.Flag("RegionalRegistration", "I: regional registration (RFC 4857)");

        /// <summary>Reserved bits.</summary>
        public static readonly Field Reserved = Layout.Reserved(5);

        /// <summary>The table of one care-of address.</summary>
        public static readonly Layout CareOfAddress =
            AddressList.OfIPv4("Care-of Address", "RFC 5944, 2.1.1", "CareOfAddress", "a care-of address that the foreign agent provides");
    }

    /// <summary>Counts the advertisements since the agent was initialized.</summary>
    public ushort SequenceNumber { get; init; }

    /// <summary>Longest lifetime of a registration in seconds; 65535 is infinity.</summary>
    public ushort RegistrationLifetime { get; init; }

    /// <summary>R: registration with a foreign agent is required.</summary>
    public bool RegistrationRequired { get; init; }

    /// <summary>B: the foreign agent takes no more registrations.</summary>
    public bool Busy { get; init; }

    /// <summary>H: the agent is a home agent on this link.</summary>
    public bool HomeAgent { get; init; }

    /// <summary>F: the agent is a foreign agent on this link.</summary>
    public bool ForeignAgent { get; init; }

    /// <summary>M: minimal encapsulation.</summary>
    public bool MinimalEncapsulation { get; init; }

    /// <summary>G: GRE encapsulation.</summary>
    public bool GreEncapsulation { get; init; }

    /// <summary>r: sent as zero, ignored on reception.</summary>
    public bool ReservedR { get; init; }

    /// <summary>T: reverse tunneling (RFC 3024, 3.1).</summary>
    public bool ReverseTunneling { get; init; }

    /// <summary>U: UDP tunneling (RFC 3519, 3.4).</summary>
    public bool UdpTunneling { get; init; }

    /// <summary>X: registration revocation (RFC 3543, 3.1).</summary>
    public bool RegistrationRevocation { get; init; }

    /// <summary>I: regional registration (RFC 4857).</summary>
    public bool RegionalRegistration { get; init; }

    /// <summary>Reserved bits.</summary>
    public byte Reserved { get; init; }

    /// <summary>The care-of addresses of the foreign agent.</summary>
    public ValueList<Address> CareOfAddresses { get; init; }

    /// <inheritdoc/>
    public override AgentAdvertisementExtensionType Type => AgentAdvertisementExtensionType.MobilityAgentAdvertisement;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => AddressList.Parts(Fields.CareOfAddress, CareOfAddresses);

    internal static MobilityAgentAdvertisementExtension Read(ReadOnlySpan<byte> octets) => new()
    {
        SequenceNumber = Fields.SequenceNumber.ReadUInt16(octets),
        RegistrationLifetime = Fields.RegistrationLifetime.ReadUInt16(octets),
        RegistrationRequired = Fields.RegistrationRequired.ReadFlag(octets),
        Busy = Fields.Busy.ReadFlag(octets),
        HomeAgent = Fields.HomeAgent.ReadFlag(octets),
        ForeignAgent = Fields.ForeignAgent.ReadFlag(octets),
        MinimalEncapsulation = Fields.MinimalEncapsulation.ReadFlag(octets),
        GreEncapsulation = Fields.GreEncapsulation.ReadFlag(octets),
        ReservedR = Fields.ReservedR.ReadFlag(octets),
        ReverseTunneling = Fields.ReverseTunneling.ReadFlag(octets),
        UdpTunneling = Fields.UdpTunneling.ReadFlag(octets),
        RegistrationRevocation = Fields.RegistrationRevocation.ReadFlag(octets),
        RegionalRegistration = Fields.RegionalRegistration.ReadFlag(octets),
        Reserved = Fields.Reserved.ReadByte(octets),
        CareOfAddresses = AddressList.Read(Fields.CareOfAddress, octets[Fields.Layout.Length..]),
    };

    /// <summary>True for a length that holds whole addresses.</summary>
    internal static bool Fits(int length) =>
        length >= Fields.Layout.Length && (length - Fields.Layout.Length) % Fields.CareOfAddress.Length == 0;

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.SequenceNumber.Write(structure, SequenceNumber);
        Fields.RegistrationLifetime.Write(structure, RegistrationLifetime);
        Fields.RegistrationRequired.Write(structure, RegistrationRequired);
        Fields.Busy.Write(structure, Busy);
        Fields.HomeAgent.Write(structure, HomeAgent);
        Fields.ForeignAgent.Write(structure, ForeignAgent);
        Fields.MinimalEncapsulation.Write(structure, MinimalEncapsulation);
        Fields.GreEncapsulation.Write(structure, GreEncapsulation);
        Fields.ReservedR.Write(structure, ReservedR);
        Fields.ReverseTunneling.Write(structure, ReverseTunneling);
        Fields.UdpTunneling.Write(structure, UdpTunneling);
        Fields.RegistrationRevocation.Write(structure, RegistrationRevocation);
        Fields.RegionalRegistration.Write(structure, RegionalRegistration);
        Fields.Reserved.Write(structure, Reserved);
    }
}
