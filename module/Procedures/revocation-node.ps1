<#
.SYNOPSIS
    Revokes all bindings of a mobile node that has sessions at two gateways (RFC 5846, 8.1): one indication to each, by its identifier alone.
.DESCRIPTION
    Two interfaces at the first gateway, one at the second. Where a session has an IPv4 home address too, the identifier alone means all of
    it (8.2): prefixes and IPv4. Another mobile node keeps its session.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.52' : '127.58.52'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ InitialDelay = '30s'; MaximumDelay = '30s' }

$node = 'mn1@example.com'

Step 'an anchor with IPv4 and IPv6, two gateways' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 -IPv4HomeNetwork 192.0.2.0/24 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" -Start
    $null = New-DsmipMobileAccessGateway mag2 "$Network.12" -LocalMobilityAnchor "$Network.10" -Start
}
Step 'attach three interfaces of one mobile node, and another mobile node' {
    Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:01 -IPv4HomeAddress 0.0.0.0
    Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:02 -IPv4HomeAddress 0.0.0.0
    Connect-DsmipSubscriber $node mag2 -LinkLayerIdentifier 02:00:5e:10:00:03 -IPv4HomeAddress 0.0.0.0
    Connect-DsmipSubscriber mn2@example.com mag2
}
Expect 'the anchor has three sessions of it' 3 { @(Get-DsmipBinding $node -Agent lma1).Count }

Step 'revoke the mobile node' { $outcomes = @(Invoke-BindingRevocation $node | Sort-Object Peer); $outcomes }
Expect 'two sessions end at one gateway, one at the other' @(
    @{ Peer = "$Network.11"; Status = 'Success'; BindingsRevoked = 2 }
    @{ Peer = "$Network.12"; Status = 'Success'; BindingsRevoked = 1 }
) { $outcomes }
Expect 'an indication to each, with the identifier as its only option and without G' @(
    @{ To = 'mag1'; Trigger = 'AdministrativeReason'; Flags = 'P'; Identifiers = @($node); Options = @('MobileNodeIdentifier') }
    @{ To = 'mag2'; Trigger = 'AdministrativeReason'; Flags = 'P'; Identifiers = @($node); Options = @('MobileNodeIdentifier') }
) { $Lab.Revocations | Where-Object Trigger | Sort-Object To }
Expect 'the anchor has the other mobile node alone' 'mn2@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'the first gateway has nothing' 0 { @(Get-DsmipBinding -Agent mag1).Count }
Expect 'the second gateway has the other mobile node alone' 'mn2@example.com' { (Get-DsmipBinding -Agent mag2).Identifier }

Step 'it attaches again, as if nothing had been' { $again = Connect-DsmipSubscriber $node mag1 -IPv4HomeAddress 0.0.0.0; $again }
Expect 'and gets addresses again' @{ Result = 'Accepted'; Status = 'Accepted' } { $again }
