using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Wire.Rules;

/// <summary>The addresses that a Binding Update or Acknowledgement is about, as its packet shows them.</summary>
/// <param name="CareOfAddress">
/// The Alternate Care-of Address option, or the source of the IPv6 header; of an acknowledgement its destination, as nothing in it names another one.
/// </param>
/// <param name="HomeAddress">
/// The Home Address option, or without one the source (RFC 6275, 9.5.1); of an acknowledgement the type 2 routing header, or without one the destination.
/// </param>
/// <param name="Correspondent">The other end; its home address where it is mobile itself (RFC 6275, 6.2.7).</param>
internal readonly record struct BindingAddresses(Address CareOfAddress, Address HomeAddress, Address Correspondent)
{
    /// <summary>The addresses of a message; null where it stands in no IPv6 packet of its own, or is neither update nor acknowledgement.</summary>
    internal static BindingAddresses? Of(Subject message)
    {
        if (message.Packet.NativeIPv6(message.Index) is not { } header || message.Addresses is not { } ends)
        {
            return null;
        }

        return message.Layer.Structure switch
        {
            BindingUpdate => new BindingAddresses(AlternateIn(message) ?? header.Source, ends.Source, ends.Destination),
            BindingAcknowledgement => new BindingAddresses(header.Destination, ends.Destination, ends.Source),
            _ => null,
        };
    }

    private static Address? AlternateIn(Subject update)
    {
        foreach (var (option, _) in update.All<AlternateCareOfAddressOption>())
        {
            return option.AlternateCareOfAddress;
        }

        return null;
    }
}
