using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Writes packets and messages as octets, as hexadecimal text, or to a capture file.</summary>
[Cmdlet(VerbsData.ConvertTo, "DsmipPacket", DefaultParameterSetName = OctetsSet, SupportsShouldProcess = true)]
[OutputType(typeof(byte[]), ParameterSetName = [OctetsSet])]
[OutputType(typeof(string), ParameterSetName = [HexSet])]
[OutputType(typeof(FileInfo), ParameterSetName = [PathSet])]
public sealed class ConvertToDsmipPacketCommand : DsmipCmdlet
{
    private const string OctetsSet = "Octets";
    private const string HexSet = "Hex";
    private const string PathSet = "Path";

    private string path = "";
    private PacketFile? file;
    private bool refused;

    /// <summary>A decoded packet, a message, or octets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PSObject InputObject { get; set; } = new();

    /// <summary>Gives hexadecimal text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HexSet)]
    public SwitchParameter AsHex { get; set; }

    /// <summary>The pcapng file to write.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Where the packet comes from.</summary>
    [Parameter]
    [EndpointArgument]
    public Endpoint? Source { get; set; }

    /// <summary>Where the packet goes to.</summary>
    [Parameter]
    [EndpointArgument]
    public Endpoint? Destination { get; set; }

    /// <summary>How the message travels.</summary>
    [Parameter]
    public Transport? Transport { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Source is null != Destination is null)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                "A packet has a source and a destination: give both -Source and -Destination, or neither.",
                ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, null));
        }

        if (Transport is not null && Source is null)
        {
            ThrowTerminatingError(ErrorRecords.Create(
                "-Transport puts a message into a packet, which needs -Source and -Destination.",
                ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Transport));
        }

        if (ParameterSetName == PathSet)
        {
            path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path);
            if (!ShouldProcess(path, "Write packets"))
            {
                refused = true;
                return;
            }

            try
            {
                file = new PacketFile(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                ThrowTerminatingError(new ErrorRecord(exception, ErrorIds.FileError, CategoryOf(exception), path));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (refused)
        {
            return;
        }

        Try(InputObject.BaseObject, () =>
        {
            if (ToPacket(InputObject.BaseObject) is not { } packet)
            {
                WriteError(
                    $"A {InputObject.BaseObject.GetType().Name} is no packet, no message and no octets.",
                    ErrorIds.InvalidArgument, ErrorCategory.InvalidType, InputObject.BaseObject);
                return;
            }

            if (file is not null)
            {
                file.Write(packet);
            }
            else if (AsHex)
            {
                WriteObject(packet.Octets.ToString());
            }
            else
            {
                WriteObject(packet.Octets.ToArray(), enumerateCollection: false);
            }
        });
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (file is not null && Try(path, file.Complete))
        {
            WriteObject(new FileInfo(path));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        _ => ErrorCategory.WriteError,
    };

    /// <summary>The packet that an object stands for, in the envelope that is asked for; null when it stands for none.</summary>
    private DsmipPacket? ToPacket(object input) => input switch
    {
        DsmipPacket packet when Source is null => packet,
        DsmipPacket packet => Wrap(MessageOf(packet), TransportOf(packet.Message, packet.Form)),
        MobileIPv4Message message => Place(message.ToOctets(), PacketForm.MobileIPv4, message),
        MobilityMessage message => Place(message.ToOctets(), PacketForm.MobilityHeader, message),
        _ => OctetsArgumentAttribute.Of(input) is { } octets ? Place(Octets.Create(octets), DsmipPacket.FormOf(octets), null) : null,
    };

    private DsmipPacket Place(Octets octets, PacketForm form, object? message)
    {
        if (Source is not null && form == PacketForm.Packet)
        {
            throw new ArgumentException("These octets are a packet already; -Source and -Destination put a message without headers into one.");
        }

        return Source is null
            ? DsmipPacket.From(octets, new PacketDecoder(), form)
            : Wrap(octets, TransportOf(message, form));
    }

    /// <summary>A frame is sent on as it is, unless it is given another envelope: then only its message is kept.</summary>
    private static Octets MessageOf(DsmipPacket packet) => packet.Message switch
    {
        MobileIPv4Message message => message.ToOctets(),
        MobilityMessage message => message.ToOctets(),
        _ when packet.Form != PacketForm.Packet => packet.Octets,
        _ => throw new ArgumentException($"Packet {packet.Number} holds no mobility message to put into another packet."),
    };

    private Transport TransportOf(object? message, PacketForm form) => Transport
        ?? (message is MobileIPv4Message || (message is null && form == PacketForm.MobileIPv4) ? Wire.Transport.MobileIPv4Udp
            : Source!.Value.Address.IsIPv4 ? Wire.Transport.ProxyMobileIPv6Udp
            : Wire.Transport.IPv6);

    private DsmipPacket Wrap(Octets message, Transport transport)
    {
        var envelope = new Envelope(transport, WithPort(Source!.Value, transport), WithPort(Destination!.Value, transport));
        var isIPv4 = transport != Wire.Transport.IPv6;
        if (envelope.Source.Address.IsIPv4 != isIPv4 || envelope.Destination.Address.IsIPv4 != isIPv4)
        {
            throw new ArgumentException($"{transport} needs {(isIPv4 ? "IPv4" : "IPv6")} addresses.");
        }

        if (transport != Wire.Transport.MobileIPv4Udp && message.Length < MobilityHeaderFields.Common.Checksum.Offset + 2)
        {
            throw new ArgumentException($"{message.Length} octets are too few for a Mobility Header.");
        }

        var sealing = message.ToArray();
        envelope.Seal(sealing);
        var octets = new byte[PacketFrame.Overhead(envelope) + sealing.Length];
        PacketFrame.Write(envelope, sealing, octets);
        return DsmipPacket.From(Octets.Create(octets), new PacketDecoder(), PacketForm.Packet);
    }

    /// <summary>The port that IANA assigned, where none is named; native Mobility Headers have none.</summary>
    private static Endpoint WithPort(Endpoint endpoint, Transport transport) => transport switch
    {
        Wire.Transport.IPv6 => endpoint with { Port = 0 },
        _ when endpoint.Port != 0 => endpoint,
        Wire.Transport.MobileIPv4Udp => endpoint with { Port = MobileIPv4Message.Port },
        _ => endpoint with { Port = Envelope.ProxyMobileIPv6Port },
    };
}
