<#
.SYNOPSIS
    Revokes one binding of one mobile node (RFC 5846, 8.1 and 9.1): the other mobile node at the same gateway keeps its own.
.DESCRIPTION
    The anchor names the binding by the mobile node's identifier and home network prefix. The gateway answers with the sequence number and
    the flags of the indication (5.2), and the binding is gone at both ends. What a gateway does not have cannot be revoked: in the simulated
    world the second binding is one that the gateway has given up without the anchor's knowledge, and it answers with status 128 (6.2.1).
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.50' : '127.58.50'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ InitialDelay = '30s'; MaximumDelay = '30s' }

Step 'an anchor and a gateway with two mobile nodes' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" -Start
    'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
}
Step 'revoke the binding of one' {
    $binding = Get-DsmipBinding mn1@example.com -Agent lma1
    $outcome = $binding | Invoke-BindingRevocation -Trigger UserInitiatedSessionTermination
    $outcome
}
Expect 'it is acknowledged at once' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1; BindingsKept = 0; Attempts = 1 } { $outcome }
Expect 'the indication names mobile node and prefix, the answer has P too' @(
    @{ From = 'lma1'; To = 'mag1'; Kind = 'BindingRevocationIndication'; Trigger = 'UserInitiatedSessionTermination'; Flags = 'P'
        Identifiers = @('mn1@example.com'); Prefixes = $binding.Prefixes }
    @{ From = 'mag1'; To = 'lma1'; Kind = 'BindingRevocationAcknowledgement'; Status = 'Success'; Flags = 'P'; Options = @() }
) { $Lab.Revocations }
Expect 'and its sequence number' 1 { @($Lab.Revocations.SequenceNumber | Select-Object -Unique).Count }
Expect 'the anchor has the other binding alone' 'mn2@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'so has the gateway' 'mn2@example.com' { (Get-DsmipBinding -Agent mag1).Identifier }

Step 'the other mobile node leaves, and its de-registration is lost each time' -World Simulated {
    $Lab.Lose('ProxyBindingUpdate', 5)
    Disconnect-DsmipSubscriber mn2@example.com -ErrorAction Ignore
}
Expect 'the anchor has its binding still' 'lma1' -World Simulated { (Get-DsmipBinding mn2@example.com).Agent }
Step 'revoke it' -World Simulated { $outcome = Invoke-BindingRevocation mn2@example.com; $outcome }
Expect 'the gateway knows no such binding' @{ Result = 'AlreadyGone'; Status = 'BindingDoesNotExist'; BindingsRevoked = 1 } -World Simulated { $outcome }
Expect 'and the anchor has none any more' 0 -World Simulated { @(Get-DsmipBinding).Count }
