using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.MobileIPv4.Extensions;

/// <summary>MN-FA Challenge extension (RFC 4721, 4): the mobile node gives back the challenge of the foreign agent.</summary>
public sealed record MobileForeignChallengeExtension : Extension
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("MN-FA Challenge", "RFC 4721, 4");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<ExtensionType>("Type", 8, "132");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets of the challenge");

        /// <summary>Challenge.</summary>
        public static readonly Field Challenge = Layout.Rest("Challenge", "copied from the foreign agent");
    }

    /// <summary>The challenge, copied from the foreign agent's advertisement or reply.</summary>
    public required Octets Challenge { get; init; }

    /// <inheritdoc/>
    public override ExtensionType Type => ExtensionType.MobileForeignChallenge;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length + Challenge.Length;

    private protected override void WriteFields(Span<byte> extension) => Challenge.Span.CopyTo(extension[Fields.Challenge.Offset..]);
}
