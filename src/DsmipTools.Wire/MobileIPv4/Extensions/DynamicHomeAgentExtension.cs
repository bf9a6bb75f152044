using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>Dynamic HA extension (RFC 4433): the home agent that a mobile node would like, or is sent to.</summary>
public sealed record DynamicHomeAgentExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Dynamic HA", "RFC 4433");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "139");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "5");

        /// <summary>Subtype.</summary>
        public static readonly Field Subtype = Layout.Code<DynamicHomeAgentSubtype>("Subtype", 8, "1 requested, 2 redirected");

        /// <summary>The home agent's address.</summary>
        public static readonly Field HomeAgent = Layout.IPv4("HomeAgent", "the home agent's address");
    }

    /// <summary>Requested or redirected; an extension with another subtype is kept as unknown.</summary>
    public required DynamicHomeAgentSubtype Subtype { get; init; }

    /// <summary>The home agent's address.</summary>
    public required Address HomeAgent { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.DynamicHomeAgent;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static DynamicHomeAgentExtension? Read(ExtensionView view) =>
        view.Is(ExtensionType.DynamicHomeAgent, Fields.Layout) && Enum.IsDefined((DynamicHomeAgentSubtype)view.Subtype)
            ? new DynamicHomeAgentExtension
            {
                Subtype = (DynamicHomeAgentSubtype)view.Subtype,
                HomeAgent = Fields.HomeAgent.ReadAddress(view.Octets),
            }
            : null;

    private protected override void WriteFields(Span<byte> extension)
    {
        Fields.Subtype.Write(extension, (byte)Subtype);
        Fields.HomeAgent.Write(extension, HomeAgent);
    }
}
