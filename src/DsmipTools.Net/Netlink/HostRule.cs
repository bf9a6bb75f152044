using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netlink;

/// <summary>A rule of this host's routing (ip-rule(8)).</summary>
/// <param name="Priority">Its place: rules with lower numbers have their turn first.</param>
/// <param name="IsIPv4">True for IPv4, false for IPv6.</param>
/// <param name="Table">The table that counts for packets that fit. Of a rule that prohibits it tells whose rule it is.</param>
public sealed record HostRule(int Priority, bool IsIPv4, uint Table) : HostEntry
{
    /// <summary>The first address of the sources that it is for; null for all.</summary>
    public Address? Source { get; init; }

    /// <summary>The length of that prefix.</summary>
    public byte SourceLength { get; init; }

    /// <summary>The interface that packets come in by; lo for those of the host itself; null for all.</summary>
    public string? Interface { get; init; }

    /// <summary>True when packets that fit go nowhere: their senders are told by ICMP.</summary>
    public bool Prohibits { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"from {(Source is { } source ? $"{source}/{SourceLength}" : "all")}{(Interface is null ? "" : $" iif {Interface}")} {(Prohibits ? "prohibit" : $"lookup {Table}")}";
}
