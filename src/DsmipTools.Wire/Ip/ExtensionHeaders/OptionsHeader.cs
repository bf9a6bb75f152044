using DsmipTools.Wire.Ip.Options;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.ExtensionHeaders;

/// <summary>The form that the hop-by-hop and the destination options header share (RFC 8200, 4.2).</summary>
public abstract record OptionsHeader : Structure
{
    /// <summary>Octets before the first option.</summary>
    internal const int FixedLength = 2;

    /// <summary>What follows; null finds out when a packet is composed.</summary>
    public IpProtocol? NextHeader { get; init; }

    /// <summary>The length in units of 8 octets after the first 8; null computes it.</summary>
    public byte? HeaderLength { get; init; }

    /// <summary>The options, without the padding that composing adds.</summary>
    public ValueList<IPv6Option> Options { get; init; }

    /// <summary>True when <see cref="Options"/> already hold all padding and are written as they are.</summary>
    public bool Verbatim { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => Options;

    /// <inheritdoc/>
    public sealed override int GetLength() => OptionArea.GetLength(FixedLength, Options.Span, Verbatim);

    /// <inheritdoc/>
    public sealed override int Write(Span<byte> destination)
    {
        var header = destination[..GetLength()];
        NextHeaderField.Write(header, (ulong)(NextHeader ?? IpProtocol.NoNextHeader));
        HeaderLengthField.WriteLength(header, Math.Max(0, (header.Length / 8) - 1), HeaderLength);
        OptionArea.Write(header, FixedLength, Options.Span, Verbatim);
        return header.Length;
    }

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        place.WriteProtocol(octets, NextHeaderField, NextHeader);
    }

    private protected abstract Field NextHeaderField { get; }

    private protected abstract Field HeaderLengthField { get; }

    /// <summary>The options of a header whose options have been checked.</summary>
    private protected static ValueList<IPv6Option> ReadOptions(ReadOnlySpan<byte> octets)
    {
        var options = new List<IPv6Option>();
        for (var at = 0; at < octets.Length;)
        {
            var length = TypeLengthValue.LengthAt(octets, at);
            options.Add(IPv6Option.Read(octets.Slice(at, length)));
            at += length;
        }

        return ValueList.From(options);
    }
}
