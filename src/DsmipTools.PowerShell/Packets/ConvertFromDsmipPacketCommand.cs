using System.Globalization;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Decodes capture files, octets and hexadecimal text: one object per frame.</summary>
[Cmdlet(VerbsData.ConvertFrom, "DsmipPacket", DefaultParameterSetName = OctetsSet)]
[OutputType(typeof(DsmipPacket))]
public sealed class ConvertFromDsmipPacketCommand : DsmipCmdlet
{
    private const string OctetsSet = "Octets";
    private const string HexSet = "Hex";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    // Often enough to see, seldom enough not to slow the reading down.
    private const int FramesPerReport = 1000;

    private readonly List<byte> stream = [];
    private PacketDecoder decoder = new();
    private bool fromPipeline;
    private int number;

    /// <summary>The octets of one packet.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = OctetsSet)]
    [AllowEmptyCollection]
    [OctetsArgument]
    public byte[] InputObject { get; set; } = [];

    /// <summary>The octets of one packet as hexadecimal text.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = HexSet)]
    [AllowEmptyString]
    public string Hex { get; set; } = "";

    /// <summary>Capture files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Capture files; nothing in their names is a wildcard.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What octets are taken for.</summary>
    [Parameter(ParameterSetName = OctetsSet)]
    [Parameter(ParameterSetName = HexSet)]
    public PacketForm? As { get; set; }

    /// <summary>UDP ports that mean Mobile IPv4, besides 434.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] MobileIPv4Port { get; set; } = [];

    /// <summary>UDP ports that mean Proxy Mobile IPv6, besides 5436.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] ProxyMobileIPv6Port { get; set; } = [];

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        fromPipeline = !MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));
        var assigned = new PacketDecoderOptions();
        decoder = new PacketDecoder(new PacketDecoderOptions
        {
            // A port that is named for one protocol is no longer the other's.
            MobileIPv4Ports = Union(assigned.MobileIPv4Ports, MobileIPv4Port, ProxyMobileIPv6Port),
            ProxyMobileIPv6Ports = Union(assigned.ProxyMobileIPv6Ports, ProxyMobileIPv6Port, MobileIPv4Port),
        });
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case PathSet:
                foreach (var path in Path.SelectMany(Resolve))
                {
                    ReadFile(path);
                }

                break;
            case LiteralPathSet:
                foreach (var path in LiteralPath)
                {
                    ReadFile(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
                }

                break;
            case HexSet:
                ReadHex();
                break;
            default:
                ReadOctets();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Flush();

    private static HashSet<ushort> Union(IReadOnlySet<ushort> assigned, int[] named, int[] namedForTheOther)
    {
        var ports = named.Select(port => (ushort)port).ToHashSet();
        ports.UnionWith(assigned.Where(port => !namedForTheOther.Contains(port)));
        return ports;
    }

    /// <summary>A file sends its octets through the pipeline one by one; they are one packet. An array is a packet of its own.</summary>
    private void ReadOctets()
    {
        if (fromPipeline && InputObject.Length == 1)
        {
            stream.Add(InputObject[0]);
            return;
        }

        Flush();
        Write(Octets.Create(InputObject));
    }

    private void Flush()
    {
        if (stream.Count > 0)
        {
            Write(Octets.Create([.. stream]));
            stream.Clear();
        }
    }

    private void ReadHex()
    {
        try
        {
            Write(HexText.Parse(Hex));
        }
        catch (FormatException exception)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, Hex));
        }
    }

    private void Write(Octets octets) => WriteObject(DsmipPacket.From(octets, decoder, As) with { Number = ++number });

    private IEnumerable<string> Resolve(string path)
    {
        try
        {
            return SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException exception)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.FileError, ErrorCategory.ObjectNotFound, path));
            return [];
        }
    }

    private void ReadFile(string path)
    {
        var progress = new ProgressRecord(0, "Decoding packets", path);
        var last = 0;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new PcapngReader(file);
            while (!Cancellation.IsCancellationRequested && reader.TryRead(out var frame))
            {
                WriteObject(DsmipPacket.From(frame, decoder));
                last = frame.Number;
                if (last % FramesPerReport == 0 && file.CanSeek)
                {
                    progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{last} frames of {path}");
                    progress.PercentComplete = (int)(100 * file.Position / Math.Max(1, file.Length));
                    WriteProgress(progress);
                }
            }
        }
        catch (CaptureFormatException exception)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, path)
            {
                ErrorDetails = new ErrorDetails($"{path}: {exception.Message} {Read(last)}"),
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.FileError, CategoryOf(exception), path));
        }

        if (last >= FramesPerReport)
        {
            progress.RecordType = ProgressRecordType.Completed;
            WriteProgress(progress);
        }
    }

    private static string Read(int frames) => frames switch
    {
        0 => "No frame was read before it.",
        1 => "The frame before it was read.",
        _ => string.Create(CultureInfo.InvariantCulture, $"The {frames} frames before it were read."),
    };

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        FileNotFoundException or DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        _ => ErrorCategory.ReadError,
    };
}
