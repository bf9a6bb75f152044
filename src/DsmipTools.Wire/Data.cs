using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire;

/// <summary>Octets that no table describes: what a packet carries for others, or what a decoder could not read.</summary>
public sealed record Data : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("Data", "");

        /// <summary>The octets.</summary>
        public static readonly Field Octets = Layout.Rest("Octets", "not decoded further");
    }

    /// <summary>The octets.</summary>
    public Octets Octets { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Octets.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Octets.Span.CopyTo(destination);
        return Octets.Length;
    }

    internal static Data Read(ReadOnlySpan<byte> octets) => new() { Octets = Octets.Create(octets) };
}
