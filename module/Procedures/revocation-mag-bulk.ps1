<#
.SYNOPSIS
    A gateway that the anchor authorises revokes all of its bindings at once (RFC 5846, 8.2 and 9.2).
.DESCRIPTION
    The gateway's indication has P and G, trigger 128, and its own identity as Mobile Node Identifier; the anchor's configuration says which
    identities may do so from which proxy care-of addresses. In the simulated world the gateway revokes this way what it
    does not know any more: a de-registration was lost. The other gateway's bindings stay.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.56' : '127.58.56'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ RevocationInitialDelay = '30s'; RevocationMaximumDelay = '30s' }

Step 'an anchor that trusts one of two gateways' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 -GlobalRevocation @{ 'gateway1@example.net' = "$Network.11" } -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" -Identity gateway1@example.net @patient -Start
    $null = New-DsmipMobileAccessGateway mag2 "$Network.12" -LocalMobilityAnchor "$Network.10" @patient -Start
    'mn1@example.com', 'mn2@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    'mn3@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag2
}
Step 'the first gateway revokes all of its bindings' { $outcome = Invoke-BindingRevocation -MobileAccessGateway mag1; $outcome }
Expect 'the anchor did it' @{ Agent = 'mag1'; Peer = "$Network.10"; Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 2 } { $outcome }
Expect 'the indication comes from the gateway, with its identity' @(
    @{ From = 'mag1'; To = 'lma1'; Trigger = 'PerPeerPolicy'; Flags = 'PG'; Identifiers = @('gateway1@example.net') }
    @{ From = 'lma1'; To = 'mag1'; Status = 'Success'; Flags = 'PG' }
) { $Lab.Revocations }
Expect 'the anchor has the other gateway''s binding alone' 'mn3@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'the first gateway has none' 0 { @(Get-DsmipBinding -Agent mag1).Count }
Expect 'the second has its own' 'mn3@example.com' { (Get-DsmipBinding -Agent mag2).Identifier }

Step 'attach two more; one leaves, and its de-registration is lost each time' -World Simulated {
    'mn4@example.com', 'mn5@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    $Lab.Lose('ProxyBindingUpdate', 5)
    Disconnect-DsmipSubscriber mn4@example.com -ErrorAction Ignore
}
Expect 'the gateway has forgotten it, and the anchor has not' 'lma1' -World Simulated { (Get-DsmipBinding mn4@example.com).Agent }
Step 'it revokes what it may have had' -World Simulated { $outcome = Invoke-BindingRevocation -MobileAccessGateway mag1; $outcome }
Expect 'the anchor did it' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1 } -World Simulated { $outcome }
Expect 'and has the other gateway''s binding alone' 'mn3@example.com' -World Simulated { (Get-DsmipBinding -Agent lma1).Identifier }
