using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Security;

/// <summary>Removes security associations from the session: of Mobile IPv4, and of IPsec.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipSecurityAssociation", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipSecurityAssociationCommand : DsmipCmdlet
{
    private const string ByAddress = "HomeAddress";
    private const string ByDestination = "IPsec";
    private const string ByObject = "InputObject";

    /// <summary>The home address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByAddress)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[] HomeAddress { get; set; } = [];

    /// <summary>The addresses of the anchors and gateways that receive.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ByDestination)]
    [AddressArgument]
    [ArgumentCompleter(typeof(DestinationCompleter))]
    public IPAddress[] Destination { get; set; } = [];

    /// <summary>The Security Parameter Indexes.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByAddress)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByDestination)]
    [Alias("SecurityParameterIndex", "SecurityParametersIndex")]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint[]? Spi { get; set; }

    /// <summary>The security associations.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public SecurityAssociation[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var association in ParameterSetName switch { ByObject => InputObject, ByAddress => Find(), _ => [] })
        {
            Remove(association, association.HomeAddress, () => Agents.SecurityAssociations.Remove(association));
        }

        foreach (var association in ParameterSetName == ByDestination ? FindIPsec() : [])
        {
            Remove(
                association,
                association.Destination,
                () => Agents.IPsecSecurityAssociations.Remove(association.Destination, association.SecurityParametersIndex));
        }
    }

    private void Remove(object association, Address owner, Func<bool> remove)
    {
        if (ShouldProcess($"{association}", "Remove security association") && !remove())
        {
            WriteNotFound(owner, $"There is no security association {association} any more.");
        }
    }

    private IEnumerable<IPsecSecurityAssociation> FindIPsec()
    {
        foreach (var destination in Destination.Select(Address.From))
        {
            var found = Agents.IPsecSecurityAssociations.List()
                .Where(association => association.Destination == destination && (Spi?.Contains(association.SecurityParametersIndex) ?? true))
                .ToArray();
            if (found.Length == 0)
            {
                WriteNotFound(destination, $"There is no such security association to {destination}.");
            }

            foreach (var association in found)
            {
                yield return association;
            }
        }
    }

    private IEnumerable<SecurityAssociation> Find()
    {
        foreach (var home in HomeAddress.Select(Address.From))
        {
            var found = Agents.SecurityAssociations.Find(home).Where(association => Spi?.Contains(association.SecurityParameterIndex) ?? true).ToArray();
            if (found.Length == 0)
            {
                WriteNotFound(home, $"There is no such security association of home address {home}.");
            }

            foreach (var association in found)
            {
                yield return association;
            }
        }
    }

    private void WriteNotFound(Address owner, string message) =>
        WriteError(message, ErrorIds.SecurityAssociationNotFound, ErrorCategory.ObjectNotFound, owner);
}
