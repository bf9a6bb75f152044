using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a Mobile IPv4 foreign agent is configured with (RFC 5944, 3.7.1; RFC 3024, 4.2).</summary>
public sealed record ForeignAgentOptions
{
    /// <summary>The longest lifetime that is taken when nothing else is said: 10 hours.</summary>
    public static readonly TimeSpan DefaultMaximumLifetime = TimeSpan.FromHours(10);

    /// <summary>The name shown to administrators.</summary>
    public required string Name { get; init; }

    /// <summary>The care-of address: the foreign agent relays from it, and tunnels end there.</summary>
    public required Address Address { get; init; }

    /// <summary>The UDP port; 434 (RFC 5944, 1.8).</summary>
    public ushort Port { get; init; } = MobileIPv4Message.Port;

    /// <summary>The UDP port of home agents; 434 (RFC 5944, 3.7.2.2).</summary>
    public ushort HomeAgentPort { get; init; } = MobileIPv4Message.Port;

    /// <summary>Its address on the links to mobile nodes: advertisements come from it, and requests go to it; null for the care-of address.</summary>
    public Address? LinkAddress { get; init; }

    /// <summary>The longest lifetime that is taken: whole seconds from 1 to 65534, or <see cref="Timeout.InfiniteTimeSpan"/> for no limit; advertisements tell it.</summary>
    public TimeSpan MaximumLifetime { get; init; } = DefaultMaximumLifetime;

    /// <summary>How many mobile nodes may visit at a time, 0 to 1,000,000; with so many the agent is busy, and others get code 66.</summary>
    public int MaximumVisitors { get; init; } = 1000;

    /// <summary>How many requests may wait for their home agents at a time, at least 1; further ones get code 66 (RFC 5944, 3.7.1).</summary>
    public int MaximumPendingRegistrations { get; init; } = 100;

    /// <summary>How long a home agent may take to answer before the request gets code 78: 7 seconds (RFC 5944, 3.7.1).</summary>
    public TimeSpan PendingTimeout { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>R: mobile nodes with a co-located care-of address have to register here too (RFC 5944, 2.1.1).</summary>
    public bool RegistrationRequired { get; init; }

    /// <summary>G: tunnels with GRE are taken (RFC 5944, 2.1.1); without, requests for GRE get code 72.</summary>
    public bool GreEncapsulation { get; init; }

    /// <summary>T: there are reverse tunnels (RFC 3024); without, requests for one get code 74.</summary>
    public bool ReverseTunneling { get; init; } = true;

    /// <summary>True: requests without a reverse tunnel get code 75 (RFC 3024, 4.2.1).</summary>
    public bool RequiresReverseTunneling { get; init; }

    /// <summary>How the agent advertises itself on its links.</summary>
    public AdvertisementOptions Advertisements { get; init; } = new();

    /// <summary>How many keyed authenticators are kept ready, at least 1.</summary>
    public int AuthenticatorCacheSize { get; init; } = 1024;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message says which.</exception>
    internal void Validate()
    {
        Require(Address.IsIPv4 && Address.IsUnicast, $"Address {Address} is no IPv4 unicast address.");
        Require(LinkAddress is not { } link || (link.IsIPv4 && link.IsUnicast), $"LinkAddress {LinkAddress} is no IPv4 unicast address.");
        Require(Port != 0 && HomeAgentPort != 0, "Port or HomeAgentPort is 0.");
        Require(MaximumVisitors is >= 0 and <= 1_000_000, "MaximumVisitors lies between 0 and 1,000,000.");
        Require(MaximumPendingRegistrations >= 1, "MaximumPendingRegistrations is less than 1.");
        Require(PendingTimeout > TimeSpan.Zero, "PendingTimeout is not more than 0.");
        Require(ReverseTunneling || !RequiresReverseTunneling, "RequiresReverseTunneling needs ReverseTunneling.");
        Require(Advertisements is not null, "Advertisements is null.");
        Advertisements!.Validate();

        static void Require(bool condition, string message)
        {
            if (!condition)
            {
                throw new ArgumentException(message, nameof(ForeignAgentOptions));
            }
        }
    }
}
