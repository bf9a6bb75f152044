using System.Globalization;

namespace DsmipTools.Packets;

/// <summary>One field, or one whole header, option or extension, in which two packets differ.</summary>
public sealed record PacketDifference
{
    /// <summary>The message or header, and below it the option or extension: <c>Binding Update / Home Network Prefix</c>.</summary>
    public required string Layer { get; init; }

    /// <summary>The field; null for a structure that only one of the packets has.</summary>
    public string? Field { get; init; }

    /// <summary>The value in the reference packet for a person; null where it has none.</summary>
    public string? Reference { get; init; }

    /// <summary>The value in the other packet for a person; null where it has none.</summary>
    public string? Difference { get; init; }

    /// <summary>The value in the reference packet: of a field as it was decoded, of a structure its octets.</summary>
    public object? ReferenceValue { get; init; }

    /// <summary>The value in the other packet: of a field as it was decoded, of a structure its octets.</summary>
    public object? DifferenceValue { get; init; }

    /// <summary>Offset in octets in the reference packet; null where it is missing there.</summary>
    public int? ReferenceOffset { get; init; }

    /// <summary>Offset in octets in the other packet; null where it is missing there.</summary>
    public int? DifferenceOffset { get; init; }

    /// <summary><c>&lt;=</c> only the reference has it, <c>=&gt;</c> only the other, <c>&lt;&gt;</c> they differ, <c>==</c> they are equal.</summary>
    public required string SideIndicator { get; init; }

    /// <summary>The number of the reference packet; null for a message.</summary>
    public int? ReferenceNumber { get; init; }

    /// <summary>The number of the other packet; null for a message.</summary>
    public int? DifferenceNumber { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Layer}{(Field is null ? "" : $", {Field}")}: {Reference ?? "-"} {SideIndicator} {Difference ?? "-"}");
}
