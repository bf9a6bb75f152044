using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Packets.Composing;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Decodes capture files, octets, hexadecimal text, hex dumps and Base64: one object per frame.</summary>
[Cmdlet(VerbsData.ConvertFrom, "DsmipPacket", DefaultParameterSetName = OctetsSet)]
[OutputType(typeof(DsmipPacket))]
public sealed class ConvertFromDsmipPacketCommand : DsmipCmdlet
{
    private const string OctetsSet = "Octets";
    private const string TextSet = "Text";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private const int FramesPerLookAtTheClock = 512;
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(250);

    private readonly List<byte> stream = [];
    private readonly PacketTextReader reader = new();
    private PacketDecoder decoder = new();
    private bool fromPipeline;
    private int number;

    /// <summary>The octets of one packet.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = OctetsSet)]
    [AllowEmptyCollection]
    [OctetsArgument]
    public byte[] InputObject { get; set; } = [];

    /// <summary>Hexadecimal text, a hex dump, or a line of one.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = TextSet)]
    [Alias("Hex")]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public string[] Text { get; set; } = [];

    /// <summary>Takes the text for Base64.</summary>
    [Parameter(ParameterSetName = TextSet)]
    public SwitchParameter Base64 { get; set; }

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
    [Parameter(ParameterSetName = TextSet)]
    public PacketForm? As { get; set; }

    /// <summary>What packets begin with.</summary>
    [Parameter(ParameterSetName = OctetsSet)]
    [Parameter(ParameterSetName = TextSet)]
    [FieldArgument(typeof(LinkType))]
    public LinkType? LinkType { get; set; }

    /// <summary>UDP ports that mean Mobile IPv4, besides 434.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] MobileIPv4Port { get; set; } = [];

    /// <summary>UDP ports that mean Proxy Mobile IPv6, besides 5436.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] ProxyMobileIPv6Port { get; set; } = [];

    /// <summary>UDP ports that mean Dual-Stack Mobile IPv6, besides 4191.</summary>
    [Parameter]
    [ValidateRange(1, 65535)]
    public int[] DualStackMobileIPv6Port { get; set; } = [];

    /// <summary>Shows a line for each packet in place of its tree.</summary>
    [Parameter]
    public SwitchParameter AsTable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        fromPipeline = !MyInvocation.BoundParameters.ContainsKey(nameof(InputObject));
        var assigned = new PacketDecoderOptions();
        decoder = new PacketDecoder(new PacketDecoderOptions
        {
            // A port that is named for one protocol is no longer another's.
            MobileIPv4Ports = Union(assigned.MobileIPv4Ports, MobileIPv4Port, [.. ProxyMobileIPv6Port, .. DualStackMobileIPv6Port]),
            ProxyMobileIPv6Ports = Union(assigned.ProxyMobileIPv6Ports, ProxyMobileIPv6Port, [.. MobileIPv4Port, .. DualStackMobileIPv6Port]),
            DualStackMobileIPv6Ports = Union(assigned.DualStackMobileIPv6Ports, DualStackMobileIPv6Port, [.. MobileIPv4Port, .. ProxyMobileIPv6Port]),
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
            case TextSet:
                foreach (var text in Text)
                {
                    ReadText(text);
                }

                break;
            default:
                ReadOctets();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        Flush();
        Write(reader.Complete(), null);
    }

    private static HashSet<ushort> Union(IReadOnlySet<ushort> assigned, int[] named, int[] namedForOthers)
    {
        var ports = named.Select(port => (ushort)port).ToHashSet();
        ports.UnionWith(assigned.Where(port => !namedForOthers.Contains(port)));
        return ports;
    }

    /// <summary>A file sends its octets through the pipeline one by one; they are one packet. An array is a packet of its own.</summary>
    private void ReadOctets()
    {
        if (fromPipeline && InputObject.Length == 1)
        {
            if (stream.Count == CaptureReader.MaximumFrameLength)
            {
                ThrowTerminatingError(ErrorRecords.Create(PacketInput.TooLong, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, null));
            }

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

    private void ReadText(string text)
    {
        if (!Base64)
        {
            Write(reader.Read(text), text);
            return;
        }

        try
        {
            Write(Base64Text.Parse(text));
        }
        catch (FormatException exception)
        {
            WriteError(new ErrorRecord(exception, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, text));
        }
    }

    private void Write(IEnumerable<TextPacket> packets, string? text)
    {
        foreach (var packet in packets)
        {
            if (packet.Error is { } error)
            {
                WriteError(new ErrorRecord(new FormatException(error), ErrorIds.MalformedPacket, ErrorCategory.InvalidData, text));
            }
            else
            {
                Write(packet.Octets);
            }
        }
    }

    private void Write(Octets octets) => Write(DsmipPacket.From(octets, decoder, As, LinkType) with { Number = ++number });

    private void Write(DsmipPacket packet) => WriteObject(AsTable ? PacketView.AsTable(packet) : packet);

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
        var last = 0;
        ProgressRecord? progress = null;
        try
        {
            if (Directory.Exists(path))
            {
                throw new IOException($"'{path}' is a folder.");
            }

            using var file = InterruptibleFile.Open(path, Cancellation);
            using var capture = CaptureReader.Open(file, leaveOpen: true);
            var length = file.CanSeek ? Math.Max(1, file.Length) : 0;
            var reported = Stopwatch.GetTimestamp();
            while (capture.TryRead(out var frame))
            {
                last = frame.Number;
                Write(DsmipPacket.From(frame, decoder));
                if (last % FramesPerLookAtTheClock != 0)
                {
                    continue;
                }

                Cancellation.ThrowIfCancellationRequested();
                if (length > 0 && Stopwatch.GetElapsedTime(reported) > BetweenReports)
                {
                    reported = Stopwatch.GetTimestamp();
                    progress ??= new ProgressRecord(0, "Decoding packets", path);
                    progress.StatusDescription = string.Create(CultureInfo.InvariantCulture, $"{last} frames of {path}");
                    progress.PercentComplete = (int)Math.Min(100, 100 * capture.Position / length);
                    WriteProgress(progress);
                }
            }
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
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

        if (progress is not null)
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
