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

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.AccessTechnologyType, From);

        /// <summary>Reserved.</summary>
        public static readonly Field Reserved = Layout.Reserved(8);

        /// <summary>The value.</summary>
        public static readonly Field AccessTechnologyType = Layout.Code<AccessTechnologyType>("AccessTechnologyType", 8, "the access technology of the mobile node");
    }

    /// <summary>The access technology of the mobile node.</summary>
    public required AccessTechnologyType AccessTechnologyType { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the value; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out AccessTechnologyType value)
    {
        var fits = Fields.Form.Matches(view);
        value = fits ? (AccessTechnologyType)Fields.AccessTechnologyType.ReadByte(view.Octets) : default;
        return fits;
    }

    private static AccessTechnologyTypeOption From(ReadOnlySpan<byte> option) => new()
    {
        Reserved = Fields.Reserved.ReadByte(option),
        AccessTechnologyType = (AccessTechnologyType)Fields.AccessTechnologyType.ReadByte(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.Reserved.Write(option, Reserved);
        Fields.AccessTechnologyType.Write(option, (byte)AccessTechnologyType);
    }
}
