using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>Registration Reply (RFC 5944, 3.4).</summary>
public sealed record RegistrationReply : MobileIPv4ControlMessage
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Registration Reply", "RFC 5944, 3.4");

        /// <summary>Message type.</summary>
        public static readonly Field Type = Layout.Code<MobileIPv4MessageType>("Type", 8, "3");

        /// <summary>The outcome.</summary>
        public static readonly Field Code = Layout.Code<RegistrationCode>("Code", 8, "the outcome");

        /// <summary>Granted seconds; 0 is de-registered, 65535 is infinity.</summary>
        public static readonly Field Lifetime = Layout.Number("Lifetime", 16, "granted seconds; 0 is de-registered, 65535 is infinity");

        /// <summary>The mobile node's home address.</summary>
        public static readonly Field HomeAddress = Layout.IPv4("HomeAddress", "the mobile node's home address");

        /// <summary>The home agent's address.</summary>
        public static readonly Field HomeAgent = Layout.IPv4("HomeAgent", "the home agent's address");

        /// <summary>The low 32 bits are those of the request (RFC 5944, 5.7).</summary>
        public static readonly Field Identification = Layout.Number("Identification", 64, "the low 32 bits are those of the request (RFC 5944, 5.7)");
    }

    /// <summary>The outcome.</summary>
    public RegistrationCode Code { get; init; }

    /// <summary>Granted seconds; 0 is de-registered, 65535 is infinity.</summary>
    public ushort Lifetime { get; init; }

    /// <summary>The mobile node's home address.</summary>
    public Address HomeAddress { get; init; } = Address.AnyIPv4;

    /// <summary>The home agent's address.</summary>
    public Address HomeAgent { get; init; } = Address.AnyIPv4;

    /// <summary>The low 32 bits are those of the request (RFC 5944, 5.7).</summary>
    public ulong Identification { get; init; }

    /// <inheritdoc/>
    public override MobileIPv4MessageType Type => MobileIPv4MessageType.RegistrationReply;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <summary>Makes the record of a checked view.</summary>
    public static RegistrationReply From(RegistrationReplyView view) => new()
    {
        Code = view.Code,
        Lifetime = view.Lifetime,
        HomeAddress = view.HomeAddress,
        HomeAgent = view.HomeAgent,
        Identification = view.Identification,
        Extensions = ExtensionsOf(view.Extensions),
    };

    private protected override void WriteFields(Span<byte> message)
    {
        Fields.Type.Write(message, (byte)MobileIPv4MessageType.RegistrationReply);
        Fields.Code.Write(message, (byte)Code);
        Fields.Lifetime.Write(message, Lifetime);
        Fields.HomeAddress.Write(message, HomeAddress);
        Fields.HomeAgent.Write(message, HomeAgent);
        Fields.Identification.Write(message, Identification);
    }
}
