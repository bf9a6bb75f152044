using System.Management.Automation;
using System.Net;
using System.Security;
using System.Security.Cryptography;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.PowerShell.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.Security;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes a Registration Request or a Registration Reply, signed on request.</summary>
[Cmdlet(VerbsCommon.New, "DsmipRegistration", DefaultParameterSetName = RequestSet)]
[OutputType(typeof(RegistrationRequest), ParameterSetName = [RequestSet])]
[OutputType(typeof(RegistrationReply), ParameterSetName = [ReplySet])]
public sealed class NewDsmipRegistrationCommand : ComposingCmdlet
{
    private const string RequestSet = "Request";
    private const string ReplySet = "Reply";

    /// <summary>Makes a reply.</summary>
    [Parameter(ParameterSetName = ReplySet)]
    public SwitchParameter Reply { get; set; }

    /// <summary>The request to answer.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = ReplySet)]
    [MessageArgument<RegistrationRequest>]
    public RegistrationRequest? Request { get; set; }

    /// <summary>The outcome of a reply.</summary>
    [Parameter(ParameterSetName = ReplySet)]
    [FieldArgument(typeof(RegistrationCode))]
    public RegistrationCode Code { get; set; }

    /// <summary>The home address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAddressCompleter))]
    public IPAddress HomeAddress { get; set; } = IPAddress.Any;

    /// <summary>The address of the home agent.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AddressArgument]
    [ArgumentCompleter(typeof(HomeAgentAddressCompleter))]
    public IPAddress HomeAgent { get; set; } = IPAddress.Any;

    /// <summary>The care-of address.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = RequestSet)]
    [AddressArgument]
    public IPAddress CareOfAddress { get; set; } = IPAddress.Any;

    /// <summary>The lifetime.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Lifetime { get; set; } = MobileNodeOptions.DefaultLifetime;

    /// <summary>The Identification; the time of day unless given.</summary>
    [Parameter]
    public ulong? Identification { get; set; }

    /// <summary>S: keep prior mobility bindings.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter SimultaneousBindings { get; set; }

    /// <summary>B: broadcast datagrams.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter BroadcastDatagrams { get; set; }

    /// <summary>D: co-located care-of address.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter DecapsulationByMobileNode { get; set; }

    /// <summary>M: minimal encapsulation.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter MinimalEncapsulation { get; set; }

    /// <summary>G: GRE encapsulation.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter GreEncapsulation { get; set; }

    /// <summary>R: reserved.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter ReservedR { get; set; }

    /// <summary>T: reverse tunneling.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter ReverseTunneling { get; set; }

    /// <summary>X: reserved.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public SwitchParameter ReservedX { get; set; }

    /// <summary>The Network Access Identifier, as an extension.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Nai { get; set; }

    /// <summary>IPv6 prefixes, each as an extension: a request in a request, an answer in a reply.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [PrefixArgument]
    public Prefix[] IPv6Prefix { get; set; } = [];

    /// <summary>The outcome for each prefix of a reply.</summary>
    [Parameter(ParameterSetName = ReplySet)]
    [FieldArgument(typeof(PrefixReplyCode))]
    public PrefixReplyCode PrefixCode { get; set; }

    /// <summary>Where IPv6 is to be tunneled to; to the care-of address is an extension.</summary>
    [Parameter(ParameterSetName = RequestSet)]
    public TunnelingMode TunnelingMode { get; set; }

    /// <summary>Extensions to stand behind those that other parameters make.</summary>
    [Parameter]
    [ValidateNotNull]
    public Extension[] Extension { get; set; } = [];

    /// <summary>The Security Parameter Index: signs the message.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(SpiCompleter))]
    public uint? Spi { get; set; }

    /// <summary>The key; without it that of the session's security association.</summary>
    [Parameter]
    [ValidateNotNull]
    public SecureString? Key { get; set; }

    /// <summary>How the key is written.</summary>
    [Parameter]
    public KeyFormat KeyFormat { get; set; }

    /// <summary>The algorithm of the key.</summary>
    [Parameter]
    public AuthenticationAlgorithm Algorithm { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Compose(() => ParameterSetName == ReplySet ? Signed(NewReply()) : Signed(NewRequest()));

    private RegistrationRequest NewRequest() => new()
    {
        SimultaneousBindings = SimultaneousBindings,
        BroadcastDatagrams = BroadcastDatagrams,
        // A tunnel to the care-of address ends at the mobile node only where that is co-located (RFC 5454, 3.5).
        DecapsulationByMobileNode = Switch(nameof(DecapsulationByMobileNode), DecapsulationByMobileNode, TunnelingMode == TunnelingMode.CareOfAddress),
        MinimalEncapsulation = MinimalEncapsulation,
        GreEncapsulation = GreEncapsulation,
        ReservedR = ReservedR,
        ReverseTunneling = ReverseTunneling,
        ReservedX = ReservedX,
        Lifetime = MessageLifetime.ToField(Lifetime, MessageLifetime.RegistrationUnit),
        HomeAddress = Address.From(HomeAddress),
        HomeAgent = Address.From(HomeAgent),
        CareOfAddress = Address.From(CareOfAddress),
        Identification = Identification ?? NtpTimestamp.From(DateTimeOffset.UtcNow),
        Extensions =
        [
            .. NaiExtensions(),
            .. IPv6Prefix.Select(prefix => new IPv6PrefixRequestExtension { Prefix = prefix }),
            .. TunnelingMode == TunnelingMode.CareOfAddress ? Enumerable.Empty<Extension>().Append(new IPv6TunnelingModeExtension()) : [],
            .. Extension,
        ],
    };

    private RegistrationReply NewReply()
    {
        var answer = Request is null
            ? new RegistrationReply { Code = Code, Identification = NtpTimestamp.From(DateTimeOffset.UtcNow) }
            : Answers.To(Request, Code);
        return answer with
        {
            Lifetime = IsGiven(nameof(Lifetime)) || (Request is null && Code.IsAccepted())
                ? MessageLifetime.ToField(Lifetime, MessageLifetime.RegistrationUnit) : answer.Lifetime,
            HomeAddress = IsGiven(nameof(HomeAddress)) ? Address.From(HomeAddress) : answer.HomeAddress,
            HomeAgent = IsGiven(nameof(HomeAgent)) ? Address.From(HomeAgent) : answer.HomeAgent,
            Identification = Identification ?? answer.Identification,
            Extensions =
            [
                .. NaiExtensions(),
                .. answer.Extensions.Where(extension => Nai is null || extension is not MobileNodeNaiExtension).Select(Coded),
                .. IPv6Prefix.Select(prefix => new IPv6PrefixReplyExtension { Code = PrefixCode, Prefix = prefix }),
                .. Extension,
            ],
        };
    }

    private IEnumerable<Extension> NaiExtensions() => Nai is null ? [] : [MobileNodeNaiExtension.Create(Nai)];

    private Extension Coded(Extension extension) => extension is IPv6PrefixReplyExtension reply && IsGiven(nameof(PrefixCode))
        ? reply with { Code = PrefixCode }
        : extension;

    /// <summary>The message with a Mobile-Home Authentication extension at its end, where a key is named.</summary>
    private TMessage Signed<TMessage>(TMessage message)
        where TMessage : MobileIPv4ControlMessage
    {
        if (Spi is null && Key is not null)
        {
            throw new ArgumentException("-Key signs the message, and that takes -Spi too.");
        }

        if (Spi is not { } spi)
        {
            return message;
        }

        using var authenticator = Key is null ? OfSession(message, spi) : OfKey();
        return RegistrationAuthentication.Sign(message, spi, authenticator);
    }

    private MessageAuthenticator OfKey()
    {
        var key = SecretKey.OctetsOf(Key!, KeyFormat);
        try
        {
            return new MessageAuthenticator(Algorithm, key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static MessageAuthenticator OfSession(MobileIPv4Message message, uint spi)
    {
        var home = message is RegistrationReply reply ? reply.HomeAddress : ((RegistrationRequest)message).HomeAddress;
        return Agents.SecurityAssociations.Find(home).FirstOrDefault(one => one.SecurityParameterIndex == spi)?.CreateAuthenticator()
            ?? throw new ArgumentException(
                $"There is no security association of home address {home} with SPI {spi}: give the key with -Key, or make one with New-DsmipSecurityAssociation.");
    }
}
