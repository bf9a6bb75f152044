using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>UDP Tunnel Request extension (RFC 3519, 3.1): the sender can do UDP tunnelling.</summary>
public sealed record UdpTunnelRequestExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("UDP Tunnel Request", "RFC 3519, 3.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "144");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "6");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Number("Subtype", 8, "0");

        /// <summary>Reserved 1.</summary>
        public static readonly Field Reserved1 = Layout.Reserved(8, "Reserved1");

        /// <summary>F: tunnel even when there is no NAT.</summary>
        public static readonly Field Force = Layout.Flag("Force", "F: tunnel even when there is no NAT");

        /// <summary>R: the foreign agent advertises that registration goes through it.</summary>
        public static readonly Field RegistrationThroughForeignAgentRequired = Layout.Flag("RegistrationThroughForeignAgentRequired", "R: the foreign agent advertises that registration goes through it");

        /// <summary>Reserved 2.</summary>
        public static readonly Field Reserved2 = Layout.Reserved(6, "Reserved2");

        /// <summary>What is tunnelled.</summary>
        public static readonly Field Encapsulation = Layout.Code<IpProtocol>("Encapsulation", 8, "4 IP, 47 GRE, 55 minimal encapsulation; 0 leaves it to M and G");

        /// <summary>Reserved 3.</summary>
        public static readonly Field Reserved3 = Layout.Reserved(16, "Reserved3");
    }

    /// <summary>The first reserved octet, ignored on receipt.</summary>
    public byte Reserved1 { get; init; }

    /// <summary>F: tunnel even when there is no NAT.</summary>
    public bool Force { get; init; }

    /// <summary>R: a co-located care-of address is registered through a foreign agent, because that advertises R.</summary>
    public bool RegistrationThroughForeignAgentRequired { get; init; }

    /// <summary>Six reserved bits, ignored on receipt.</summary>
    public byte Reserved2 { get; init; }

    /// <summary>What is tunnelled: 4 IP, 47 GRE, 55 minimal encapsulation; 0 leaves it to the M and G flags of the request.</summary>
    public IpProtocol Encapsulation { get; init; }

    /// <summary>The last reserved octets; unlike the others, a receiver skips an extension in which they are not zero (RFC 3519, 3.1.3).</summary>
    public ushort Reserved3 { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.UdpTunnelRequest;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static UdpTunnelRequestExtension? Read(ExtensionView view) => view.Is(ExtensionType.UdpTunnelRequest, subtype: 0, Fields.Layout)
        ? new UdpTunnelRequestExtension
        {
            Reserved1 = Fields.Reserved1.ReadByte(view.Octets),
            Force = Fields.Force.ReadFlag(view.Octets),
            RegistrationThroughForeignAgentRequired = Fields.RegistrationThroughForeignAgentRequired.ReadFlag(view.Octets),
            Reserved2 = Fields.Reserved2.ReadByte(view.Octets),
            Encapsulation = (IpProtocol)Fields.Encapsulation.ReadByte(view.Octets),
            Reserved3 = Fields.Reserved3.ReadUInt16(view.Octets),
        }
        : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Reserved1.Write(extension, Reserved1);
        Fields.Force.Write(extension, Force);
        Fields.RegistrationThroughForeignAgentRequired.Write(extension, RegistrationThroughForeignAgentRequired);
        Fields.Reserved2.Write(extension, Reserved2);
        Fields.Encapsulation.Write(extension, (byte)Encapsulation);
        Fields.Reserved3.Write(extension, Reserved3);
    }
}
