using DsmipTools.Engine.Timing;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>An update that waits until it is known whether the mobile node has left its other gateway (RFC 5213, 5.4.1; RFC 5846, 8.1).</summary>
internal sealed class HeldUpdate(ProxyBinding binding) : ITimed
{
    /// <summary>The only session of the mobile node.</summary>
    public ProxyBinding Binding { get; } = binding;

    /// <summary>The latest transmission of the update: the gateway takes no answer to an earlier one.</summary>
    public byte[] Message { get; set; } = [];

    public Envelope Envelope { get; set; }

    /// <summary>The proxy care-of address of the gateway that sent it.</summary>
    public Address CareOfAddress { get; set; }

    public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;

    public TimeSpan QueuedAt { get; set; } = TimeSpan.MaxValue;
}
