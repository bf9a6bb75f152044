using System.Globalization;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.MobileIPv4;

/// <summary>A Mobile IPv4 message as an immutable value (RFC 5944, 1.8); the payload of UDP.</summary>
public abstract record MobileIPv4Message : Structure
{
    /// <summary>The UDP port of Mobile IPv4 (RFC 5944, 1.8).</summary>
    public const ushort Port = 434;

    /// <summary>The table of octets that are no message that has one of its own.</summary>
    internal static readonly Layout Unknown = UnknownTable();

    /// <summary>The message type.</summary>
    public abstract MobileIPv4MessageType Type { get; }

    /// <summary>Reads a message; the error says what is wrong with octets that are none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> octets, out MobileIPv4Message? message, out WireError error)
    {
        message = TryCheck(octets, out error) ? Read(octets) : null;
        return message is not null;
    }

    /// <summary>True when the octets are a message; the error says what is wrong with octets that are none.</summary>
    internal static bool TryCheck(ReadOnlySpan<byte> octets, out WireError error)
    {
        var table = TableOf(octets);
        error = table == Unknown ? IsUnknown(octets) : default;
        return !error.IsError && TryCheck(octets, table, out error);
    }

    /// <summary>True when the octets are a message of a type; the error says what is wrong with octets that are none.</summary>
    internal static bool TryCheck(ReadOnlySpan<byte> octets, MobileIPv4MessageType type, Layout table, out WireError error)
    {
        error = octets.Length > 0 && octets[0] != (byte)type ? IsOther(octets[0], type) : default;
        return !error.IsError && TryCheck(octets, table, out error);
    }

    /// <summary>Reads octets that have been checked.</summary>
    internal static MobileIPv4Message Read(ReadOnlySpan<byte> octets) => TypeOf(octets) switch
    {
        MobileIPv4MessageType.RegistrationReply => RegistrationReply.From(new RegistrationReplyView(octets)),
        MobileIPv4MessageType.TunnelData => TunnelData.ReadData(octets),
        MobileIPv4MessageType.RegistrationRevocation => RegistrationRevocation.ReadRevocation(octets),
        MobileIPv4MessageType.RegistrationRevocationAcknowledgment => RegistrationRevocationAcknowledgment.ReadAcknowledgment(octets),
        _ => RegistrationRequest.From(new RegistrationRequestView(octets)),
    };

    /// <summary>The table of a message by its type octet, for octets that may be cut as well as for whole messages.</summary>
    internal static Layout TableOf(ReadOnlySpan<byte> octets) => TypeOf(octets) switch
    {
        MobileIPv4MessageType.RegistrationRequest => RegistrationRequest.Fields.Layout,
        MobileIPv4MessageType.RegistrationReply => RegistrationReply.Fields.Layout,
        MobileIPv4MessageType.TunnelData => TunnelData.Fields.Layout,
        MobileIPv4MessageType.RegistrationRevocation => RegistrationRevocation.Fields.Layout,
        MobileIPv4MessageType.RegistrationRevocationAcknowledgment => RegistrationRevocationAcknowledgment.Fields.Layout,
        _ => Unknown,
    };

    private protected abstract void WriteFields(Span<byte> message);

    private static MobileIPv4MessageType TypeOf(ReadOnlySpan<byte> octets) => octets.IsEmpty ? default : (MobileIPv4MessageType)octets[0];

    /// <summary>True when the fixed part is there and, unless a packet follows it, extensions fill the rest exactly.</summary>
    private static bool TryCheck(ReadOnlySpan<byte> octets, Layout table, out WireError error)
    {
        error = octets.Length < table.Length ? IsCut(table, octets.Length) : default;
        return !error.IsError
            && (table == TunnelData.Fields.Layout || ExtensionSequence.TryCheck(octets[table.Length..], table.Length, out error));
    }

    private static WireError IsUnknown(ReadOnlySpan<byte> octets) => new("Type", 0, octets.IsEmpty
        ? "there is no message"
        : string.Create(CultureInfo.InvariantCulture, $"Mobile IPv4 message type {octets[0]} is not decoded"));

    private static WireError IsOther(byte type, MobileIPv4MessageType wanted) =>
        new("Type", 0, string.Create(CultureInfo.InvariantCulture, $"the message is of type {type}, not {(byte)wanted}"));

    private static WireError IsCut(Layout table, int length) =>
        new(table.Name, length, string.Create(CultureInfo.InvariantCulture, $"ends before its {table.Length} octets"));

    private static Layout UnknownTable()
    {
        var table = new Layout("Mobile IPv4", "RFC 5944, 1.8");
        table.Code<MobileIPv4MessageType>("Type", 8, "the message");
        table.Rest("Octets", "not decoded further");
        return table;
    }
}
