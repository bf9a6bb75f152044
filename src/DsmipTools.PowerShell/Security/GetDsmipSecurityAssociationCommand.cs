using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Security;

/// <summary>Gets the mobility security associations of the session.</summary>
[Cmdlet(VerbsCommon.Get, "DsmipSecurityAssociation")]
[OutputType(typeof(SecurityAssociation))]
public sealed class GetDsmipSecurityAssociationCommand : DsmipCmdlet
{
    /// <summary>The Security Parameter Indexes.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("SecurityParameterIndex")]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint[]? Spi { get; set; }

    /// <summary>The home addresses.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress[]? HomeAddress { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var homeAddresses = HomeAddress?.Select(Address.From).ToHashSet();
        var found = Agents.SecurityAssociations.List()
            .Where(association => (homeAddresses?.Contains(association.HomeAddress) ?? true) && (Spi?.Contains(association.SecurityParameterIndex) ?? true))
            .ToArray();
        WriteObject(found, enumerateCollection: true);
        if (found.Length == 0 && (Spi is not null || HomeAddress is not null))
        {
            WriteError(
                "There is no such security association. Get-DsmipSecurityAssociation without parameters lists all.",
                ErrorIds.SecurityAssociationNotFound,
                ErrorCategory.ObjectNotFound,
                HomeAddress is { Length: > 0 } ? HomeAddress[0] : Spi![0]);
        }
    }
}
