using DsmipTools.Engine.Diagnostics;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>The outcome of <see cref="MobileNode.Register"/>, <see cref="MobileNode.Deregister"/> or <see cref="MobileNode.ChangeCareOfAddress"/>.</summary>
public sealed record RegistrationOutcome
{
    /// <summary>How it ended.</summary>
    public required RegistrationResult Result { get; init; }

    /// <summary>The code of the reply, from the home agent or from a foreign agent; null when none came.</summary>
    public RegistrationCode? Code { get; init; }

    /// <summary>The home address.</summary>
    public required Address HomeAddress { get; init; }

    /// <summary>The home agent's address; with code 136, the one that it gave (RFC 5944, 3.6.2.3).</summary>
    public required Address HomeAgent { get; init; }

    /// <summary>The foreign agent through which the request went; null for none.</summary>
    public Address? ForeignAgent { get; init; }

    /// <summary>The care-of address of the request; a de-registration of everything carries the home address.</summary>
    public required Address CareOfAddress { get; init; }

    /// <summary>The lifetime asked for; zero to de-register, <see cref="Timeout.InfiniteTimeSpan"/> for infinity.</summary>
    public required TimeSpan LifetimeRequested { get; init; }

    /// <summary>The lifetime granted, counted from when the request was sent, never longer than the one asked for; zero when nothing was.</summary>
    public TimeSpan LifetimeGranted { get; init; }

    /// <summary>From the request that was answered to its reply; zero when none came.</summary>
    public TimeSpan RoundTripTime { get; init; }

    /// <summary>The number of requests sent.</summary>
    public int Attempts { get; init; }

    /// <summary>
    /// When nothing valid came: why the last reply to the request was dropped, for example BadAuthenticator where the keys differ; None when
    /// none came at all.
    /// </summary>
    public DropReason LastDrop { get; init; }

    /// <summary>What became of each prefix, in the order of the request.</summary>
    public ValueList<PrefixRegistration> Prefixes { get; init; }
}
