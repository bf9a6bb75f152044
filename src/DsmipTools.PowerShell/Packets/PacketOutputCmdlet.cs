using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;
using DsmipTools.Wire.Capture;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets;

/// <summary>What the cmdlets share that write packets: what an object of the pipeline is as a packet, and the file that packets go to.</summary>
public abstract class PacketOutputCmdlet : EnvelopeCmdlet
{
    private readonly List<byte> unrolled = [];
    private string path = "";
    private PacketFile? file;
    private bool isAnyRefused;

    /// <summary>Layers to compose as they are, the outermost first; an input object stands behind them.</summary>
    [Parameter]
    [ValidateNotNull]
    public Structure[] Layer { get; set; } = [];

    /// <summary>True when packets go to a file.</summary>
    private protected bool HasFile => file is not null;

    /// <summary>The input object; null for none.</summary>
    private protected abstract object? Input { get; }

    /// <summary>Writes what an input object is.</summary>
    private protected abstract void Take(object? input);

    /// <summary>An array of octets sends them through the pipeline one by one; they are one packet.</summary>
    protected sealed override void ProcessRecord()
    {
        if (Input is not byte octet)
        {
            Flush();
            Take(Input);
            return;
        }

        if (unrolled.Count == CaptureReader.MaximumFrameLength)
        {
            ThrowTerminatingError(ErrorRecords.Create(PacketInput.TooLong, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, null));
        }

        unrolled.Add(octet);
    }

    /// <inheritdoc/>
    protected sealed override void EndProcessing()
    {
        Flush();
        CompleteFile();
    }

    /// <summary>The octets of an input object with what the parameters put before it.</summary>
    /// <param name="input">The input object; null for none.</param>
    /// <param name="octets">The octets.</param>
    /// <param name="packet">The same as a packet or message; null for what is neither, such as an option.</param>
    /// <returns>True when there are octets; else an error has been written.</returns>
    private protected bool TryRead(object? input, out Octets octets, out DsmipPacket? packet)
    {
        var read = (Octets: default(Octets), Packet: default(DsmipPacket));
        var isRead = Try(input, () => read = Read(input));
        (octets, packet) = read;
        isAnyRefused |= !isRead;
        return isRead;
    }

    /// <summary>Begins the file; false when nothing is to be written.</summary>
    private protected bool TryOpen(string literalPath, PacketFileOptions options)
    {
        path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(literalPath);
        if (!ShouldProcess(path, options.Append ? "Append packets" : "Write packets"))
        {
            return false;
        }

        try
        {
            file = new PacketFile(path, options);
        }
        catch (CaptureFormatException exception)
        {
            ThrowTerminatingError(new ErrorRecord(exception, ErrorIds.MalformedPacket, ErrorCategory.InvalidData, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(exception, ErrorIds.FileError, CategoryOf(exception), path));
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(ErrorRecords.From(exception, path));
        }

        return true;
    }

    /// <summary>Writes a packet to the file.</summary>
    private protected void WriteToFile(object? input, DsmipPacket? packet) => isAnyRefused |= !Try(input, () => file!.Write(
        packet ?? throw new ArgumentException("A capture holds packets, and this has no IP header: give the layers before it with -Layer.")));

    /// <summary>Puts the file in its place and tells of it; a file that is there is not given up for one without a packet.</summary>
    private void CompleteFile()
    {
        if (file is not null && !(isAnyRefused && file.Count == 0) && Try(path, file.Complete))
        {
            if (file.HasLostComments)
            {
                WriteWarning($"{path}: comments of packets were left out, because pcap has none. pcapng has.");
            }

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

    private void Flush()
    {
        if (unrolled.Count > 0)
        {
            byte[] octets = [.. unrolled];
            unrolled.Clear();
            Take(octets);
        }
    }

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        DirectoryNotFoundException => ErrorCategory.ObjectNotFound,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException when exception.Message.Contains("already", StringComparison.Ordinal) => ErrorCategory.ResourceExists,
        _ => ErrorCategory.WriteError,
    };

    private (Octets Octets, DsmipPacket? Packet) Read(object? input)
    {
        var structures = StructuresOf(input);
        if (Layer.Length > 0 || structures is { Length: > 1 })
        {
            return Envelope.IsEmpty
                ? Compose([.. Layer, .. structures ?? [.. BehindLayers(input)]])
                : throw new ArgumentException("Layers are composed as they are, and have their addresses: give either -Layer or -Source and -Destination.");
        }

        if (structures is [var structure])
        {
            return Envelope.IsEmpty ? Compose([structure]) : Both(PacketLayers.Enclose(structure, Envelope));
        }

        return input switch
        {
            null => throw new ArgumentException("There is nothing to convert: give an input object or -Layer."),
            DsmipPacket packet => Both(Envelope.IsEmpty ? packet : PacketLayers.Enclose(packet, Envelope)),
            _ when OctetsArgumentAttribute.Of(input) is { } octets => Both(OfOctets(octets)),
            _ => throw new ArgumentException($"A {input.GetType().Name} is no packet, no message and no octets."),
        };
    }

    private DsmipPacket OfOctets(byte[] octets)
    {
        if (Envelope.IsEmpty)
        {
            return DsmipPacket.From(Octets.Create(octets), new PacketDecoder());
        }

        var message = BareMessage.From(Octets.Create(octets));
        return message.Enclose(Envelope.For(message.Form));
    }

    private static (Octets Octets, DsmipPacket? Packet) Compose(Structure[] layers)
    {
        // What begins with neither a header nor a message, such as an option, has octets, and that is all.
        var isPacket = layers is [MobileIPv4Message or MobilityMessage] || layers is [LinkHeader or Wire.Ip.IPv4Header or Wire.Ip.IPv6Header, ..];
        return isPacket ? Both(DsmipPacket.Compose(layers)) : (PacketComposer.Compose(layers), null);
    }

    private static (Octets Octets, DsmipPacket? Packet) Both(DsmipPacket packet) => (packet.Octets, packet);

    /// <summary>What is put behind layers: a message, or octets.</summary>
    private static IEnumerable<Structure> BehindLayers(object? input) => input switch
    {
        null => [],
        DsmipPacket { Message: { } message } => [message],
        _ when OctetsArgumentAttribute.Of(input) is { } octets => [new Data { Octets = Octets.Create(octets) }],
        _ => throw new ArgumentException($"A {input.GetType().Name} is no packet, no message and no octets."),
    };

    /// <summary>The structures that an object is; null when it is none.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "Null and an array are the two answers.")]
    private static Structure[]? StructuresOf(object? input) => input switch
    {
        Structure structure => [structure],
        string or byte[] or Octets or null => null,
        IList many when many.Count > 0 && many.Cast<object?>().All(one => Arguments.Unwrap(one) is Structure) =>
            [.. many.Cast<object?>().Select(Arguments.Unwrap).OfType<Structure>()],
        _ => null,
    };
}
