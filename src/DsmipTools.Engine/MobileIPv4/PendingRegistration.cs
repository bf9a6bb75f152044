using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A registration that waits for its answer (RFC 5944, 3.6).</summary>
/// <param name="command">The number of the command; 0 for a renewal that the mobile node began itself.</param>
/// <param name="lifetime">The lifetime asked for, in seconds; 0 to de-register.</param>
/// <param name="careOfAddress">The care-of address field of the request.</param>
/// <param name="prefixes">The prefixes of the request.</param>
internal sealed class PendingRegistration(long command, ushort lifetime, Address careOfAddress, ValueList<Prefix> prefixes)
{
    public long Command => command;

    public ushort Lifetime => lifetime;

    public Address CareOfAddress => careOfAddress;

    public ValueList<Prefix> Prefixes => prefixes;

    /// <summary>The Identification of the most recent request.</summary>
    public ulong Identification { get; set; }

    /// <summary>When the most recent request was sent.</summary>
    public TimeSpan SentAt { get; set; }

    /// <summary>When the wait for its answer ends.</summary>
    public TimeSpan Deadline { get; set; }

    /// <summary>All requests sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Requests sent because a wait ended, and the first one; a new request after code 133 takes the place of the one before.</summary>
    public int Transmissions { get; set; }

    /// <summary>True when code 133 has led to a new request at once; it does so once.</summary>
    public bool HasResynchronized { get; set; }

    /// <summary>The code of a reply that refused and may yet be overtaken; null for none.</summary>
    public RegistrationCode? Refusal { get; set; }

    /// <summary>Why the last reply that seemed to be an answer was dropped.</summary>
    public DropReason Dropped { get; set; }
}
