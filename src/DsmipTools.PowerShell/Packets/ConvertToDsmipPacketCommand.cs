using System.Management.Automation;
using DsmipTools.Packets;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Writes packets, messages and layers as octets, as text, or to a capture file.</summary>
[Cmdlet(VerbsData.ConvertTo, "DsmipPacket", DefaultParameterSetName = OctetsSet, SupportsShouldProcess = true)]
[OutputType(typeof(byte[]), ParameterSetName = [OctetsSet])]
[OutputType(typeof(string), ParameterSetName = [HexSet, Base64Set, HexDumpSet])]
[OutputType(typeof(FileInfo), ParameterSetName = [PathSet])]
public sealed class ConvertToDsmipPacketCommand : PacketOutputCmdlet
{
    private const string OctetsSet = "Octets";
    private const string HexSet = "Hex";
    private const string Base64Set = "Base64";
    private const string HexDumpSet = "HexDump";
    private const string PathSet = "Path";

    private bool isRefused;

    /// <summary>A decoded packet, a message, another structure, or octets.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Gives hexadecimal text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HexSet)]
    public SwitchParameter AsHex { get; set; }

    /// <summary>Gives Base64.</summary>
    [Parameter(Mandatory = true, ParameterSetName = Base64Set)]
    public SwitchParameter AsBase64 { get; set; }

    /// <summary>Gives a hex dump.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HexDumpSet)]
    public SwitchParameter AsHexDump { get; set; }

    /// <summary>The capture file to write.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    protected override void BeginProcessing() => isRefused = ParameterSetName == PathSet && !TryOpen(Path, new PacketFileOptions());

    private protected override object? Input => InputObject?.BaseObject;

    private protected override void Take(object? input)
    {
        if (isRefused || !TryRead(input, out var octets, out var packet))
        {
            return;
        }

        switch (ParameterSetName)
        {
            case PathSet:
                WriteToFile(input, packet);
                break;
            case HexSet:
                WriteObject(octets.ToString());
                break;
            case Base64Set:
                WriteObject(Convert.ToBase64String(octets.Span));
                break;
            case HexDumpSet:
                WriteObject(HexText.Dump(octets.Span));
                break;
            default:
                WriteObject(octets.ToArray(), enumerateCollection: false);
                break;
        }
    }
}
