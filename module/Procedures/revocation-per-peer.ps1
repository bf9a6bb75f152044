<#
.SYNOPSIS
    Revokes all bindings of one gateway (RFC 5846, 8.1: G, trigger 128, and no mobility options).
.DESCRIPTION
    The peer that the indication goes to says which bindings are meant, so that nothing else is in it: four octets of padding fill the
    message up (5.1). The other gateway keeps its mobile nodes, and the one that was told may register them anew.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.55' : '127.58.55'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ InitialDelay = '30s'; MaximumDelay = '30s' }

Step 'an anchor and two gateways with mobile nodes' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" -Start
    $null = New-DsmipMobileAccessGateway mag2 "$Network.12" -LocalMobilityAnchor "$Network.10" -Start
    'mn1@example.com', 'mn2@example.org', 'mn3@example.net' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    'mn4@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag2
}
Step 'revoke all of the first gateway' { $outcome = Invoke-BindingRevocation -Peer "$Network.11"; $outcome }
Expect 'three bindings are gone' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 3; Attempts = 1 } { $outcome }
Expect 'the indication has P and G, trigger 128, and no options' @(
    @{ From = 'lma1'; To = 'mag1'; Trigger = 'PerPeerPolicy'; Flags = 'PG'; Options = @() }
    @{ From = 'mag1'; To = 'lma1'; Status = 'Success'; Flags = 'PG'; Options = @() }
) { $Lab.Revocations }
Expect 'it is 16 octets long: 12, and padding' 16, 16 { $Lab.Revocations | ForEach-Object { $_.Packet.Message.GetLength() } }
Expect 'the anchor has the other gateway''s binding' 'mn4@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'the first gateway has none' 0 { @(Get-DsmipBinding -Agent mag1).Count }
Expect 'the second has its own' 'mn4@example.com' { (Get-DsmipBinding -Agent mag2).Identifier }

Step 'one attaches there again' { $again = Connect-DsmipSubscriber mn1@example.com mag1; $again }
Expect 'and is registered' 'Accepted' { $again.Result }
