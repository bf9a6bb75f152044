using System.Collections;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the names of tunnels.</summary>
public sealed class TunnelNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Tunnels.List().Select(tunnel => (tunnel.Name, $"{tunnel.Encapsulation} {tunnel.Local} > {tunnel.Remote}, {tunnel.State}"))
            .Concat(host.AgentTunnels().Select(tunnel => (tunnel.Name, $"{tunnel.Owner}: {tunnel.Encapsulation} {tunnel.Local} > {tunnel.Remote}, {tunnel.State}")));
    }
}
