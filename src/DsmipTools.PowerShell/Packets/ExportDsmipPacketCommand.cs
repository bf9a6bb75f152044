using System.Management.Automation;
using DsmipTools.Packets;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Writes packets to a capture file.</summary>
[Cmdlet(VerbsData.Export, "DsmipPacket", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportDsmipPacketCommand : PacketOutputCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private bool isRefused;

    /// <summary>A decoded packet, a message, another structure, or octets.</summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>The file to write.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The file to write; nothing in its name is a wildcard.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string LiteralPath { get; set; } = "";

    /// <summary>The format.</summary>
    [Parameter]
    public CaptureFileFormat? Format { get; set; }

    /// <summary>A comment for each packet.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Comment { get; set; }

    /// <summary>Writes behind the frames that the file holds.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>Leaves a file that is there alone.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Replaces a read-only file too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => isRefused = !TryOpen(
        ParameterSetName == LiteralPathSet ? LiteralPath : Path,
        new PacketFileOptions { Format = Format, Comment = Comment, Append = Append, NoClobber = NoClobber, Force = Force });

    private protected override object? Input => InputObject?.BaseObject;

    private protected override void Take(object? input)
    {
        if (!isRefused && (input is not null || Layer.Length > 0) && TryRead(input, out _, out var packet))
        {
            WriteToFile(input, packet);
        }
    }
}
