using System.Globalization;

namespace DsmipTools.Wire.Rules;

/// <summary>A rule that a packet or message breaks, and where.</summary>
public sealed record RuleViolation
{
    /// <summary>
    /// The rule: an id of the conformance list such as <c>5846-5.1-05</c> where that has the statement (docs/conformance.md), otherwise RFC
    /// and section such as <c>RFC 6275, 6.1.7</c>.
    /// </summary>
    public required string Rule { get; init; }

    /// <summary>How grave it is.</summary>
    public required RuleSeverity Severity { get; init; }

    /// <summary>The header, message, extension or option that breaks it, by the RFC's name.</summary>
    public required string Structure { get; init; }

    /// <summary>The field as its layout table names it; null where it is about the structure as a whole, or about something missing.</summary>
    public string? Field { get; init; }

    /// <summary>Offset in octets from the start of the frame, or of the message that was checked alone.</summary>
    public required int Offset { get; init; }

    /// <summary>What is wrong, for a person.</summary>
    public required string Explanation { get; init; }

    /// <summary>The number of the packet in its capture or input; null for a message that was checked alone.</summary>
    public int? Number { get; init; }

    /// <summary>Structure and field: <c>Home Network Prefix.Reserved</c>.</summary>
    public string Where => Field is null ? Structure : $"{Structure}.{Field}";

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Severity} {Rule}, octet {Offset}, {Where}: {Explanation}");
}
