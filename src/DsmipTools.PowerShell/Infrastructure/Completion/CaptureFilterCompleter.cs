using System.Collections;
using DsmipTools.Hosting;
using DsmipTools.Net.Capture;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers filters for captures.</summary>
public sealed class CaptureFilterCompleter : LiveValueCompleter
{
    private static readonly (string Text, string ToolTip)[] filters =
    [
        (CaptureOptions.MobileIpFilterName, "what the Mobile IP protocols send: UDP 434, 5436 and 4191, Mobility Headers, tunnels"),
        ("udp port 434", "Mobile IPv4 (RFC 5944)"),
        ("udp port 5436", "Proxy Mobile IPv6 over IPv4 (RFC 5844)"),
        ("udp port 4191", "Dual-Stack Mobile IPv6 (RFC 5555)"),
        ("ip6 proto 135", "Mobility Headers directly behind the IPv6 header (RFC 6275)"),
        ("icmp or icmp6", "ICMP of both families"),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) => filters;
}
