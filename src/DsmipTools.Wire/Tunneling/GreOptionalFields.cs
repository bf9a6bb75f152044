using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Tunneling;

/// <summary>Checksum and Reserved1 of a GRE header with C set (RFC 2784, 2.5 and 2.6).</summary>
public sealed record GreChecksum : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("GRE Checksum", "RFC 2784, 2.5");

        /// <summary>Checksum.</summary>
        public static readonly Field Checksum = Layout.Computed("Checksum", 16, "over the GRE header and what it carries");

        /// <summary>Reserved1.</summary>
        public static readonly Field Reserved1 = Layout.Reserved(16, "Reserved1");
    }

    /// <summary>The checksum; null computes it.</summary>
    public ushort? Checksum { get; init; }

    /// <summary>The reserved octets behind the checksum.</summary>
    public ushort Reserved1 { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.Checksum.Write(destination, Checksum ?? 0u);
        Fields.Reserved1.Write(destination, Reserved1);
        return GetLength();
    }

    internal static GreChecksum Read(ReadOnlySpan<byte> octets) => new()
    {
        Checksum = Fields.Checksum.ReadUInt16(octets),
        Reserved1 = Fields.Reserved1.ReadUInt16(octets),
    };
}

/// <summary>The key of a GRE header with K set (RFC 2890, 2.1).</summary>
public sealed record GreKey : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("GRE Key", "RFC 2890, 2.1");

        /// <summary>Key.</summary>
        public static readonly Field Key = Layout.Number("Key", 32, "tells the flows of a tunnel");
    }

    /// <summary>The key.</summary>
    public uint Key { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.Key.Write(destination, Key);
        return GetLength();
    }
}

/// <summary>The sequence number of a GRE header with S set (RFC 2890, 2.2).</summary>
public sealed record GreSequenceNumber : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("GRE Sequence Number", "RFC 2890, 2.2");

        /// <summary>Sequence number.</summary>
        public static readonly Field SequenceNumber = Layout.Number("SequenceNumber", 32, "the order in which packets were sent");
    }

    /// <summary>The sequence number.</summary>
    public uint SequenceNumber { get; init; }

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => Fields.Layout.Length;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.SequenceNumber.Write(destination, SequenceNumber);
        return GetLength();
    }
}
