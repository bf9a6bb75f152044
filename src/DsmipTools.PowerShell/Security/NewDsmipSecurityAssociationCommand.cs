using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using DsmipTools.Engine.Security;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Security;

namespace DsmipTools.PowerShell.Security;

/// <summary>Adds a security association to the session: of Mobile IPv4, or of IPsec between an anchor and a gateway.</summary>
[Cmdlet(VerbsCommon.New, "DsmipSecurityAssociation", SupportsShouldProcess = true, DefaultParameterSetName = Mobility)]
[OutputType(typeof(SecurityAssociation), ParameterSetName = [Mobility, BetweenAgents])]
[OutputType(typeof(IPsecSecurityAssociation), ParameterSetName = [IPsec])]
public sealed class NewDsmipSecurityAssociationCommand : DsmipCmdlet
{
    private const string IPsec = "IPsec";
    private const string Mobility = "HomeAddress";
    private const string BetweenAgents = "Agent";

    /// <summary>The Security Parameter Index.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(SecurityAssociation.MinimumSecurityParameterIndex, uint.MaxValue)]
    public uint Spi { get; set; }

    /// <summary>The home address of the mobile node.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = Mobility)]
    [AddressArgument]
    public IPAddress HomeAddress { get; set; } = IPAddress.None;

    /// <summary>The association is with foreign agents.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Mobility)]
    public SwitchParameter WithForeignAgent { get; set; }

    /// <summary>The address of the other agent: of the home agent at a foreign agent, and the other way round.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = BetweenAgents)]
    [AddressArgument]
    [ArgumentCompleter(typeof(MobilityAgentAddressCompleter))]
    public IPAddress Agent { get; set; } = IPAddress.None;

    /// <summary>The address of the anchor or gateway that sends.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IPsec)]
    [AddressArgument]
    public IPAddress Source { get; set; } = IPAddress.None;

    /// <summary>The address of the gateway or anchor that receives.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = IPsec)]
    [AddressArgument]
    public IPAddress Destination { get; set; } = IPAddress.None;

    /// <summary>The key; of IPsec the one for integrity.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public SecureString Key { get; set; } = new();

    /// <summary>The key for encryption.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = IPsec)]
    [ValidateNotNull]
    public SecureString? EncryptionKey { get; set; }

    /// <summary>How the keys are written.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public KeyFormat KeyFormat { get; set; }

    /// <summary>The algorithm.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Mobility)]
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = BetweenAgents)]
    public AuthenticationAlgorithm Algorithm { get; set; }

    /// <summary>How far apart the clocks may be.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Mobility)]
    [DurationArgument]
    public TimeSpan TimestampTolerance { get; set; } = SecurityAssociation.DefaultTimestampTolerance;

    /// <summary>Takes packets whose sequence number has been seen.</summary>
    [Parameter(ParameterSetName = IPsec)]
    public SwitchParameter NoAntiReplay { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == IPsec)
        {
            Add(Destination, MakeIPsec, Agents.TryAdd);
        }
        else
        {
            Add(ParameterSetName == Mobility ? HomeAddress : Agent, Make, Agents.SecurityAssociations.TryAdd);
        }
    }

    private void Add<T>(IPAddress owner, Func<T> make, Func<T, bool> tryAdd)
        where T : class
    {
        if (!Try(owner, make, out var association) || !ShouldProcess($"{association}", "Add security association"))
        {
            return;
        }

        if (!Try(owner, () => tryAdd(association), out var isAdded))
        {
            return;
        }

        if (isAdded)
        {
            WriteObject(association);
        }
        else
        {
            WriteError(
                $"The {(ParameterSetName switch { IPsec => "destination", Mobility => "home address", _ => "agent" })} {owner} has a security association with SPI {Spi} already. Remove it first, or choose another SPI.",
                ErrorIds.SecurityAssociationExists,
                ErrorCategory.ResourceExists,
                owner);
        }
    }

    private SecurityAssociation Make() => WithKeys((key, _) => ParameterSetName == BetweenAgents
        ? SecurityAssociation.BetweenAgents(Spi, Address.From(Agent), key, Algorithm)
        : new SecurityAssociation(Spi, Address.From(HomeAddress), key, Algorithm, TimestampTolerance)
        {
            Kind = WithForeignAgent ? SecurityAssociationKind.MobileForeign : SecurityAssociationKind.MobileHome,
        });

    private IPsecSecurityAssociation MakeIPsec() => WithKeys(
        (key, encryption) => new IPsecSecurityAssociation(Spi, Address.From(Source), Address.From(Destination), key, encryption) { AntiReplay = !NoAntiReplay });

    private T WithKeys<T>(Func<byte[], byte[], T> make)
    {
        byte[] key = [], encryption = [];
        try
        {
            key = SecretKey.OctetsOf(Key, KeyFormat);
            encryption = EncryptionKey is null ? [] : SecretKey.OctetsOf(EncryptionKey, KeyFormat);
            return make(key, encryption);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(encryption);
        }
    }
}
