using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes a Binding Revocation Acknowledgement, as the answer to an indication or of its own.</summary>
[Cmdlet(VerbsCommon.New, "BindingRevocationAcknowledgement")]
[OutputType(typeof(BindingRevocationAcknowledgement))]
public sealed class NewBindingRevocationAcknowledgementCommand : MobilityMessageCmdlet
{
    /// <summary>The outcome.</summary>
    [Parameter(Position = 0)]
    [FieldArgument(typeof(RevocationStatus))]
    public RevocationStatus Status { get; set; }

    /// <summary>The indication to answer.</summary>
    [Parameter(ValueFromPipeline = true)]
    [MessageArgument<BindingRevocationIndication>]
    public BindingRevocationIndication? Indication { get; set; }

    /// <summary>P: the bindings are proxy bindings.</summary>
    [Parameter]
    public SwitchParameter ProxyBinding { get; set; }

    /// <summary>V: the IPv4 home address binding only.</summary>
    [Parameter]
    public SwitchParameter IPv4HomeAddressBindingOnly { get; set; }

    /// <summary>G: bindings of several mobile nodes.</summary>
    [Parameter]
    public SwitchParameter Global { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Compose(() =>
    {
        var answer = Indication is null ? new BindingRevocationAcknowledgement { Status = Status } : Answers.To(Indication, Status);
        return Complete(
            answer with
            {
                SequenceNumber = IsGiven(nameof(SequenceNumber)) ? SequenceNumber : answer.SequenceNumber,
                ProxyBinding = Switch(nameof(ProxyBinding), ProxyBinding, answer.ProxyBinding),
                IPv4HomeAddressBindingOnly = Switch(nameof(IPv4HomeAddressBindingOnly), IPv4HomeAddressBindingOnly, answer.IPv4HomeAddressBindingOnly),
                Global = Switch(nameof(Global), Global, answer.Global),
                ReservedFlags = ReservedFlags,
            },
            MobileNode);
    });
}
