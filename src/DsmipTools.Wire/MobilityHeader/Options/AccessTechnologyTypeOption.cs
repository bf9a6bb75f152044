using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Access Technology Type option (RFC 5213, 8.5).</summary>
public sealed record AccessTechnologyTypeOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Access Technology Type", "RFC 5213, 8.5");

        /// <summary>Option type.</summary>
        public static readonly Field Type = Layout.Code<MobilityOptionType>("Type", 8, "24");

        /// <summary>Option length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "2");

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>The value.</summary>
        public static readonly Field AccessTechnologyType = Layout.Code<AccessTechnologyType>("AccessTechnologyType", 8, "the access technology of the mobile node");
    }

    /// <summary>The access technology of the mobile node.</summary>
    public required AccessTechnologyType AccessTechnologyType { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <inheritdoc/>
    public override MobilityOptionType Type => MobilityOptionType.AccessTechnologyType;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <summary>Reads the value; false when the option is of another type or its length is not 2.</summary>
    public static bool TryRead(MobilityOptionView view, out AccessTechnologyType value)
    {
        var fits = view.Type == MobilityOptionType.AccessTechnologyType && view.Octets.Length == Fields.Layout.Length;
        value = fits ? (AccessTechnologyType)Fields.AccessTechnologyType.ReadByte(view.Octets) : default;
        return fits;
    }

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.AccessTechnologyType.Write(option, (byte)AccessTechnologyType);
    }
}
