using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.PowerShell.Security;

/// <summary>Adds a mobility security association to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipSecurityAssociation", SupportsShouldProcess = true)]
[OutputType(typeof(SecurityAssociation))]
public sealed class NewDsmipSecurityAssociationCommand : DsmipCmdlet
{
    /// <summary>The Security Parameter Index.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(SecurityAssociation.MinimumSecurityParameterIndex, uint.MaxValue)]
    public uint Spi { get; set; }

    /// <summary>The home address of the mobile node.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress HomeAddress { get; set; } = IPAddress.None;

    /// <summary>The key.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public SecureString Key { get; set; } = new();

    /// <summary>How the key is written.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeyFormat KeyFormat { get; set; }

    /// <summary>The algorithm.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public AuthenticationAlgorithm Algorithm { get; set; }

    /// <summary>How far apart the clocks may be.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan TimestampTolerance { get; set; } = SecurityAssociation.DefaultTimestampTolerance;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        SecurityAssociation? association = null;
        if (!Try(HomeAddress, () => association = Make()) || !ShouldProcess($"{association}", "Add security association"))
        {
            return;
        }

        if (Agents.SecurityAssociations.TryAdd(association!))
        {
            WriteObject(association);
        }
        else
        {
            WriteError(
                $"The home address {HomeAddress} has a security association with SPI {Spi} already. Remove it first, or choose another SPI.",
                ErrorIds.SecurityAssociationExists,
                ErrorCategory.ResourceExists,
                HomeAddress);
        }
    }

    private SecurityAssociation Make()
    {
        var key = SecretKey.OctetsOf(Key, KeyFormat);
        try
        {
            return new SecurityAssociation(Spi, Address.From(HomeAddress), key, Algorithm, TimestampTolerance);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
