<#
.SYNOPSIS
    A gateway that is not authorised cannot revoke all of its bindings (RFC 5846, 8.2: status 130), and does not try again (9.2).
.DESCRIPTION
    Authorisation is off unless the anchor's configuration says otherwise (13). The refusal is an alarm at the gateway. Nor can a gateway
    borrow the identity of one that is authorised: its addresses have to be authorised with it.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = $Lab.World -eq 'Namespace' ? '198.18.57' : '127.58.57'
)

# What a busy machine answers late is no loss on real sockets.
$patient = $Lab.World -eq 'Simulated' ? @{} : @{ RevocationInitialDelay = '30s'; RevocationMaximumDelay = '30s' }

# What an attempt comes to: the id of the error.
function Get-Refusal([scriptblock] $Attempt) { try { $null = & $Attempt } catch { $_.FullyQualifiedErrorId -replace ',.*' } }

Step 'an anchor that authorises one gateway, two others, and mobile nodes' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 -GlobalRevocation @{ 'trusted@example.net' = "$Network.99" } -Start
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor "$Network.10" @patient -Start
    $null = New-DsmipMobileAccessGateway mag2 "$Network.12" -LocalMobilityAnchor "$Network.10" -Identity trusted@example.net @patient -Start
    'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    'mn3@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag2
}
Expect 'the first gateway is rejected' 'RevocationRejected' { Get-Refusal { Invoke-BindingRevocation -MobileAccessGateway mag1 } }
Expect 'so is the one with a borrowed identity' 'RevocationRejected' { Get-Refusal { Invoke-BindingRevocation -MobileAccessGateway mag2 } }
Expect 'with status 130' @(
    @{ From = 'mag1'; Trigger = 'PerPeerPolicy'; Flags = 'PG'; Identifiers = @('mag1') }
    @{ To = 'mag1'; Status = 'GlobalRevocationNotAuthorized'; Flags = 'PG' }
    @{ From = 'mag2'; Trigger = 'PerPeerPolicy'; Flags = 'PG'; Identifiers = @('trusted@example.net') }
    @{ To = 'mag2'; Status = 'GlobalRevocationNotAuthorized'; Flags = 'PG' }
) { $Lab.Revocations }
Expect 'each raises the alarm' 'mag1', 'mag2' { (Get-DsmipEvent -Kind GlobalRevocationRefused).Agent }
Expect 'all bindings stay at both ends' 3, 3 { @(Get-DsmipBinding -Agent lma1 -State Active).Count; @(Get-DsmipBinding -Agent mag1, mag2 -State Active).Count }

Expect 'a second try is not sent' 'InvalidAgentState' { Get-Refusal { Invoke-BindingRevocation -MobileAccessGateway mag1 } }
Expect 'there are four messages still' 4 { $Lab.Revocations.Count }
