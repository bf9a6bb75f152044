using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.MobilityHeader;

/// <summary>A Mobility Header message as an immutable value (RFC 6275, 6.1).</summary>
/// <remarks>
/// Composing computes lengths and padding and leaves the checksum zero for the envelope to fill in. A decoded message is verbatim:
/// it keeps padding, reserved bits and checksum, so that writing it gives the octets it was read from.
/// </remarks>
public abstract record MobilityMessage : Structure
{
    private protected MobilityMessage()
    {
    }

    /// <summary>Takes over what every Mobility Header has, and the options behind the fixed part.</summary>
    /// <param name="view">The Mobility Header.</param>
    /// <param name="fixedLength">Octets before the first option.</param>
    private protected MobilityMessage(MobilityHeaderView view, int fixedLength)
    {
        PayloadProto = view.PayloadProto;
        HeaderLength = view.HeaderLength;
        Reserved = view.Reserved;
        Checksum = view.Checksum;
        Options = OptionsOf(new MobilityOptionSequence(view.Octets[fixedLength..], fixedLength));
        Verbatim = true;
    }

    /// <summary>The payload proto; 59 unless a wrong packet is wanted.</summary>
    public byte PayloadProto { get; init; } = (byte)IpProtocol.NoNextHeader;

    /// <summary>The header length as decoded, or an override; null computes it.</summary>
    public byte? HeaderLength { get; init; }

    /// <summary>The reserved octet.</summary>
    public byte Reserved { get; init; }

    /// <summary>The checksum as decoded, or an override; null leaves it to the envelope.</summary>
    public ushort? Checksum { get; init; }

    /// <summary>The mobility options, without the padding that composing adds.</summary>
    public ValueList<MobilityOption> Options { get; init; }

    /// <summary>True when <see cref="Options"/> already hold all padding and are written as they are.</summary>
    public bool Verbatim { get; init; }

    /// <summary>The message type.</summary>
    public abstract MobilityHeaderType Type { get; }

    /// <inheritdoc/>
    public override IEnumerable<Structure> Parts => Options;

    internal override IpProtocol? ProtocolNumber => IpProtocol.MobilityHeader;

    /// <summary>Octets on the wire, with padding.</summary>
    public sealed override int GetLength() => OptionArea.GetLength(FixedLength, Options.Span, Verbatim);

    /// <summary>Writes the message and returns the octets written; the checksum is zero unless it was given or decoded.</summary>
    public sealed override int Write(Span<byte> destination)
    {
        var writer = new MobilityMessageWriter(destination, Type, FixedLength);
        MobilityHeaderFields.Common.PayloadProto.Write(destination, PayloadProto);
        MobilityHeaderFields.Common.Reserved.Write(destination, Reserved);
        MobilityHeaderFields.Common.Checksum.Write(destination, Checksum ?? 0u);
        WriteFields(destination);
        foreach (var option in Options)
        {
            if (Verbatim)
            {
                writer.AppendVerbatim(option);
            }
            else
            {
                writer.Append(option);
            }
        }

        return Verbatim ? writer.FinishVerbatim(HeaderLength) : writer.Finish(HeaderLength);
    }

    internal override void Complete(Span<byte> octets, in PacketPlace place)
    {
        // In UDP of RFC 5844, 4.1.3.1 the checksum is zero: UDP's counts.
        if (Checksum is null && place.Addresses is { } addresses && place.Before is not UdpHeader)
        {
            MobilityHeaderView.WriteChecksum(octets[..GetLength()], addresses.Source, addresses.Destination);
        }
    }

    /// <summary>Makes the record of a message; a type without a record of its own is kept whole.</summary>
    public static MobilityMessage From(MobilityHeaderView view) => From(view, out _);

    /// <summary>Makes the record of a message, and says what is wrong when a message of a known type has to be kept whole.</summary>
    /// <param name="view">The Mobility Header.</param>
    /// <param name="error">Why a message of a known type is not readable; none for a type without a record of its own.</param>
    public static MobilityMessage From(MobilityHeaderView view, out WireError error)
    {
        return !TryCheck(view, out var table, out error) ? new UnknownMobilityMessage(view) : view.Type switch
        {
            MobilityHeaderType.BindingRefreshRequest => new BindingRefreshRequest(view),
            MobilityHeaderType.HomeTestInit => new HomeTestInit(view),
            MobilityHeaderType.CareOfTestInit => new CareOfTestInit(view),
            MobilityHeaderType.HomeTest => new HomeTest(view),
            MobilityHeaderType.CareOfTest => new CareOfTest(view),
            MobilityHeaderType.BindingUpdate => BindingUpdate.From(new BindingUpdateView(view)),
            MobilityHeaderType.BindingAcknowledgement => BindingAcknowledgement.From(new BindingAcknowledgementView(view)),
            MobilityHeaderType.BindingError => new BindingError(view),
            MobilityHeaderType.Heartbeat => Heartbeat.From(new HeartbeatView(view)),
            MobilityHeaderType.BindingRevocation when table == BindingRevocationIndication.Fields.Layout =>
                BindingRevocationIndication.From(new BindingRevocationIndicationView(view)),
            MobilityHeaderType.BindingRevocation when table == BindingRevocationAcknowledgement.Fields.Layout =>
                BindingRevocationAcknowledgement.From(new BindingRevocationAcknowledgementView(view)),
            _ => new UnknownMobilityMessage(view),
        };
    }

    /// <summary>The table that describes a message, as far as its octets tell; that of <see cref="UnknownMobilityMessage"/> when none else does.</summary>
    /// <param name="mobilityHeader">The Mobility Header, or the first octets of one.</param>
    public static Layout TableOf(ReadOnlySpan<byte> mobilityHeader)
    {
        var type = MobilityHeaderFields.Common.Type;
        return !type.FitsInto(mobilityHeader.Length) ? UnknownMobilityMessage.Fields.Layout : (MobilityHeaderType)type.ReadByte(mobilityHeader) switch
        {
            MobilityHeaderType.BindingRefreshRequest => BindingRefreshRequest.Fields.Layout,
            MobilityHeaderType.HomeTestInit => HomeTestInit.Fields.Layout,
            MobilityHeaderType.CareOfTestInit => CareOfTestInit.Fields.Layout,
            MobilityHeaderType.HomeTest => HomeTest.Fields.Layout,
            MobilityHeaderType.CareOfTest => CareOfTest.Fields.Layout,
            MobilityHeaderType.BindingUpdate => BindingUpdate.Fields.Layout,
            MobilityHeaderType.BindingAcknowledgement => BindingAcknowledgement.Fields.Layout,
            MobilityHeaderType.BindingError => BindingError.Fields.Layout,
            MobilityHeaderType.Heartbeat => Heartbeat.Fields.Layout,
            MobilityHeaderType.BindingRevocation => BindingRevocationTypes.TableOf(mobilityHeader),
            _ => UnknownMobilityMessage.Fields.Layout,
        };
    }

    /// <summary>The least header length that a message of a table can have: its fixed part in units of 8 octets, not counting the first 8.</summary>
    public static int LeastHeaderLength(Layout table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return ((table.Length + 7) / 8) - 1;
    }

    /// <summary>Checks that a message has its fixed part and whole options, as far as its type is known; its record can then be made.</summary>
    internal static bool TryCheck(MobilityHeaderView view, out Layout table, out WireError error)
    {
        error = default;
        table = TableOf(view.Octets);
        return table == UnknownMobilityMessage.Fields.Layout || view.TryCheckMessage(view.Type, table.Length, out error);
    }

    /// <summary>Octets before the first option.</summary>
    private protected virtual int FixedLength => Table.Length;

    private protected abstract void WriteFields(Span<byte> message);

    private static ValueList<MobilityOption> OptionsOf(MobilityOptionSequence sequence)
    {
        var options = new List<MobilityOption>();
        foreach (var option in sequence)
        {
            options.Add(MobilityOption.From(option));
        }

        return ValueList.From(options);
    }
}
