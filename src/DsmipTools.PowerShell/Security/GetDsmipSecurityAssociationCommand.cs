using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Security;

/// <summary>Gets the security associations of the session: of Mobile IPv4, and of IPsec.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipSecurityAssociation", DefaultParameterSetName = Mobility)]
[OutputType(typeof(SecurityAssociation), typeof(IPsecSecurityAssociation))]
public sealed class GetDsmipSecurityAssociationCommand : DsmipCmdlet
{
    private const string IPsec = "IPsec";
    private const string Mobility = "HomeAddress";

    /// <summary>The Security Parameter Indexes.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("SecurityParameterIndex", "SecurityParametersIndex")]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint[]? Spi { get; set; }

    /// <summary>The home addresses.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = Mobility)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[]? HomeAddress { get; set; }

    /// <summary>The addresses of anchors and gateways that send.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = IPsec)]
    [AddressArgument]
    [ArgumentCompleter(typeof(SourceCompleter))]
    public IPAddress[]? Source { get; set; }

    /// <summary>The addresses of anchors and gateways that receive.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = IPsec)]
    [AddressArgument]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public IPAddress[]? Destination { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object[] found = [.. ParameterSetName == IPsec ? [] : OfMobileNodes(), .. HomeAddress is null ? OfPeers() : []];
        WriteObject(found, enumerateCollection: true);
        if (found.Length == 0 && (HomeAddress ?? Source ?? Destination ?? Spi as Array) is { Length: > 0 } asked)
        {
            WriteError(
                "There is no such security association. Get-DsmipSecurityAssociation without parameters lists all.",
                ErrorIds.SecurityAssociationNotFound,
                ErrorCategory.ObjectNotFound,
                asked.GetValue(0));
        }
    }

    private IEnumerable<SecurityAssociation> OfMobileNodes()
    {
        var homeAddresses = HomeAddress?.Select(Address.From).ToHashSet();
        return Agents.SecurityAssociations.List()
            .Where(association => (homeAddresses?.Contains(association.HomeAddress) ?? true) && (Spi?.Contains(association.SecurityParameterIndex) ?? true));
    }

    private IEnumerable<IPsecSecurityAssociation> OfPeers()
    {
        var (sources, destinations) = (Source?.Select(Address.From).ToHashSet(), Destination?.Select(Address.From).ToHashSet());
        return Agents.IPsecSecurityAssociations.List().Where(association =>
            (sources?.Contains(association.Source) ?? true)
            && (destinations?.Contains(association.Destination) ?? true)
            && (Spi?.Contains(association.SecurityParametersIndex) ?? true));
    }
}
