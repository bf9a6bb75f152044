using System.Globalization;
using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Engine.Timing;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.PowerShell.Registrations;

/// <summary>Registers a mobile node with its home agent, or de-registers it.</summary>
[Cmdlet(VerbsCommunications.Send, "DsmipRegistration", SupportsShouldProcess = true, DefaultParameterSetName = Registration)]
[OutputType(typeof(RegistrationOutcome))]
public sealed class SendDsmipRegistrationCommand : DsmipCmdlet
{
    private const string Registration = "Register";
    private const string Deregistration = "Deregister";

    /// <summary>The address of the home agent.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAgentAddressCompleter))]
    public IPAddress HomeAgent { get; set; } = IPAddress.None;

    /// <summary>The UDP port of the home agent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = MobileIPv4Message.Port;

    /// <summary>The home address.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress HomeAddress { get; set; } = IPAddress.None;

    /// <summary>The address of the foreign agent to register through.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(ForeignAgentAddressCompleter))]
    public IPAddress? ForeignAgent { get; set; }

    /// <summary>The UDP port of the foreign agent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int ForeignAgentPort { get; set; } = MobileIPv4Message.Port;

    /// <summary>The co-located care-of address, or where requests to a foreign agent come from: an address of this machine.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress CareOfAddress { get; set; } = IPAddress.None;

    /// <summary>The lifetime asked for.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Registration)]
    [DurationArgument]
    public TimeSpan Lifetime { get; set; } = MobileNodeOptions.DefaultLifetime;

    /// <summary>The IPv6 prefixes to register.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Registration)]
    public Prefix[] IPv6Prefix { get; set; } = [];

    /// <summary>Where IPv6 is to be tunneled to.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = Registration)]
    public TunnelingMode TunnelingMode { get; set; }

    /// <summary>Removes what is registered.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Deregistration)]
    public SwitchParameter Deregister { get; set; }

    /// <summary>The Security Parameter Index of the security association.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0u, uint.MaxValue)]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint? Spi { get; set; }

    /// <summary>The Network Access Identifier to send.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Nai { get; set; }

    /// <summary>S: keep prior bindings.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter SimultaneousBindings { get; set; }

    /// <summary>B: broadcast datagrams.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter BroadcastDatagrams { get; set; }

    /// <summary>M: minimal encapsulation.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter MinimalEncapsulation { get; set; }

    /// <summary>G: GRE encapsulation.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter GreEncapsulation { get; set; }

    /// <summary>T: reverse tunneling.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter ReverseTunneling { get; set; }

    /// <summary>Packets are to be tunneled to the foreign agent.</summary>
    [Parameter(ParameterSetName = Registration)]
    public SwitchParameter EncapsulatingDelivery { get; set; }

    /// <summary>How often the request is sent again.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 100)]
    public int MaximumRetries { get; set; } = MobileNodeOptions.DefaultRetransmission.MaximumRetries;

    /// <summary>The wait before the first retransmission.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan InitialDelay { get; set; } = MobileNodeOptions.DefaultRetransmission.InitialDelay;

    /// <summary>The longest wait.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumDelay { get; set; } = MobileNodeOptions.DefaultRetransmission.MaximumDelay;

    private Address Home => Address.From(HomeAddress);

    private bool IsDeregistration => Deregister || Lifetime == TimeSpan.Zero;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!HaveNoHostBits(IPv6Prefix, nameof(IPv6Prefix)) || FindAssociation() is not { } association)
        {
            return;
        }

        var homeAgent = new Endpoint(Address.From(HomeAgent), (ushort)Port);
        var through = ForeignAgent is null ? "" : $" through foreign agent {new Endpoint(Address.From(ForeignAgent), (ushort)ForeignAgentPort)}";
        if (!ShouldProcess(
            $"Home address {Home} at home agent {homeAgent}{through}",
            IsDeregistration ? "De-register" : $"Register care-of address {ForeignAgent ?? CareOfAddress}"))
        {
            return;
        }

        RegistrationOutcome? outcome = null;
        if (Try(Home, () => outcome = Await(token => Agents.RegisterOnceAsync(Options(association, homeAgent), IsDeregistration, token))))
        {
            // The object comes first and always: it tells of the attempts and of each prefix, whatever the script does about errors.
            WriteObject(outcome);
            WriteErrorOf(outcome!, homeAgent);
        }
    }

    private MobileNodeOptions Options(SecurityAssociation association, Endpoint homeAgent) => new()
    {
        Name = $"mn-{Home}",
        HomeAddress = Home,
        HomeAgent = homeAgent,
        CareOfAddress = Address.From(CareOfAddress),
        ForeignAgent = ForeignAgent is null ? null : new Endpoint(Address.From(ForeignAgent), (ushort)ForeignAgentPort),
        ForeignAgentAssociations = AssociationsWithForeignAgent(),
        EncapsulatingDelivery = EncapsulatingDelivery,
        SecurityAssociation = association,
        IPv6Prefixes = ValueList.From(IPv6Prefix),
        TunnelingMode = TunnelingMode,
        Lifetime = IsDeregistration ? MobileNodeOptions.DefaultLifetime : Lifetime,
        Nai = Nai,
        SimultaneousBindings = SimultaneousBindings,
        BroadcastDatagrams = BroadcastDatagrams,
        MinimalEncapsulation = MinimalEncapsulation,
        GreEncapsulation = GreEncapsulation,
        ReverseTunneling = ReverseTunneling,
        Retransmission = new RetransmissionPolicy(InitialDelay, MaximumDelay, MaximumRetries),
    };

    private Dictionary<Address, SecurityAssociation> AssociationsWithForeignAgent() =>
        ForeignAgent is not null && Agents.SecurityAssociations.Find(SecurityAssociationKind.MobileForeign, Home) is [var first, ..]
            ? new() { [Address.From(ForeignAgent)] = first }
            : [];

    private SecurityAssociation? FindAssociation()
    {
        var known = Agents.SecurityAssociations.Find(Home);
        var found = Spi is { } wanted ? known.FirstOrDefault(association => association.SecurityParameterIndex == wanted)
            : known.Count == 1 ? known[0]
            : null;
        if (found is null)
        {
            var spis = string.Join(", ", known.Select(association => association.SecurityParameterIndex));
            WriteError(
                Spi is { } spi ? string.Create(CultureInfo.InvariantCulture, $"There is no security association of home address {Home} with SPI {spi}.")
                    + (known.Count > 0 ? $" Its SPIs are {spis}." : " New-DsmipSecurityAssociation makes one.")
                    : known.Count == 0 ? $"There is no security association of home address {Home}. New-DsmipSecurityAssociation makes one."
                    : $"The home address {Home} has several security associations: choose one with -Spi ({spis}).",
                ErrorIds.SecurityAssociationNotFound,
                ErrorCategory.ObjectNotFound,
                Home);
        }

        return found;
    }

    private static string Requests(RegistrationOutcome outcome) =>
        outcome.Attempts == 1 ? "1 request" : string.Create(CultureInfo.InvariantCulture, $"{outcome.Attempts} requests");

    private void WriteErrorOf(RegistrationOutcome outcome, Endpoint homeAgent)
    {
        switch (outcome.Result)
        {
            case RegistrationResult.Refused:
                WriteError(
                    $"The {(outcome.Code is { } code && outcome.ForeignAgent is { } agent && !code.IsFromHomeAgent() ? $"foreign agent {agent}" : $"home agent {homeAgent}")} refused the registration of {Home} with code {(byte)outcome.Code!} {outcome.Code}.",
                    ErrorIds.RegistrationRefused,
                    ErrorCategory.PermissionDenied,
                    outcome);
                break;
            case RegistrationResult.TimedOut when outcome.LastDrop == DropReason.BadAuthenticator:
                WriteError(
                    $"The home agent {homeAgent} answered {Requests(outcome)} for {Home} without a right authenticator. The keys differ.",
                    ErrorIds.AuthenticationFailed,
                    ErrorCategory.AuthenticationError,
                    outcome);
                break;
            case RegistrationResult.TimedOut:
                WriteError(
                    outcome.LastDrop == DropReason.None
                        ? $"The home agent {homeAgent} did not answer {Requests(outcome)} for {Home}."
                        : $"The home agent {homeAgent} did not give a valid answer to {Requests(outcome)} for {Home}; the last one was dropped: {outcome.LastDrop}.",
                    ErrorIds.Timeout,
                    ErrorCategory.OperationTimeout,
                    outcome);
                break;
        }
    }
}
