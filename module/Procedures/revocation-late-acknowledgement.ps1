<#
.SYNOPSIS
    The old gateway acknowledges a revocation after the mobile node has moved: the binding with the new gateway stays (RFC 5846, 6.2.2 and 8.1).
.DESCRIPTION
    An acknowledgement removes a binding as it stood when the indication was sent, and not what became of it since. Once with an
    indication that the handover made void: its acknowledgement matches nothing, and is dropped. Once with the indication that the handover
    itself brings about (3.4.1): its acknowledgement is awaited, and ends nothing but the wait.
.FUNCTIONALITY
    Simulated
#>
$node = 'mn1@example.com'

Step 'an anchor that tells old gateways of handovers, and two gateways' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.61.10 -PrefixPool 2001:db8:100::/40 -RevokesOnHandover -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.61.11 -LocalMobilityAnchor 127.58.61.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.61.12 -LocalMobilityAnchor 127.58.61.10 -Start
}
Step 'attach a mobile node' { $attached = Connect-DsmipSubscriber $node mag1; $attached }
Step 'the anchor revokes; the acknowledgement takes its time' {
    $Lab.Delay('BindingRevocationAcknowledgement', '00:00:00.8')
    Invoke-BindingRevocation $node -Trigger PossibleOutOfSyncBceState -NoWait
}
Expect 'the gateway has revoked it' 0 -Within 100ms { @(Get-DsmipBinding -Agent mag1).Count }
Expect 'the anchor does not know yet' 'RevocationInProgress' { (Get-DsmipBinding -Agent lma1).State }
Step 'the mobile node turns up at the other gateway' { $moved = Connect-DsmipSubscriber $node mag2 -HandoffIndicator BetweenGateways; $moved }
Expect 'the session has moved with its prefix' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $moved }
Expect 'the acknowledgement comes, and is dropped' 1 -Within 2s {
    (Get-DsmipStatistics lma1 -Counter | Where-Object { $_.Message -eq 'BindingRevocationAcknowledgement' -and $_.Drop -eq 'NoMatchingRequest' }).Count
}
Expect 'the binding is the new gateway''s' @{ State = 'Active'; CareOfAddress = '127.58.61.12' } { Get-DsmipBinding -Agent lma1 }
Expect 'which has it still' 'Active' { (Get-DsmipBinding $node -Agent mag2).State }

Step 'it leaves; its de-registration is lost; it is back at the first gateway' {
    $Lab.Lose('ProxyBindingUpdate')
    $Lab.Delay('BindingRevocationAcknowledgement', '00:00:00.8')
    Disconnect-DsmipSubscriber $node -MobileAccessGateway mag2 -NoWait
    $back = Connect-DsmipSubscriber $node mag1 -HandoffIndicator BetweenGateways
    $back
}
Expect 'the session has moved back' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $back }
Expect 'the gateway that it left is told why, and says that it is done' @(
    @{ From = 'lma1'; To = 'mag2'; Trigger = 'InterMagHandoverSameAccessType'; Flags = 'P'; Identifiers = @($node); Prefixes = $attached.Prefixes }
    @{ From = 'mag2'; To = 'lma1'; Status = 'Success'; Flags = 'P' }
) -After 100ms { $Lab.Revocations | Select-Object -Last 2 }
Expect 'the acknowledgement comes late' 1 -Within 2s { @(Get-DsmipEvent -Kind RevocationAcknowledged | Where-Object Peer -EQ '127.58.61.12').Count }
Expect 'before it was asked again' 1 { @($Lab.Revocations | Where-Object { $_.Trigger -and $_.To -eq 'mag2' }).Count }
Expect 'the binding is the first gateway''s' @{ State = 'Active'; CareOfAddress = '127.58.61.11' } { Get-DsmipBinding -Agent lma1 }
Expect 'both ends agree' 'lma1', 'mag1' { (Get-DsmipBinding).Agent }
