using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>
/// What a foreign agent keeps of a registration request (RFC 5944, 3.7.1). The link-layer address of the mobile node is the business of whoever carries
/// the packets of the link.
/// </summary>
/// <param name="HomeAddress">The home address; 0.0.0.0 while the mobile node has none.</param>
/// <param name="HomeAgent">The home agent.</param>
/// <param name="CareOfAddress">The care-of address: the foreign agent's, or a co-located one.</param>
/// <param name="Identification">The Identification.</param>
/// <param name="Lifetime">The lifetime asked for, in seconds.</param>
/// <param name="Flags">The flags.</param>
/// <param name="Nai">The Network Access Identifier; null for none.</param>
/// <param name="Delivery">How packets of the mobile node are taken.</param>
/// <param name="Envelope">The envelope of the request.</param>
/// <param name="Link">The link that it came on; 0 for none of the agent's own.</param>
/// <param name="Association">The security association with the mobile node; null for none.</param>
internal sealed record Visit(
    Address HomeAddress,
    Address HomeAgent,
    Address CareOfAddress,
    ulong Identification,
    ushort Lifetime,
    BindingFlags Flags,
    NetworkAccessIdentifier? Nai,
    DeliveryStyle Delivery,
    Envelope Envelope,
    uint Link,
    SecurityAssociation? Association)
{
    /// <summary>The low 32 bits of the Identification, by which the reply is known.</summary>
    public uint Mark => (uint)Identification;
}

/// <summary>A request that waits for its home agent.</summary>
internal sealed class PendingVisit(Visit visit, TimeSpan deadline) : ITimed
{
    public Visit Visit => visit;

    public TimeSpan Deadline => deadline;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
}

/// <summary>A mobile node that is registered through a foreign agent.</summary>
internal sealed class Visitor(Address homeAddress) : ITimed
{
    public Address HomeAddress => homeAddress;

    /// <summary>What was accepted last.</summary>
    public required Visit Visit { get; set; }

    /// <summary>The lifetime granted, in seconds.</summary>
    public ushort Lifetime { get; set; }

    /// <summary>When it ends, counted from when the reply was forwarded (RFC 5944, 3.7.3.2).</summary>
    public TimeSpan End { get; set; }

    public TimeSpan Deadline => End;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
}
