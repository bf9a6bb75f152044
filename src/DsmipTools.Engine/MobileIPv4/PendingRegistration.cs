using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>A registration that waits for its answer (RFC 5944, 3.6).</summary>
/// <param name="command">The number of the command; 0 for a renewal that the mobile node began itself.</param>
/// <param name="lifetime">The lifetime asked for, in seconds; 0 to de-register.</param>
/// <param name="homeAddress">The home address, which stands for all care-of addresses.</param>
/// <param name="prefixes">The prefixes of the request.</param>
internal sealed class PendingRegistration(long command, ushort lifetime, Address homeAddress, ValueList<Prefix> prefixes)
{
    public long Command => command;

    /// <summary>The lifetime asked for, no longer than the foreign agent takes (RFC 5944, 3.6.1.2).</summary>
    public ushort Lifetime => Path?.Advertised is { } agent ? Math.Min(lifetime, agent.LongestLifetime) : lifetime;

    public bool IsDeregistration => lifetime == 0;

    /// <summary>The care-of address field of the request.</summary>
    public Address CareOfAddress => lifetime == 0 || Path is null ? homeAddress : Path.CareOfAddress;

    public ValueList<Prefix> Prefixes => prefixes;

    /// <summary>The way that it goes; null until there is one.</summary>
    public RegistrationPath? Path { get; set; }

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
