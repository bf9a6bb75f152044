using System.Globalization;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Labs;

/// <summary>A message that an agent of a lab sent: who, when, and what the expectations of a procedure are about.</summary>
public sealed record LabMessage
{
    /// <summary>When it was sent, from the beginning of the lab.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>The name of the agent at the source address; the address where there is none.</summary>
    public required string From { get; init; }

    /// <summary>The name of the agent at the destination address; the address where there is none.</summary>
    public required string To { get; init; }

    /// <summary>What it is.</summary>
    public required MessageKind Kind { get; init; }

    /// <summary>The sequence number; null where the message has none.</summary>
    public ushort? SequenceNumber { get; init; }

    /// <summary>The flags of an indication or its acknowledgement by their letters in RFC 5846, 5.1: P, V, G; null for other messages.</summary>
    public string? Flags { get; init; }

    /// <summary>The Revocation Trigger; null but in an indication.</summary>
    public RevocationTrigger? Trigger { get; init; }

    /// <summary>The status or code of an answer; null for what is none.</summary>
    public Enum? Status { get; init; }

    /// <summary>The Mobile Node Identifiers; of a revocation of a realm @ and the realm (RFC 5846, 8.1).</summary>
    public ValueList<string> Identifiers { get; init; }

    /// <summary>The home network prefixes; ::/0 asks for one.</summary>
    public ValueList<Prefix> Prefixes { get; init; }

    /// <summary>The IPv4 home address of a request or reply option (RFC 5844, 3.3); null for none.</summary>
    public Address? IPv4HomeAddress { get; init; }

    /// <summary>The Alternate Care-of Address; null for none.</summary>
    public Address? AlternateCareOfAddress { get; init; }

    /// <summary>The Handoff Indicator; null for none.</summary>
    public HandoffIndicator? HandoffIndicator { get; init; }

    /// <summary>The lifetime of an update or its answer, zero where it de-registers; null for other messages.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The types of the mobility options, without padding, in order.</summary>
    public ValueList<MobilityOptionType> Options { get; init; }

    /// <summary>The packet, with all that it holds.</summary>
    public required DsmipPacket Packet { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var status = Status is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {Status}");
        return $"{From} > {To} {Kind}{(Trigger is null ? "" : $" {Trigger}")}{status}{(string.IsNullOrEmpty(Flags) ? "" : $" {Flags}")}";
    }

    internal static LabMessage Of(DsmipPacket packet, DateTimeOffset begun, IReadOnlyDictionary<Address, string> names)
    {
        var options = (packet.Message as MobilityMessage)?.Options ?? default;
        var message = new LabMessage
        {
            At = packet.Time!.Value - begun,
            From = NameOf(packet.Source),
            To = NameOf(packet.Destination),
            Kind = MessageKinds.Of(packet.Message),
            Identifiers = ValueList.From(options.OfType<MobileNodeIdentifierOption>().Select(option => option.Text)),
            Prefixes = ValueList.From(options.OfType<HomeNetworkPrefixOption>().Select(option => option.Prefix)),
            IPv4HomeAddress = options.OfType<IPv4HomePrefixOption>().FirstOrDefault()?.IPv4HomeAddress,
            AlternateCareOfAddress = options.OfType<AlternateCareOfAddressOption>().FirstOrDefault()?.AlternateCareOfAddress,
            HandoffIndicator = options.OfType<HandoffIndicatorOption>().FirstOrDefault()?.Indicator,
            Options = ValueList.From(options.Where(option => option is not (Pad1Option or PadNOption)).Select(option => option.Type)),
            Packet = packet,
        };
        return packet.Message switch
        {
            BindingRevocationIndication indication => message with
            {
                SequenceNumber = indication.SequenceNumber,
                Flags = FlagsOf(indication.ProxyBinding, indication.IPv4HomeAddressBindingOnly, indication.Global),
                Trigger = indication.Trigger,
            },
            BindingRevocationAcknowledgement acknowledgement => message with
            {
                SequenceNumber = acknowledgement.SequenceNumber,
                Flags = FlagsOf(acknowledgement.ProxyBinding, acknowledgement.IPv4HomeAddressBindingOnly, acknowledgement.Global),
                Status = acknowledgement.Status,
            },
            BindingUpdate update => message with { SequenceNumber = update.SequenceNumber, Lifetime = LifetimeOf(update.Lifetime) },
            BindingAcknowledgement answer => message with { SequenceNumber = answer.SequenceNumber, Lifetime = LifetimeOf(answer.Lifetime), Status = answer.Status },
            RegistrationReply reply => message with { Status = reply.Code },
            _ => message,
        };

        string NameOf(Endpoint? endpoint) => endpoint is not { } place ? "" : names.GetValueOrDefault(place.Address) ?? place.Address.ToString();
    }

    private static TimeSpan LifetimeOf(ushort field) =>
        field == MessageLifetime.Infinite ? Timeout.InfiniteTimeSpan : field * MessageLifetime.BindingUnit;

    private static string FlagsOf(bool proxy, bool onlyIPv4, bool global) => (proxy ? "P" : "") + (onlyIPv4 ? "V" : "") + (global ? "G" : "");
}
