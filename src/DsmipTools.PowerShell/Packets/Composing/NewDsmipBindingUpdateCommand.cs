using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes a Binding Update, or with a status a Binding Acknowledgement; with P set they are those of Proxy Mobile IPv6.</summary>
[Cmdlet(VerbsCommon.New, "DsmipBindingUpdate", DefaultParameterSetName = UpdateSet)]
[OutputType(typeof(BindingUpdate), ParameterSetName = [UpdateSet])]
[OutputType(typeof(BindingAcknowledgement), ParameterSetName = [AcknowledgementSet])]
public sealed class NewDsmipBindingUpdateCommand : MobilityMessageCmdlet
{
    private const string UpdateSet = "Update";
    private const string AcknowledgementSet = "Acknowledgement";

    /// <summary>The outcome: makes an acknowledgement.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AcknowledgementSet)]
    [FieldArgument(typeof(BindingStatus))]
    public BindingStatus Status { get; set; }

    /// <summary>The update to answer.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = AcknowledgementSet)]
    [MessageArgument<BindingUpdate>]
    public BindingUpdate? Update { get; set; }

    /// <summary>The lifetime.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A: an acknowledgement is requested.</summary>
    [Parameter(ParameterSetName = UpdateSet)]
    public SwitchParameter Acknowledge { get; set; }

    /// <summary>H: home registration.</summary>
    [Parameter(ParameterSetName = UpdateSet)]
    public SwitchParameter HomeRegistration { get; set; }

    /// <summary>L: link-local address compatibility.</summary>
    [Parameter(ParameterSetName = UpdateSet)]
    public SwitchParameter LinkLocalCompatibility { get; set; }

    /// <summary>K: key management mobility capability.</summary>
    [Parameter]
    public SwitchParameter KeyManagementMobility { get; set; }

    /// <summary>M: MAP registration.</summary>
    [Parameter(ParameterSetName = UpdateSet)]
    public SwitchParameter MapRegistration { get; set; }

    /// <summary>R: mobile router.</summary>
    [Parameter]
    public SwitchParameter MobileRouter { get; set; }

    /// <summary>P: proxy registration.</summary>
    [Parameter]
    public SwitchParameter ProxyRegistration { get; set; }

    /// <summary>F: forcing UDP encapsulation.</summary>
    [Parameter(ParameterSetName = UpdateSet)]
    public SwitchParameter ForcingUdpEncapsulation { get; set; }

    /// <summary>T: TLV-header format.</summary>
    [Parameter]
    public SwitchParameter TlvHeaderFormat { get; set; }

    /// <summary>B: bulk binding update.</summary>
    [Parameter]
    [Alias("Overwrite")]
    public SwitchParameter BulkBindingUpdate { get; set; }

    /// <summary>The handoff indicator, as an option.</summary>
    [Parameter]
    [FieldArgument(typeof(HandoffIndicator))]
    public HandoffIndicator? HandoffIndicator { get; set; }

    /// <summary>The access technology type, as an option.</summary>
    [Parameter]
    [FieldArgument(typeof(AccessTechnologyType))]
    public AccessTechnologyType? AccessTechnologyType { get; set; }

    /// <summary>The time, as a Timestamp option.</summary>
    [Parameter]
    public DateTimeOffset? Timestamp { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Compose(() => ParameterSetName == AcknowledgementSet ? Answer() : NewUpdate());

    private BindingUpdate NewUpdate() => Complete(
        new BindingUpdate
        {
            SequenceNumber = SequenceNumber,
            Acknowledge = Acknowledge,
            HomeRegistration = HomeRegistration,
            LinkLocalCompatibility = LinkLocalCompatibility,
            KeyManagementMobility = KeyManagementMobility,
            MapRegistration = MapRegistration,
            MobileRouter = MobileRouter,
            ProxyRegistration = ProxyRegistration,
            ForcingUdpEncapsulation = ForcingUdpEncapsulation,
            TlvHeaderFormat = TlvHeaderFormat,
            BulkBindingUpdate = BulkBindingUpdate,
            ReservedFlags = ReservedFlagsOctet(),
            Lifetime = MessageLifetime.ToField(Lifetime, MessageLifetime.BindingUnit),
        },
        MobileNode,
        ProxyOptions());

    private BindingAcknowledgement Answer()
    {
        var answer = Update is null ? new BindingAcknowledgement { Status = Status } : Answers.To(Update, Status);
        return Complete(
            answer with
            {
                SequenceNumber = IsGiven(nameof(SequenceNumber)) ? SequenceNumber : answer.SequenceNumber,
                KeyManagementMobility = Switch(nameof(KeyManagementMobility), KeyManagementMobility, answer.KeyManagementMobility),
                MobileRouter = Switch(nameof(MobileRouter), MobileRouter, answer.MobileRouter),
                ProxyRegistration = Switch(nameof(ProxyRegistration), ProxyRegistration, answer.ProxyRegistration),
                TlvHeaderFormat = Switch(nameof(TlvHeaderFormat), TlvHeaderFormat, answer.TlvHeaderFormat),
                BulkBindingUpdate = Switch(nameof(BulkBindingUpdate), BulkBindingUpdate, answer.BulkBindingUpdate),
                ReservedFlags = ReservedFlagsOctet(),
                Lifetime = Update is null || IsGiven(nameof(Lifetime)) ? MessageLifetime.ToField(Lifetime, MessageLifetime.BindingUnit) : answer.Lifetime,
            },
            MobileNode,
            ProxyOptions());
    }

    private IEnumerable<MobilityOption?> ProxyOptions() =>
    [
        HandoffIndicator is { } handoff ? new HandoffIndicatorOption { Indicator = handoff } : null,
        AccessTechnologyType is { } technology ? new AccessTechnologyTypeOption { AccessTechnologyType = technology } : null,
        Timestamp is { } time ? new TimestampOption { Timestamp = TimestampOption.FromTime(time) } : null,
    ];
}
