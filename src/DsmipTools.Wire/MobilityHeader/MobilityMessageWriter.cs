using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>Writes a Mobility Header message: fixed part, options with the padding that their alignment asks for, length. Does not allocate.</summary>
public ref struct MobilityMessageWriter
{
    /// <summary>The longest Mobility Header in octets: its length field counts 255 units of 8 octets after the first 8.</summary>
    public const int MaximumLength = 256 * 8;

    private readonly Span<byte> buffer;

    /// <summary>Starts a message; its fixed part is cleared for the caller to fill in through <see cref="Octets"/>.</summary>
    /// <param name="buffer">Where the message goes.</param>
    /// <param name="type">The message type.</param>
    /// <param name="fixedLength">Octets before the first option.</param>
    public MobilityMessageWriter(Span<byte> buffer, MobilityHeaderType type, int fixedLength)
    {
        this.buffer = buffer;
        Length = fixedLength;
        buffer[..fixedLength].Clear();
        MobilityHeaderFields.Common.PayloadProto.Write(buffer, (byte)IpProtocol.NoNextHeader);
        MobilityHeaderFields.Common.Type.Write(buffer, (byte)type);
    }

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>The message so far.</summary>
    public readonly Span<byte> Octets => buffer[..Length];

    /// <summary>Adds an option record with the padding before it that it needs.</summary>
    public void Append(MobilityOption option)
    {
        ArgumentNullException.ThrowIfNull(option);
        var (multiple, remainder) = option.Alignment;
        Pad(multiple, remainder);
        Length += option.Write(buffer[Length..]);
    }

    /// <summary>
    /// Adds an option of a fixed length, for example <c>RestartCounterOption.Fields.Form</c>, and returns its octets: all zero but for type and
    /// length, to be filled in through the fields of its table.
    /// </summary>
    /// <param name="form">The form of the option.</param>
    public Span<byte> Append(MobilityOptionForm form)
    {
        ArgumentNullException.ThrowIfNull(form);
        return Append(form, form.Table.Length);
    }

    /// <summary>Adds an option of a variable length, and returns its octets to be filled in.</summary>
    /// <param name="form">The form of the option.</param>
    /// <param name="length">Octets of the option with type and length.</param>
    public Span<byte> Append(MobilityOptionForm form, int length)
    {
        ArgumentNullException.ThrowIfNull(form);
        var (multiple, remainder) = form.AlignmentOf(length);
        Pad(multiple, remainder);
        var option = buffer.Slice(Length, length);
        TypeLengthValue.Begin(option, (byte)form.Type);
        Length += length;
        return option;
    }

    /// <summary>Adds a Mobile Node Identifier option, subtype 1 (RFC 4283, 3.1).</summary>
    public void AppendMobileNodeIdentifier(ReadOnlySpan<byte> identifier)
    {
        var option = Append(MobileNodeIdentifierOption.Fields.Form, MobileNodeIdentifierOption.Fields.Layout.Length + identifier.Length);
        MobileNodeIdentifierOption.Fields.Subtype.Write(option, (byte)MobileNodeIdentifierSubtype.NetworkAccessIdentifier);
        identifier.CopyTo(option[MobileNodeIdentifierOption.Fields.Identifier.Offset..]);
    }

    /// <summary>Adds a Home Network Prefix option (RFC 5213, 8.3).</summary>
    public void AppendHomeNetworkPrefix(Prefix prefix)
    {
        var option = Append(HomeNetworkPrefixOption.Fields.Form);
        HomeNetworkPrefixOption.Fields.PrefixLength.Write(option, prefix.Length);
        HomeNetworkPrefixOption.Fields.HomeNetworkPrefix.Write(option, prefix.Bits);
    }

    /// <summary>Adds a Handoff Indicator option (RFC 5213, 8.4).</summary>
    public void AppendHandoffIndicator(HandoffIndicator indicator) =>
        HandoffIndicatorOption.Fields.Indicator.Write(Append(HandoffIndicatorOption.Fields.Form), (byte)indicator);

    /// <summary>Adds an Access Technology Type option (RFC 5213, 8.5).</summary>
    public void AppendAccessTechnologyType(AccessTechnologyType technology) =>
        AccessTechnologyTypeOption.Fields.AccessTechnologyType.Write(Append(AccessTechnologyTypeOption.Fields.Form), (byte)technology);

    /// <summary>Adds a Timestamp option (RFC 5213, 8.8).</summary>
    public void AppendTimestamp(ulong timestamp) => TimestampOption.Fields.Timestamp.Write(Append(TimestampOption.Fields.Form), timestamp);

    /// <summary>Pads the message to a multiple of 8 octets, sets its header length and returns its length in octets.</summary>
    /// <exception cref="ArgumentException">The message is longer than a Mobility Header can be.</exception>
    public int Finish() => Finish(null);

    internal int Finish(byte? headerLength)
    {
        Pad(8, 0);
        return FinishVerbatim(headerLength);
    }

    /// <summary>Sets the header length without adding padding.</summary>
    internal readonly int FinishVerbatim(byte? headerLength)
    {
        MobilityHeaderFields.Common.HeaderLength.WriteLength(buffer, Math.Max(0, (Length / 8) - 1), headerLength);
        return Length;
    }

    internal void AppendVerbatim(MobilityOption option) => Length += option.Write(buffer[Length..]);

    // Two numbers and not a pair: a pair goes through memory, and costs a third of writing a small message.
    private void Pad(int multiple, int remainder)
    {
        var count = OptionArea.Padding(Length, multiple, remainder);
        if (count == 0)
        {
            return;
        }

        TypeLengthValue.Begin(buffer.Slice(Length, count), (byte)(count == 1 ? MobilityOptionType.Pad1 : MobilityOptionType.PadN));
        Length += count;
    }
}
