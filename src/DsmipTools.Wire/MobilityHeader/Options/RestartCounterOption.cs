using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobilityHeader.Options;

/// <summary>Restart Counter option (RFC 5847, 3.4): how often the sender of a heartbeat response lost its state.</summary>
public sealed record RestartCounterOption : MobilityOption
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Restart Counter", "RFC 5847, 3.4");

        /// <summary>Type and length.</summary>
        public static readonly MobilityOptionForm Form = new(Layout, MobilityOptionType.RestartCounter, From, 4, 2);

        /// <summary>The current restart counter.</summary>
        public static readonly Field RestartCounter = Layout.Number("RestartCounter", 32, "the current restart counter");
    }

    /// <summary>The current restart counter.</summary>
    public required uint RestartCounter { get; init; }

    private protected override MobilityOptionForm Form => Fields.Form;

    /// <summary>Reads the counter; false when the option is of another type or its length does not fit.</summary>
    public static bool TryRead(MobilityOptionView view, out uint restartCounter)
    {
        var fits = Fields.Form.Matches(view);
        restartCounter = fits ? Fields.RestartCounter.ReadUInt32(view.Octets) : default;
        return fits;
    }

    private static RestartCounterOption From(ReadOnlySpan<byte> option) => new()
    {
        RestartCounter = Fields.RestartCounter.ReadUInt32(option),
    };

    private protected override void WriteFields(Span<byte> option)
    {
        Fields.RestartCounter.Write(option, RestartCounter);
    }
}
