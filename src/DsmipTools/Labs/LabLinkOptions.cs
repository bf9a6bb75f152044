using DsmipTools.Engine.Forwarding;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>How a link of a lab is made.</summary>
public sealed record LabLinkOptions
{
    /// <summary>The MTU of Ethernet.</summary>
    public const int DefaultMtu = 1500;

    /// <summary>The shortest MTU: what every host has to take (RFC 791, 3.1). With IPv6 it is 1,280 (RFC 8200, 5).</summary>
    public const int MinimumMtu = 576;

    /// <summary>The longest MTU.</summary>
    public const int MaximumMtu = 65_535;

    /// <summary>The name, unique in its lab without regard to case: letters, digits, - and _.</summary>
    public required string Name { get; init; }

    /// <summary>The nodes on it; more may move to it.</summary>
    public IReadOnlyList<LabMember> Members { get; init; } = [];

    /// <summary>What is on the link: members without addresses get the first of each that are free, in their order.</summary>
    public IReadOnlyList<Destination> Prefixes { get; init; } = [];

    /// <summary>The name of the member that the others send to what is elsewhere; null for none.</summary>
    public string? Gateway { get; init; }

    /// <summary>What it does to packets; null for <see cref="Link.Perfect"/> between namespaces, and what the world has otherwise.</summary>
    public Link? Conditions { get; init; }

    /// <summary>The longest packet in octets.</summary>
    public int Mtu { get; init; } = DefaultMtu;

    /// <summary>The pcapng file that each frame goes to when its sender sends it; null for none.</summary>
    public string? CapturePath { get; init; }
}
