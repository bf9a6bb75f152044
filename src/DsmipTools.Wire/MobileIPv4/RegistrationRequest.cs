using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Registration Request (RFC 5944, 3.3).</summary>
public sealed record RegistrationRequest : MobileIPv4ControlMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Registration Request", "RFC 5944, 3.3");

        /// <summary>Message type.</summary>
        public static readonly Field Type = Layout.Code<MobileIPv4MessageType>("Type", 8, "1");

        /// <summary>S: keep prior mobility bindings.</summary>
        public static readonly Field SimultaneousBindings = Layout.Flag("SimultaneousBindings", "S: keep prior mobility bindings");

        /// <summary>B: tunnel broadcast datagrams of the home network.</summary>
        public static readonly Field BroadcastDatagrams = Layout.Flag("BroadcastDatagrams", "B: tunnel broadcast datagrams of the home network");

        /// <summary>D: co-located care-of address.</summary>
        public static readonly Field DecapsulationByMobileNode = Layout.Flag("DecapsulationByMobileNode", "D: co-located care-of address");

        /// <summary>M: minimal encapsulation.</summary>
        public static readonly Field MinimalEncapsulation = Layout.Flag("MinimalEncapsulation", "M: minimal encapsulation");

        /// <summary>G: GRE encapsulation.</summary>
        public static readonly Field GreEncapsulation = Layout.Flag("GreEncapsulation", "G: GRE encapsulation");

        /// <summary>R: sent as zero, ignored on reception.</summary>
        public static readonly Field ReservedR = Layout.Reserved(1, "ReservedR");

        /// <summary>T: reverse tunneling (RFC 3024).</summary>
        public static readonly Field ReverseTunneling = Layout.Flag("ReverseTunneling", "T: reverse tunneling (RFC 3024)");

        /// <summary>X: sent as zero, ignored on reception.</summary>
        public static readonly Field ReservedX = Layout.Reserved(1, "ReservedX");

        /// <summary>Seconds; 0 de-registers, 65535 is infinity.</summary>
        public static readonly Field Lifetime = Layout.Number("Lifetime", 16, "seconds; 0 de-registers, 65535 is infinity");

        /// <summary>The mobile node's home address.</summary>
        public static readonly Field HomeAddress = Layout.IPv4("HomeAddress", "the mobile node's home address");

        /// <summary>The home agent's address.</summary>
        public static readonly Field HomeAgent = Layout.IPv4("HomeAgent", "the home agent's address");

        /// <summary>The end of the tunnel.</summary>
        public static readonly Field CareOfAddress = Layout.IPv4("CareOfAddress", "the end of the tunnel");

        /// <summary>Matches replies with requests and protects against replay (RFC 5944, 5.7).</summary>
        public static readonly Field Identification = Layout.Number("Identification", 64, "matches replies with requests and protects against replay (RFC 5944, 5.7)");
    }

    /// <summary>S: keep prior mobility bindings.</summary>
    public bool SimultaneousBindings { get; init; }

    /// <summary>B: tunnel broadcast datagrams of the home network.</summary>
    public bool BroadcastDatagrams { get; init; }

    /// <summary>D: co-located care-of address.</summary>
    public bool DecapsulationByMobileNode { get; init; }

    /// <summary>M: minimal encapsulation.</summary>
    public bool MinimalEncapsulation { get; init; }

    /// <summary>G: GRE encapsulation.</summary>
    public bool GreEncapsulation { get; init; }

    /// <summary>R: sent as zero, ignored on reception.</summary>
    public bool ReservedR { get; init; }

    /// <summary>T: reverse tunneling (RFC 3024).</summary>
    public bool ReverseTunneling { get; init; }

    /// <summary>X: sent as zero, ignored on reception.</summary>
    public bool ReservedX { get; init; }

    /// <summary>Seconds; 0 de-registers, 65535 is infinity.</summary>
    public ushort Lifetime { get; init; }

    /// <summary>The mobile node's home address.</summary>
    public Address HomeAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The home agent's address.</summary>
    public Address HomeAgent { get; init; } = Address.AnyIPv4;

    /// <summary>The end of the tunnel.</summary>
    public Address CareOfAddress { get; init; } = Address.AnyIPv4;

    /// <summary>Matches replies with requests and protects against replay (RFC 5944, 5.7).</summary>
    public ulong Identification { get; init; }

    /// <inheritdoc/>
    public override MobileIPv4MessageType Type => MobileIPv4MessageType.RegistrationRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static RegistrationRequest From(RegistrationRequestView view) => new()
    {
        SimultaneousBindings = view.SimultaneousBindings,
        BroadcastDatagrams = view.BroadcastDatagrams,
        DecapsulationByMobileNode = view.DecapsulationByMobileNode,
        MinimalEncapsulation = view.MinimalEncapsulation,
        GreEncapsulation = view.GreEncapsulation,
        ReservedR = view.ReservedR,
        ReverseTunneling = view.ReverseTunneling,
        ReservedX = view.ReservedX,
        Lifetime = view.Lifetime,
        HomeAddress = view.HomeAddress,
        HomeAgent = view.HomeAgent,
        CareOfAddress = view.CareOfAddress,
        Identification = view.Identification,
        Extensions = ExtensionsOf(view.Extensions),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Type.Write(message, (byte)MobileIPv4MessageType.RegistrationRequest);
        Fields.SimultaneousBindings.Write(message, SimultaneousBindings);
        Fields.BroadcastDatagrams.Write(message, BroadcastDatagrams);
        Fields.DecapsulationByMobileNode.Write(message, DecapsulationByMobileNode);
        Fields.MinimalEncapsulation.Write(message, MinimalEncapsulation);
        Fields.GreEncapsulation.Write(message, GreEncapsulation);
        Fields.ReservedR.Write(message, ReservedR);
        Fields.ReverseTunneling.Write(message, ReverseTunneling);
        Fields.ReservedX.Write(message, ReservedX);
        Fields.Lifetime.Write(message, Lifetime);
        Fields.HomeAddress.Write(message, HomeAddress);
        Fields.HomeAgent.Write(message, HomeAgent);
        Fields.CareOfAddress.Write(message, CareOfAddress);
        Fields.Identification.Write(message, Identification);
    }
}
