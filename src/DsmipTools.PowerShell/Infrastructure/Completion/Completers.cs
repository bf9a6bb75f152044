using System.Collections;
using System.Globalization;
using DsmipTools.Engine;
using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the names of agents.</summary>
public class AgentNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Agents.Where(IsOffered).Select(agent => (agent.Name, $"{agent.Kind} {agent.Address}, {agent.State}"));
    }

    private protected virtual bool IsOffered(HostedAgent agent) => true;
}

/// <summary>Offers the names of local mobility anchors.</summary>
public sealed class LocalMobilityAnchorNameCompleter : AgentNameCompleter
{
    private protected override bool IsOffered(HostedAgent agent) => agent.Kind == AgentKind.LocalMobilityAnchor;
}

/// <summary>Offers the names of mobile access gateways.</summary>
public sealed class MobileAccessGatewayNameCompleter : AgentNameCompleter
{
    private protected override bool IsOffered(HostedAgent agent) => agent.Kind == AgentKind.MobileAccessGateway;
}

/// <summary>Offers the addresses of home agents.</summary>
public sealed class HomeAgentAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Agents.Where(agent => agent.Kind == AgentKind.HomeAgent).Select(agent => (agent.Address.ToString(), $"{agent.Name}, port {agent.Port}"));
    }
}

/// <summary>Offers the addresses of foreign agents.</summary>
public sealed class ForeignAgentAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Agents.Where(agent => agent.Kind == AgentKind.ForeignAgent).Select(agent => (agent.Address.ToString(), $"{agent.Name}, port {agent.Port}"));
    }
}

/// <summary>Offers the addresses of home agents and foreign agents.</summary>
public sealed class MobilityAgentAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Agents.Where(agent => agent.Kind is AgentKind.HomeAgent or AgentKind.ForeignAgent).Select(agent => (agent.Address.ToString(), $"{agent.Name}, {agent.Kind}"));
    }
}

/// <summary>Offers the addresses of local mobility anchors.</summary>
public sealed class LocalMobilityAnchorAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Agents.Where(agent => agent.Kind == AgentKind.LocalMobilityAnchor).Select(agent => (agent.Address.ToString(), $"{agent.Name}, port {agent.Port}"));
    }
}

/// <summary>Offers what the bindings of the session hold.</summary>
public abstract class BindingCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.FindBindings(BindingFilter.All).SelectMany(Of);
    }

    private protected abstract IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding);
}

/// <summary>Offers Network Access Identifiers.</summary>
public sealed class IdentifierCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        binding.Identifier is { } identifier ? [(identifier, $"{binding.State} at {binding.Agent}, care-of address {binding.CareOfAddress}")] : [];
}

/// <summary>Offers realms.</summary>
public sealed class RealmCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        Realms.Of(binding.Identifier) is { } realm ? [(realm, $"realm {realm}")] : [];
}

/// <summary>Offers prefixes.</summary>
public sealed class PrefixCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        binding.Prefixes.Select(prefix => (prefix.ToString(), $"{binding.Identifier} at {binding.Agent}"));
}

/// <summary>Offers the link-layer identifiers of interfaces that are attached.</summary>
public sealed class LinkLayerIdentifierCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        binding is ProxyBindingSnapshot { LinkLayerIdentifier: { Length: > 0 } identifier } ? [(identifier.ToString(), $"{binding.Identifier} at {binding.Agent}")] : [];
}

/// <summary>Offers the addresses of peers.</summary>
public sealed class PeerCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        [(binding.Peer.ToString(), $"peer of {binding.Agent}")];
}

/// <summary>Offers care-of addresses.</summary>
public sealed class CareOfAddressCompleter : BindingCompleter
{
    private protected override IEnumerable<(string Text, string ToolTip)> Of(BindingSnapshot binding) =>
        [(binding.CareOfAddress.ToString(), $"care-of address at {binding.Agent}")];
}

/// <summary>Offers home addresses: of bindings, and of security associations.</summary>
public sealed class HomeAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.SecurityAssociations.List().Select(association => (association.HomeAddress.ToString(), $"SPI {association.SecurityParameterIndex}"))
            .Concat(host.FindBindings(BindingFilter.All).OfType<MobileIPv4Binding>().Select(binding => (binding.HomeAddress.ToString(), $"binding at {binding.Agent}")));
    }
}

/// <summary>Offers Security Parameter Indexes.</summary>
public sealed class SpiCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        var homeAddress = Given(bound, "HomeAddress");
        var destination = Given(bound, "Destination");
        return host.SecurityAssociations.List()
            .Where(association => destination is null && (homeAddress is null || association.HomeAddress.ToString() == homeAddress))
            .Select(association => (association.SecurityParameterIndex.ToString(CultureInfo.InvariantCulture), association.ToString()))
            .Concat(host.IPsecSecurityAssociations.List()
                .Where(association => homeAddress is null && (destination is null || association.Destination.ToString() == destination))
                .Select(association => (association.SecurityParametersIndex.ToString(CultureInfo.InvariantCulture), association.ToString())));
    }

    private static string? Given(IDictionary? bound, string parameter) =>
        bound?[parameter] is { } given ? Convert.ToString(given, CultureInfo.InvariantCulture) : null;
}

/// <summary>Offers the addresses that send under IPsec security associations.</summary>
public sealed class SourceCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.IPsecSecurityAssociations.List().Select(association => (association.Source.ToString(), association.ToString()));
    }
}

/// <summary>Offers the addresses that receive under IPsec security associations.</summary>
public sealed class DestinationCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.IPsecSecurityAssociations.List().Select(association => (association.Destination.ToString(), association.ToString()));
    }
}
