using System.Globalization;
using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Packets;

/// <summary>Packets as text for a person: one line, or a tree.</summary>
public static class PacketText
{
    private static readonly PacketDecoder Decoder = new();

    private const int SecondsPerLifetimeUnit = 4; // RFC 6275, 6.1.7
    private const ushort InfiniteLifetime = ushort.MaxValue;

    /// <summary>A packet in one line.</summary>
    public static string Summary(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return packet.Message is not null ? Summary(packet.Message)
            : packet.Layers.Count > 0 ? string.Join(" / ", packet.Layers.Select(layer => layer.Name))
            : "";
    }

    /// <summary>A mobility message in one line: name, number, flags in wire order, what it says, and whom it is about.</summary>
    public static string Summary(object message)
    {
        var line = new Line();
        switch (message)
        {
            case RegistrationRequest request:
                line.Add(request.Table.Name)
                    .Flag(request.SimultaneousBindings, 'S').Flag(request.BroadcastDatagrams, 'B').Flag(request.DecapsulationByMobileNode, 'D')
                    .Flag(request.MinimalEncapsulation, 'M').Flag(request.GreEncapsulation, 'G').Flag(request.ReverseTunneling, 'T')
                    .Add($"home {request.HomeAddress} care-of {request.CareOfAddress}")
                    .Add(Lifetime(request.Lifetime, 1));
                Add(line, request.Extensions);
                break;
            case RegistrationReply reply:
                line.Add(reply.Table.Name).Add($"code {reply.Code} home {reply.HomeAddress}").Add(Lifetime(reply.Lifetime, 1));
                Add(line, reply.Extensions);
                break;
            case BindingUpdate update:
                line.Add(update.ProxyRegistration ? $"Proxy {update.Table.Name}" : update.Table.Name).Add($"#{update.SequenceNumber}")
                    .Flag(update.Acknowledge, 'A').Flag(update.HomeRegistration, 'H').Flag(update.LinkLocalCompatibility, 'L')
                    .Flag(update.KeyManagementMobility, 'K').Flag(update.MapRegistration, 'M').Flag(update.MobileRouter, 'R')
                    .Flag(update.ProxyRegistration, 'P').Flag(update.ForcingUdpEncapsulation, 'F').Flag(update.TlvHeaderFormat, 'T')
                    .Flag(update.BulkBindingUpdate, 'B').Add(Lifetime(update.Lifetime, SecondsPerLifetimeUnit));
                Add(line, update.Options);
                break;
            case BindingAcknowledgement acknowledgement:
                line.Add(acknowledgement.ProxyRegistration ? $"Proxy {acknowledgement.Table.Name}" : acknowledgement.Table.Name)
                    .Add($"#{acknowledgement.SequenceNumber}")
                    .Flag(acknowledgement.KeyManagementMobility, 'K').Flag(acknowledgement.MobileRouter, 'R').Flag(acknowledgement.ProxyRegistration, 'P')
                    .Flag(acknowledgement.TlvHeaderFormat, 'T').Flag(acknowledgement.BulkBindingUpdate, 'B')
                    .Add($"status {acknowledgement.Status}").Add(Lifetime(acknowledgement.Lifetime, SecondsPerLifetimeUnit));
                Add(line, acknowledgement.Options);
                break;
            case BindingRevocationIndication indication:
                line.Add(indication.Table.Name).Add($"#{indication.SequenceNumber}")
                    .Flag(indication.ProxyBinding, 'P').Flag(indication.IPv4HomeAddressBindingOnly, 'V').Flag(indication.Global, 'G')
                    .Add($"trigger {indication.Trigger}");
                Add(line, indication.Options);
                break;
            case BindingRevocationAcknowledgement revoked:
                line.Add(revoked.Table.Name).Add($"#{revoked.SequenceNumber}")
                    .Flag(revoked.ProxyBinding, 'P').Flag(revoked.IPv4HomeAddressBindingOnly, 'V').Flag(revoked.Global, 'G')
                    .Add($"status {revoked.Status}");
                Add(line, revoked.Options);
                break;
            case UnknownMobilityMessage unknown:
                line.Add(unknown.Table.Name).Add(string.Create(CultureInfo.InvariantCulture, $"type {(byte)unknown.Type}"));
                break;
            case Structure other:
                Add(line, Decoder.Decode(other).Layers[0]);
                break;
            default:
                line.Add(message?.ToString() ?? "");
                break;
        }

        return line.ToString();
    }

    /// <summary>Layers as an indented tree: the offset in the frame, then name and RFC of a structure, or name and value of a field.</summary>
    public static string Tree(ValueList<Layer> layers)
    {
        var text = new StringBuilder();
        foreach (var layer in layers)
        {
            Append(text, layer, 0);
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>A structure as an indented tree of what it is on the wire, padding included. Never throws: what cannot be written says why.</summary>
    public static string Tree(Structure structure)
    {
        ArgumentNullException.ThrowIfNull(structure);
        try
        {
            return Tree(Decoder.Decode(structure).Layers);
        }
        catch (ArgumentException exception)
        {
            return $"{structure.Table.Name}: {exception.Message}";
        }
    }

    /// <summary>A packet for a person: a line that says when, how long and between whom, what is wrong, the comment, and the tree.</summary>
    public static string Text(DsmipPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Packet {packet.Number}");
        if (packet.Time is { } time)
        {
            text.Append(CultureInfo.InvariantCulture, $", {time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}Z");
        }

        text.Append(CultureInfo.InvariantCulture, $", {packet.Length} {(packet.Length == 1 ? "octet" : "octets")}");
        if (packet.Length > packet.Octets.Length)
        {
            text.Append(CultureInfo.InvariantCulture, $" of which {packet.Octets.Length} were captured");
        }

        if (packet is { Source: { } source, Destination: { } destination })
        {
            text.Append(CultureInfo.InvariantCulture, $", {End(source)} > {End(destination)}");
        }

        text.Append(packet.Summary.Length > 0 ? $": {packet.Summary}" : "").Append('\n');
        if (packet.Error is { } error)
        {
            text.Append(CultureInfo.InvariantCulture, $"Error: {Printable(error.ToString())}\n");
        }

        foreach (var comment in packet.Comments)
        {
            text.Append(CultureInfo.InvariantCulture, $"Comment: {Printable(comment)}\n");
        }

        return text.Append(Tree(packet.Layers)).ToString();

        static string End(Wire.Ip.Endpoint endpoint) => endpoint.Port == 0 ? $"{endpoint.Address}" : $"{endpoint}";
    }

    /// <summary>Text from the wire or from a file that never moves a terminal's cursor: control characters show as U+FFFD.</summary>
    public static string Printable(string? text) => string.Concat((text ?? "").Select(character => char.IsControl(character) ? '\uFFFD' : character));

    private static void Append(StringBuilder text, Layer layer, int depth)
    {
        var rfc = layer.Rfc.Length == 0 ? "" : $" ({layer.Rfc})";
        Append(text, layer.Offset, depth, $"{layer.Name}{rfc}, {layer.Length} {(layer.Length == 1 ? "octet" : "octets")}");
        foreach (var field in layer.Fields)
        {
            Append(text, field.Offset, depth + 1, $"{field.Name}: {field.Text}");
        }

        foreach (var child in layer.Children)
        {
            Append(text, child, depth + 1);
        }
    }

    private static void Append(StringBuilder text, int offset, int depth, string line) =>
        text.Append(CultureInfo.InvariantCulture, $"{offset,4}  ").Append(' ', depth * 2).Append(line).Append('\n');

    private static void Add(Line line, ValueList<Extension> extensions)
    {
        foreach (var extension in extensions)
        {
            line.Add(extension switch
            {
                MobileNodeNaiExtension nai => Printable(nai.Text),
                IPv6PrefixRequestExtension request => $"{request.Prefix}",
                IPv6PrefixReplyExtension reply => $"{reply.Prefix} {reply.Code}",
                IPv6TunnelingModeExtension => "tunneling to the care-of address",
                _ => "",
            });
        }
    }

    private static void Add(Line line, ValueList<MobilityOption> options)
    {
        foreach (var option in options)
        {
            line.Add(option switch
            {
                MobileNodeIdentifierOption identifier => Printable(identifier.Text),
                HomeNetworkPrefixOption prefix => $"{prefix.Prefix}",
                AlternateCareOfAddressOption alternate => $"care-of {alternate.AlternateCareOfAddress}",
                _ => "",
            });
        }
    }

    /// <summary>A structure without a line of its own: its name, and what its fields say that are neither zero nor the same in all of its kind.</summary>
    private static void Add(Line line, Layer layer)
    {
        line.Add(layer.Name);
        foreach (var field in layer.Table.Fields)
        {
            if (layer[field.Name] is { } decoded && decoded.Value is not (false or byte.MinValue or ushort.MinValue or uint.MinValue or ulong.MinValue))
            {
                line.Add(field.Kind switch
                {
                    FieldKind.Flag => field.Name,
                    FieldKind.Number or FieldKind.IPv4Address or FieldKind.IPv6Address => $"{field.Name} {decoded.Text}",
                    // A type that has a name gave it to the structure.
                    FieldKind.Code when field.Name == "Type" => decoded.Value is Enum ? "" : $"type {decoded.Text}",
                    FieldKind.Code when field.Name is not ("PayloadProto" or "RevocationType") => $"{field.Name} {decoded.Value}",
                    _ => "",
                });
            }
        }
    }

    private static string Lifetime(ushort value, int unit) => value == InfiniteLifetime
        ? "lifetime infinite"
        : string.Create(CultureInfo.InvariantCulture, $"lifetime {value * unit} s");

    private sealed class Line
    {
        private readonly StringBuilder text = new();

        public Line Add(string part)
        {
            if (part.Length > 0)
            {
                text.Append(text.Length == 0 ? "" : " ").Append(part);
            }

            return this;
        }

        public Line Flag(bool isSet, char letter) => isSet ? Add(letter.ToString()) : this;

        public override string ToString() => text.ToString();
    }
}
