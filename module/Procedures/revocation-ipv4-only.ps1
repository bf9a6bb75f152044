<#
.SYNOPSIS
    Revokes the IPv4 home address of a session and lets its home network prefix stay (RFC 5846, 8.1: V).
.DESCRIPTION
    The indication has P and V, the Mobile Node Identifier and the IPv4 Home Address Request option, and no Home Network Prefix option. The
    gateway releases the address alone (9.1), and the anchor gives it to the next mobile node that asks. Where the whole session is revoked,
    V is clear, and the identifier alone means both.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.53' : '127.58.53'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ InitialDelay = '30s'; MaximumDelay = '30s' }

$node = 'mn1@example.com'

Step 'an anchor with IPv4 and IPv6, and a gateway' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 -IPv4HomeNetwork 192.0.2.0/24 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" -Start
}
Step 'attach a mobile node with both' { $attached = Connect-DsmipSubscriber $node mag1 -IPv4HomeAddress 0.0.0.0; $attached }
Expect 'it has an IPv4 home address' '192.0.2.2' { $attached.IPv4HomeAddress }

Step 'revoke the IPv4 home address' { $outcome = Invoke-BindingRevocation $node -IPv4Only; $outcome }
Expect 'the gateway has done it' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1 } { $outcome }
Expect 'V is set, the address is named, and no prefix is' @(
    @{ Flags = 'PV'; Trigger = 'UserInitiatedSessionTermination'; Identifiers = @($node); IPv4HomeAddress = '192.0.2.2'; Prefixes = @()
        Options = @('MobileNodeIdentifier', 'IPv4HomeAddressRequest') }
    @{ Flags = 'PV'; Status = 'Success' }
) { $Lab.Revocations }
foreach ($agent in 'lma1', 'mag1') {
    Expect "$agent has the prefix still, and no IPv4 home address" @{ Prefixes = $attached.Prefixes; IPv4HomeAddress = $null; State = 'Active' } {
        Get-DsmipBinding $node -Agent $agent
    }
}
Expect 'there is no second address to revoke' { $_ -like 'No binding*' } { try { Invoke-BindingRevocation $node -IPv4Only } catch { $_.Exception.Message } }

Step 'the address is free: the next mobile node gets one of the network' { $next = Connect-DsmipSubscriber mn2@example.com mag1 -IPv4HomeAddress 192.0.2.2; $next }
Expect 'the very one' '192.0.2.2' { $next.IPv4HomeAddress }
Step 'revoke that session as a whole' { $outcome = Invoke-BindingRevocation mn2@example.com; $outcome }
Expect 'V is clear then' @{ Flags = 'P'; Identifiers = @('mn2@example.com') } { $Lab.Revocations[-2] }
Expect 'and nothing of it is left' $node, $node { (Get-DsmipBinding).Identifier }
