using System.Management.Automation;
using System.Net;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Tunnels;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Tunnels;

/// <summary>Configures a tunnel of this machine.</summary>
[Cmdlet(VerbsCommon.New, "DsmipTunnel", SupportsShouldProcess = true)]
[OutputType(typeof(HostedTunnel))]
public sealed class NewDsmipTunnelCommand : DsmipCmdlet
{
    /// <summary>The name of the tunnel.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>This end.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(LocalAddressCompleter))]
    public IPAddress Local { get; set; } = IPAddress.None;

    /// <summary>The other end.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    public IPAddress Remote { get; set; } = IPAddress.None;

    /// <summary>How packets run in the tunnel.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public TunnelEncapsulation Encapsulation { get; set; }

    /// <summary>What is behind the other end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    public Destination[] Prefix { get; set; } = [];

    /// <summary>The addresses of this machine inside the tunnel.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNull]
    [AddressArgument]
    public IPAddress[] Address { get; set; } = [];

    /// <summary>The GRE key.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Key")]
    public uint? GreKey { get; set; }

    /// <summary>The UDP port of this end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, ushort.MaxValue)]
    public int? Port { get; set; }

    /// <summary>The UDP port of the other end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, ushort.MaxValue)]
    public int? RemotePort { get; set; }

    /// <summary>The longest packet that goes in.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(TunnelOptions.MinimumMtu, TunnelOptions.MaximumMtu)]
    public int? Mtu { get; set; }

    /// <summary>Lets the MTU follow the path to the other end.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter DynamicMtu { get; set; }

    /// <summary>The hop limit or TTL of the outer header.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, byte.MaxValue)]
    public int HopLimit { get; set; } = PacketFrame.HopLimit;

    /// <summary>The tunnel that this one runs over.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [TextArgument]
    [ArgumentCompleter(typeof(TunnelNameCompleter))]
    public string? Over { get; set; }

    /// <summary>What carries the packets.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public TunnelBackend Backend { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Array.Find(Prefix, prefix => !prefix.IsCanonical) is { Length: > 0 } stray)
        {
            var meant = Destination.Of(stray.Address, stray.Length);
            WriteError($"-Prefix: {stray} has bits set beyond its length. Did you mean {meant}?", ErrorIds.PrefixHasHostBits, ErrorCategory.InvalidArgument, stray);
            return;
        }

        if (Agents.Tunnels.Find(Name) is { } taken)
        {
            WriteError($"There is a tunnel with the name {taken.Name} already.", ErrorIds.TunnelNameTaken, ErrorCategory.ResourceExists, Name);
            return;
        }

        var options = new TunnelOptions
        {
            Name = Name,
            Local = Wire.Ip.Address.From(Local),
            Remote = Wire.Ip.Address.From(Remote),
            Encapsulation = Encapsulation,
            Prefixes = Prefix,
            Addresses = Address.Select(Wire.Ip.Address.From).ToArray(),
            Key = GreKey,
            UsesDynamicMtu = DynamicMtu,
            HopLimit = (byte)HopLimit,
            Over = Over,
            Backend = Backend,
        };
        if (!options.UsesUdp && (RemotePort ?? Port) is not null)
        {
            WriteError($"-Port and -RemotePort are UDP's: {Encapsulation} has none.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Name);
            return;
        }

        if (Port is { } local)
        {
            options = options with { LocalPort = (ushort)local };
        }

        if (Mtu is { } mtu)
        {
            options = options with { Mtu = mtu };
        }

        if ((RemotePort ?? Port) is { } remote)
        {
            options = options with { RemotePort = (ushort)remote };
        }

        if (ShouldProcess($"{Name}, {Encapsulation} from {Local} to {Remote}", "New tunnel") && Try(Name, () => Agents.Tunnels.Add(options), out var tunnel))
        {
            WriteObject(tunnel);
        }
    }
}
