using System.Management.Automation;
using System.Net;
using DsmipTools.Engine;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.PowerShell.Agents;

/// <summary>Adds a Mobile IPv4 foreign agent to the session.</summary>
[Cmdlet(VerbsCommon.New, "DsmipForeignAgent", SupportsShouldProcess = true)]
[OutputType(typeof(HostedForeignAgent))]
public sealed class NewDsmipForeignAgentCommand : NewAgentCmdlet
{
    /// <summary>The UDP port.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int Port { get; set; } = MobileIPv4Message.Port;

    /// <summary>The UDP port of home agents.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    public int HomeAgentPort { get; set; } = MobileIPv4Message.Port;

    /// <summary>The address on the links to mobile nodes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress? LinkAddress { get; set; }

    /// <summary>The longest lifetime taken.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan MaximumLifetime { get; set; } = ForeignAgentOptions.DefaultMaximumLifetime;

    /// <summary>How many mobile nodes may visit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, 1_000_000)]
    public int MaximumVisitors { get; set; } = 1000;

    /// <summary>How many requests may wait for their home agents.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, int.MaxValue)]
    public int MaximumPendingRegistrations { get; set; } = 100;

    /// <summary>R: mobile nodes with an address of their own have to register here too.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RegistrationRequired { get; set; }

    /// <summary>G: GRE encapsulation.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter GreEncapsulation { get; set; }

    /// <summary>There are no reverse tunnels.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter NoReverseTunneling { get; set; }

    /// <summary>Requests without a reverse tunnel are denied.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter RequireReverseTunneling { get; set; }

    /// <summary>Between advertisements.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [DurationArgument]
    public TimeSpan AdvertisementInterval { get; set; } = new AdvertisementOptions().Interval;

    /// <summary>The routers that advertisements name.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public IPv4Network[] RouterAddress { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => Add(AgentKind.ForeignAgent, Port, place => Agents.Add(
        new ForeignAgentOptions
        {
            Name = Name,
            Address = LocalAddress,
            Port = (ushort)Port,
            HomeAgentPort = (ushort)HomeAgentPort,
            LinkAddress = LinkAddress is null ? (Address?)null : Wire.Ip.Address.From(LinkAddress),
            MaximumLifetime = MaximumLifetime,
            MaximumVisitors = MaximumVisitors,
            MaximumPendingRegistrations = MaximumPendingRegistrations,
            RegistrationRequired = RegistrationRequired,
            GreEncapsulation = GreEncapsulation,
            ReverseTunneling = !NoReverseTunneling,
            RequiresReverseTunneling = RequireReverseTunneling,
            Advertisements = new AdvertisementOptions { Interval = AdvertisementInterval, RouterAddresses = ValueList.From(RouterAddress) },
        },
        Start,
        place));
}
