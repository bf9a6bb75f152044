using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Security;

/// <summary>Removes mobility security associations from the session.</summary>
[Cmdlet(VerbsCommon.Remove, "DsmipSecurityAssociation", SupportsShouldProcess = true, DefaultParameterSetName = ByObject)]
public sealed class RemoveDsmipSecurityAssociationCommand : DsmipCmdlet
{
    private const string ByAddress = "HomeAddress";
    private const string ByObject = "InputObject";

    /// <summary>The home address.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ByAddress)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[] HomeAddress { get; set; } = [];

    /// <summary>The Security Parameter Indexes.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ByAddress)]
    [Alias("SecurityParameterIndex")]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint[]? Spi { get; set; }

    /// <summary>The security associations.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = ByObject)]
    [ValidateNotNull]
    public SecurityAssociation[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var association in ParameterSetName == ByObject ? InputObject : Find())
        {
            if (!ShouldProcess($"{association}", "Remove security association"))
            {
                continue;
            }

            if (!Agents.SecurityAssociations.Remove(association.HomeAddress, association.SecurityParameterIndex))
            {
                WriteNotFound(association.HomeAddress, $"There is no security association {association} any more.");
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

    private void WriteNotFound(Address home, string message) =>
        WriteError(message, ErrorIds.SecurityAssociationNotFound, ErrorCategory.ObjectNotFound, home);
}
