using System.Management.Automation;
using System.Net;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>What the cmdlets share that compose a Mobility Header message: options, and the fields of every header.</summary>
public abstract class MobilityMessageCmdlet : ComposingCmdlet
{
    /// <summary>The sequence number.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ushort SequenceNumber { get; set; }

    /// <summary>The identifier of the mobile node, as a Mobile Node Identifier option.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Identifier")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(IdentifierCompleter))]
    public string? MobileNode { get; set; }

    /// <summary>Home network prefixes, each as an option.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Prefixes")]
    [PrefixArgument]
    [ArgumentCompleter(typeof(PrefixCompleter))]
    public Prefix[] HomeNetworkPrefix { get; set; } = [];

    /// <summary>The care-of address as an Alternate Care-of Address option.</summary>
    [Parameter]
    [AddressArgument]
    public IPAddress? AlternateCareOfAddress { get; set; }

    /// <summary>Options to stand behind those that other parameters make.</summary>
    [Parameter]
    [ValidateNotNull]
    public MobilityOption[] Option { get; set; } = [];

    /// <summary>The payload proto.</summary>
    [Parameter]
    [FieldArgument(typeof(IpProtocol))]
    public IpProtocol PayloadProto { get; set; } = IpProtocol.NoNextHeader;

    /// <summary>The header length, in place of the right one.</summary>
    [Parameter]
    public byte? HeaderLength { get; set; }

    /// <summary>The checksum, in place of the right one.</summary>
    [Parameter]
    public ushort? Checksum { get; set; }

    /// <summary>The reserved octet of the header.</summary>
    [Parameter]
    public byte Reserved { get; set; }

    /// <summary>The reserved bits beside the flags.</summary>
    [Parameter]
    public ushort ReservedFlags { get; set; }

    /// <summary>Leaves padding to the options given.</summary>
    [Parameter]
    public SwitchParameter Verbatim { get; set; }

    /// <summary>A message with the fields of every header, and with options.</summary>
    /// <param name="message">The message with the fields of its own.</param>
    /// <param name="identifier">The identifier of the mobile node; null for none.</param>
    /// <param name="others">Options to stand behind identifier and prefixes.</param>
    private protected TMessage Complete<TMessage>(TMessage message, string? identifier, params IEnumerable<MobilityOption?> others)
        where TMessage : MobilityMessage => message with
    {
        PayloadProto = (byte)PayloadProto,
        HeaderLength = HeaderLength,
        Checksum = Checksum,
        Reserved = Reserved,
        Verbatim = Verbatim,
        Options =
        [
            .. message.Options,
            .. identifier is null ? Enumerable.Empty<MobilityOption>() : [MobileNodeIdentifierOption.Create(identifier)],
            .. HomeNetworkPrefix.Select(prefix => new HomeNetworkPrefixOption { Prefix = prefix }),
            .. AlternateCareOfAddress is null
                ? Enumerable.Empty<MobilityOption>()
                : [new AlternateCareOfAddressOption { AlternateCareOfAddress = Address.From(AlternateCareOfAddress) }],
            .. others.OfType<MobilityOption>(),
            .. Option,
        ],
    };

    /// <summary>The reserved flags of a message that has fewer than 8.</summary>
    private protected byte ReservedFlagsOctet() => ReservedFlags <= byte.MaxValue
        ? (byte)ReservedFlags
        : throw new ArgumentException($"-ReservedFlags: {ReservedFlags} does not fit into the reserved bits beside the flags.");
}
