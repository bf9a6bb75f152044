using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Binding Refresh Advice option (RFC 6275, 6.2.4): when a mobile node should register again with its home agent.</summary>
public sealed record BindingRefreshAdviceOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Binding Refresh Advice", "RFC 6275, 6.2.4");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.BindingRefreshAdvice, From, 2);

        /// <summary>Time until the next registration in units of 4 seconds, less than the lifetime.</summary>
        public static readonly Field RefreshInterval = Layout.Number("RefreshInterval", 16, "time until the next registration, in units of 4 seconds");
    }

    /// <summary>Time until the next registration in units of 4 seconds, less than the lifetime.</summary>
    public required ushort RefreshInterval { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the interval; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out ushort refreshInterval)
    {
        var fits = Fields.Form.Matches(view);
        refreshInterval = fits ? Fields.RefreshInterval.ReadUInt16(view.Octets) : default;
        return fits;
    }

    private static BindingRefreshAdviceOption From(ReadOnlySpan<byte> option) => new()
    {
        RefreshInterval = Fields.RefreshInterval.ReadUInt16(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.RefreshInterval.Write(option, RefreshInterval);
    }
}
