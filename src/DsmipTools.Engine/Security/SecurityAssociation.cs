using System.Globalization;
using DsmipTools.Engine.Bindings;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.Engine.Security;

/// <summary>
/// A mobility security association (RFC 5944, 1.6 and 3.2): immutable, found by its SPI and by the mobile node's home address or Network Access
/// Identifier, or, between two agents, by the address of the other one. Nothing public gives the key out again, so that it cannot end up in a table,
/// a log or a report.
/// </summary>
public sealed class SecurityAssociation
{
    /// <summary>The smallest SPI; 0 to 255 are reserved and must not be used (RFC 5944, 1.6).</summary>
    public const uint MinimumSecurityParameterIndex = 256;

    /// <summary>How far apart two clocks may be when nothing else is agreed: 7 seconds (RFC 5944, 5.7.1).</summary>
    public static readonly TimeSpan DefaultTimestampTolerance = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan LongestTimestampTolerance = TimeSpan.FromDays(1);

    private readonly Octets key;

    /// <summary>Makes a security association.</summary>
    /// <param name="securityParameterIndex">The SPI, 256 to 4294967295.</param>
    /// <param name="homeAddress">The IPv4 home address of the mobile node.</param>
    /// <param name="key">The key, at least one octet of any value; RFC 5944, 5.1 asks for 16 octets with HMAC-MD5.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="timestampTolerance">
    /// How far apart the two clocks may be; null for 7 seconds. More than 0 and at most a day. RFC 5944, 5.7.1 says that it SHOULD be more
    /// than 3 seconds; shorter values are taken, because two agents of one lab share a clock.
    /// </param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public SecurityAssociation(
        uint securityParameterIndex,
        Address homeAddress,
        ReadOnlySpan<byte> key,
        AuthenticationAlgorithm algorithm = AuthenticationAlgorithm.HmacMd5,
        TimeSpan? timestampTolerance = null)
        : this(securityParameterIndex, key, algorithm, timestampTolerance)
    {
        if (!homeAddress.IsIPv4 || !homeAddress.IsUnicast)
        {
            throw new ArgumentException($"The home address {homeAddress} is not an IPv4 unicast address.", nameof(homeAddress));
        }

        HomeAddress = homeAddress;
    }

    private SecurityAssociation(uint securityParameterIndex, ReadOnlySpan<byte> key, AuthenticationAlgorithm algorithm, TimeSpan? timestampTolerance)
    {
        if (securityParameterIndex < MinimumSecurityParameterIndex)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"SPI {securityParameterIndex} is reserved (0 to 255; RFC 5944, 1.6); use 256 or more."),
                nameof(securityParameterIndex));
        }

        if (key.IsEmpty)
        {
            throw new ArgumentException("The key is empty.", nameof(key));
        }

        if (!Enum.IsDefined(algorithm))
        {
            throw new ArgumentException("The algorithm is unknown.", nameof(algorithm));
        }

        TimestampTolerance = timestampTolerance ?? DefaultTimestampTolerance;
        if (TimestampTolerance <= TimeSpan.Zero || TimestampTolerance > LongestTimestampTolerance)
        {
            throw new ArgumentException("The timestamp tolerance is more than 0 and at most a day.", nameof(timestampTolerance));
        }

        SecurityParameterIndex = securityParameterIndex;
        Algorithm = algorithm;
        this.key = Octets.Create(key);
    }

    /// <summary>The SPI, 256 or more.</summary>
    public uint SecurityParameterIndex { get; }

    /// <summary>Between whom it is.</summary>
    public SecurityAssociationKind Kind { get; init; }

    /// <summary>The home address of the mobile node; 0.0.0.0 where it is known by its identifier, and between agents.</summary>
    public Address HomeAddress { get; } = Address.AnyIPv4;

    /// <summary>The identifier that the mobile node is known by instead of a home address (RFC 2794); null where it has one, and between agents.</summary>
    public NetworkAccessIdentifier? Identifier { get; private init; }

    /// <summary>The address of the other agent; null with a mobile node.</summary>
    public Address? Agent { get; private init; }

    /// <summary>How registration requests are protected against replay (RFC 5944, 5.7).</summary>
    public ReplayProtectionStyle ReplayProtection { get; init; }

    /// <summary>The algorithm.</summary>
    public AuthenticationAlgorithm Algorithm { get; }

    /// <summary>How far apart the clocks of mobile node and home agent may be.</summary>
    public TimeSpan TimestampTolerance { get; }

    /// <summary>The association of a mobile node that has no home address of its own, and is known by its Network Access Identifier (RFC 2794).</summary>
    /// <inheritdoc cref="SecurityAssociation(uint, Address, ReadOnlySpan{byte}, AuthenticationAlgorithm, TimeSpan?)"/>
    public static SecurityAssociation Of(
        uint securityParameterIndex,
        NetworkAccessIdentifier identifier,
        ReadOnlySpan<byte> key,
        AuthenticationAlgorithm algorithm = AuthenticationAlgorithm.HmacMd5,
        TimeSpan? timestampTolerance = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return new SecurityAssociation(securityParameterIndex, key, algorithm, timestampTolerance) { Identifier = identifier };
    }

    /// <summary>The association of a foreign agent and a home agent (RFC 5944, 3.5.4): each of them has one with the address of the other.</summary>
    /// <param name="securityParameterIndex">The SPI, 256 to 4294967295.</param>
    /// <param name="agent">The IPv4 address of the other agent.</param>
    /// <param name="key">The key, at least one octet of any value.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public static SecurityAssociation BetweenAgents(
        uint securityParameterIndex, Address agent, ReadOnlySpan<byte> key, AuthenticationAlgorithm algorithm = AuthenticationAlgorithm.HmacMd5) =>
        agent.IsIPv4 && agent.IsUnicast
            ? new SecurityAssociation(securityParameterIndex, key, algorithm, null) { Kind = SecurityAssociationKind.ForeignHome, Agent = agent }
            : throw new ArgumentException($"The agent {agent} is not an IPv4 unicast address.", nameof(agent));

    /// <summary>Makes a keyed instance that computes and verifies authenticators; it belongs to the caller and to one thread.</summary>
    public MessageAuthenticator CreateAuthenticator() => new(Algorithm, key.Span);

    /// <summary>With whom, SPI and algorithm; never the key.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Holder} SPI {SecurityParameterIndex} {Algorithm}");

    /// <summary>Whom it is with, as a store finds it.</summary>
    internal SecurityAssociationHolder Holder => new(Kind, Agent ?? HomeAddress, Identifier);
}
