using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.Net.Capture;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.PowerShell.Captures;

/// <summary>Starts a capture on an interface.</summary>
[Cmdlet(VerbsLifecycle.Start, "DsmipCapture", SupportsShouldProcess = true)]
[OutputType(typeof(HostedCapture))]
public sealed class StartDsmipCaptureCommand : DsmipCmdlet
{
    /// <summary>The interface.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(InterfaceNameCompleter))]
    public string Interface { get; set; } = "";

    /// <summary>Which frames to take.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(CaptureFilterCompleter))]
    public string? Filter { get; set; }

    /// <summary>The name of the capture.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>The pcapng file for the frames.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Octets of each frame to keep.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, CaptureOptions.MaximumSnapLength)]
    public int SnapLength { get; set; } = CaptureOptions.MaximumSnapLength;

    /// <summary>Takes in what is sent to others too.</summary>
    [Parameter]
    public SwitchParameter Promiscuous { get; set; }

    /// <summary>What captures.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public CaptureBackend Backend { get; set; }

    /// <summary>How many packets wait to be taken.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    public int BufferSize { get; set; } = new LiveCaptureOptions().BufferedPackets;

    /// <summary>UDP ports that mean Mobile IPv4, besides 434.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] MobileIPv4Port { get; set; } = [];

    /// <summary>UDP ports that mean Proxy Mobile IPv6, besides 5436.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] ProxyMobileIPv6Port { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Name is { } taken && Agents.Captures.Find(taken) is { } other)
        {
            WriteError(
                $"There is a capture with the name {other.Name} already, on {other.Interface}.", ErrorIds.CaptureNameTaken, ErrorCategory.ResourceExists, taken);
            return;
        }

        var path = Path is null ? null : SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
        var target = $"{Interface}{(string.IsNullOrEmpty(Filter) ? "" : $", filter '{Filter}'")}{(path is null ? "" : $", to {path}")}";
        if (ShouldProcess(target, "Start capture") && Try(Interface, () => Agents.Captures.Start(Interface, Options(path), Name), out var capture))
        {
            WriteObject(capture);
        }
    }

    private LiveCaptureOptions Options(string? path) => new()
    {
        Capture = new CaptureOptions { Filter = Filter, SnapLength = SnapLength, Promiscuous = Promiscuous, Backend = Backend },
        Path = path,
        BufferedPackets = BufferSize,
        Decoder = PacketDecoderOptions.Naming(Ports(MobileIPv4Port), Ports(ProxyMobileIPv6Port), []),
    };

    private static ushort[] Ports(int[] ports) => [.. ports.Select(port => (ushort)port)];
}
