using DsmipTools.Wire.Icmp.IcmpV6;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>A message of MLDv1 (RFC 2710, 3): query, report and done have one form.</summary>
public abstract record MulticastListenerMessage : IcmpV6Message
{
    /// <summary>Most milliseconds before a report; 0 in other messages than queries.</summary>
    public ushort MaximumResponseDelay { get; init; }

    /// <summary>Reserved octets.</summary>
    public ushort Reserved { get; init; }

    /// <summary>The address that is asked for, listened to or left; :: asks for all.</summary>
    public Address MulticastAddress { get; init; }

    private protected abstract MulticastListenerFields Body { get; }

    private protected sealed override void WriteFields(Span<byte> structure)
    {
        Body.MaximumResponseDelay.Write(structure, MaximumResponseDelay);
        Body.Reserved.Write(structure, Reserved);
        Body.MulticastAddress.Write(structure, MulticastAddress);
    }

    private protected static TMessage ReadBody<TMessage>(TMessage message, MulticastListenerFields body, ReadOnlySpan<byte> octets)
        where TMessage : MulticastListenerMessage => message with
        {
            MaximumResponseDelay = body.MaximumResponseDelay.ReadUInt16(octets),
            Reserved = body.Reserved.ReadUInt16(octets),
            MulticastAddress = body.MulticastAddress.ReadAddress(octets),
        };
}
