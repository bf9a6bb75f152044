using System.Management.Automation;
using DsmipTools.PowerShell.Infrastructure.Completion;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes a Binding Revocation Indication.</summary>
[Cmdlet(VerbsCommon.New, "BindingRevocationIndication")]
[OutputType(typeof(BindingRevocationIndication))]
public sealed class NewBindingRevocationIndicationCommand : MobilityMessageCmdlet
{
    /// <summary>The event that makes the initiator revoke.</summary>
    [Parameter(Position = 0)]
    [FieldArgument(typeof(RevocationTrigger))]
    public RevocationTrigger Trigger { get; set; }

    /// <summary>The realm whose bindings are revoked.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RealmCompleter))]
    public string? Realm { get; set; }

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
    protected override void ProcessRecord()
    {
        RefuseBoth(nameof(Realm), nameof(MobileNode));
        var isGlobal = Switch(nameof(Global), Global, Realm is not null);
        Compose(() => Complete(
            new BindingRevocationIndication
            {
                Trigger = IsGiven(nameof(Trigger)) ? Trigger
                    : Realm is not null ? RevocationTrigger.RevokingMobilityNodeLocalPolicy
                    : isGlobal ? RevocationTrigger.PerPeerPolicy
                    : RevocationTrigger.AdministrativeReason,
                SequenceNumber = SequenceNumber,
                ProxyBinding = Switch(nameof(ProxyBinding), ProxyBinding, Realm is not null || HomeNetworkPrefix.Length > 0),
                IPv4HomeAddressBindingOnly = IPv4HomeAddressBindingOnly,
                Global = isGlobal,
                ReservedFlags = ReservedFlags,
            },
            Realm is null ? MobileNode : $"@{Realm.TrimStart('@')}"));
    }
}
