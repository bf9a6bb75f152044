<#
.SYNOPSIS
    Updates that cross an indication on its way: the reason of the revocation decides what becomes of them (RFC 5846, 8.1).
.DESCRIPTION
    Indications take half a second longer than they should, so that updates reach the anchor while a revocation is in progress. What an
    administrator revokes goes on: a renewal of the same gateway is refused with status 129, and so is a handover to another one. A
    suspicion that the two ends do not agree (trigger 7) is settled by a handover: the update is accepted, and ends the revocation.
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor and two gateways that register for 8 s' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.60.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.60.11 -LocalMobilityAnchor 127.58.60.10 -Lifetime 8s -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.60.12 -LocalMobilityAnchor 127.58.60.10 -Lifetime 8s -Start
}

Step 'attach a mobile node' { Connect-DsmipSubscriber renewed@example.com mag1 }
Step 'revoke it 5.9 s later; it is to be renewed after 6 s' -After 5.9s {
    $Lab.Delay('BindingRevocationIndication', '00:00:00.5')
    $outcome = Invoke-BindingRevocation renewed@example.com
    $outcome
}
Expect 'the renewal is refused' @(
    @{ From = 'mag1'; To = 'lma1'; Kind = 'ProxyBindingUpdate'; HandoffIndicator = 'NotChanged' }
    @{ From = 'lma1'; To = 'mag1'; Kind = 'ProxyBindingAcknowledgement'; Status = 'AdministrativelyProhibited' }
) { $Lab.Sent('ProxyBindingUpdate', 'ProxyBindingAcknowledgement') | Select-Object -Last 2 }
Expect 'so that the indication finds nothing any more' @{ Result = 'AlreadyGone'; Status = 'BindingDoesNotExist'; BindingsRevoked = 1 } { $outcome }
Expect 'no binding is left at either end' 0 { @(Get-DsmipBinding).Count }

Step 'attach another one, and revoke it' {
    Connect-DsmipSubscriber refused@example.com mag1
    $Lab.Delay('BindingRevocationIndication', '00:00:00.5')
    Invoke-BindingRevocation refused@example.com -NoWait
}
Expect 'the revocation is in progress' 'RevocationInProgress' { (Get-DsmipBinding -Agent lma1).State }
Expect 'a handover is refused' { $_ -like '*status 129 AdministrativelyProhibited*' } {
    try { $null = Connect-DsmipSubscriber refused@example.com mag2 -HandoffIndicator BetweenGateways } catch { $_.Exception.Message }
}
Expect 'and the revocation goes on' 0 -Within 1s { @(Get-DsmipBinding).Count }
Expect 'until it is acknowledged' 'Success' { $Lab.Revocations[-1].Status }

Step 'attach a third one, and suspect that it is out of step' {
    $attached = Connect-DsmipSubscriber moved@example.com mag1
    $Lab.Delay('BindingRevocationIndication', '00:00:00.5')
    Invoke-BindingRevocation moved@example.com -Trigger PossibleOutOfSyncBceState -NoWait
    $moved = Connect-DsmipSubscriber moved@example.com mag2 -HandoffIndicator BetweenGateways
    $moved
}
Expect 'a handover is accepted, with the same prefix' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $moved }
Expect 'it ends the revocation' @{ State = 'Active'; CareOfAddress = '127.58.60.12' } { Get-DsmipBinding -Agent lma1 }
Expect 'and the anchor says so' 1 { @(Get-DsmipEvent -Kind RevocationCancelled).Count }
Expect 'the old gateway has still been told' 0 -After 1s { @(Get-DsmipBinding -Agent mag1).Count }
Expect 'its acknowledgement fits no indication' 'Dropped' { (Get-DsmipEvent -Agent lma1 | Select-Object -Last 1).Kind }
Expect 'and the binding stays' 'lma1', 'mag2' { (Get-DsmipBinding moved@example.com -State Active).Agent }
