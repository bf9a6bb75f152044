<#
.SYNOPSIS
    Revokes two sessions of a mobile node of which the gateway has lost one: partial success, with the lost one named (RFC 5846, 5.2 and 9.1).
.DESCRIPTION
    A link fails while the mobile node detaches one of its interfaces, so that the gateway has released a session that the anchor still
    has. The acknowledgement has status 1 and names that session; afterwards both ends agree on none.
.FUNCTIONALITY
    Simulated
#>
$node = 'mn1@example.com'

Step 'an anchor, a gateway, and a mobile node with two interfaces' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.58.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.58.11 -LocalMobilityAnchor 127.58.58.10 -MaximumRetries 0 -Start
    $kept = Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:01
    $lost = Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:02
}
Step 'one interface leaves, and its de-registration is lost' {
    $Lab.Lose('ProxyBindingUpdate')
    $detached = $Lab.Host.Find('mag1').DetachAsync($node, [byte[]] (0x02, 0, 0x5e, 0x10, 0, 0x02)).Result
    $detached
}
Expect 'nobody answers the gateway' 'TimedOut' { $detached.Result }
Expect 'it has one session, and the anchor two' 1, 2 { @(Get-DsmipBinding -Agent mag1).Count; @(Get-DsmipBinding -Agent lma1).Count }

Step 'revoke both sessions by their prefixes' { $outcome = Invoke-BindingRevocation $node -Prefix (@($kept.Prefixes) + $lost.Prefixes); $outcome }
Expect 'both are gone, one of them before' @{ Result = 'Acknowledged'; Status = 'PartialSuccess'; BindingsRevoked = 2; BindingsAlreadyReleased = 1; BindingsKept = 0 } { $outcome }
Expect 'the acknowledgement names the mobile node and the prefix that was not there' @{ From = 'mag1'; Status = 'PartialSuccess'; Identifiers = @($node); Prefixes = $lost.Prefixes } {
    $Lab.Revocations[-1]
}
Expect 'no binding is left at either end' 0 { @(Get-DsmipBinding).Count }
