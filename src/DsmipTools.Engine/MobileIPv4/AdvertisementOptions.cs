using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>How a mobility agent advertises itself on its links (RFC 5944, 2.3, with the constants of RFC 1256, 5.1).</summary>
public sealed record AdvertisementOptions
{
    private static readonly TimeSpan shortestInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan longestLifetime = TimeSpan.FromSeconds(9000);

    /// <summary>
    /// Between advertisements that nobody asked for, 1 s at least; default 600 s (RFC 1256, MaxAdvertisementInterval). The actual time is by chance between three
    /// quarters of it and all of it; the first three come within 16 s.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long an advertisement is valid, in whole seconds to 9000; null for three times the interval (RFC 5944, 2.1).</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>The longest wait before a solicitation is answered, to 2 s (RFC 1256, MAX_RESPONSE_DELAY); default 500 ms.</summary>
    public TimeSpan MaximumResponseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>True: nothing is said that nobody asked for (RFC 5944, 2.3).</summary>
    public bool OnlyWhenSolicited { get; init; }

    /// <summary>The addresses of routers with the lengths of their networks, for default routers and movement detection; default none (RFC 5944, 2.3.1).</summary>
    public ValueList<IPv4Network> RouterAddresses { get; init; }

    /// <summary>True: a Prefix-Lengths extension tells the lengths (RFC 5944, 2.1.2). On one link all agents do, or none does (2.3).</summary>
    public bool SendsPrefixLengths { get; init; } = true;

    internal TimeSpan ValidFor => Lifetime ?? (Interval * 3 < longestLifetime ? Interval * 3 : longestLifetime);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate()
    {
        if (Interval < shortestInterval || Interval > longestLifetime)
        {
            throw new ArgumentException($"Advertisements.Interval is {Interval}; it lies between 1 and 9000 seconds.");
        }

        if (ValidFor < Interval || ValidFor > longestLifetime)
        {
            throw new ArgumentException($"Advertisements.Lifetime is {ValidFor}; it lies between the interval and 9000 seconds (RFC 1256, 5.1).");
        }

        if (MaximumResponseDelay < TimeSpan.Zero || MaximumResponseDelay > TimeSpan.FromSeconds(2))
        {
            throw new ArgumentException("Advertisements.MaximumResponseDelay lies between 0 and 2 seconds (RFC 1256, 5.1).");
        }

        if (RouterAddresses.Count > 16 || RouterAddresses.Any(router => !router.Address.IsUnicast))
        {
            throw new ArgumentException("Advertisements.RouterAddresses holds more than 16, or one that is no unicast address.");
        }
    }
}
