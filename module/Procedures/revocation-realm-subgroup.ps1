<#
.SYNOPSIS
    Revokes the bindings of a realm that share one IPv6 proxy care-of address (RFC 5846, 8.1: Alternate Care-of Address with G).
.DESCRIPTION
    Anchor and gateways speak Mobility Headers over native IPv6. The realm has mobile nodes at both gateways; the indication goes to one of
    them and names its proxy care-of address, and the mobile nodes of the same realm at the other gateway keep their bindings.
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor and two gateways over IPv6' {
    $null = New-DsmipLocalMobilityAnchor lma1 2001:db8:1::10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 2001:db8:1::11 -LocalMobilityAnchor 2001:db8:1::10 -Start
    $null = New-DsmipMobileAccessGateway mag2 2001:db8:1::12 -LocalMobilityAnchor 2001:db8:1::10 -Start
}
Step 'attach mobile nodes of two realms at both' {
    'mn1@example.com', 'mn2@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    'mn3@example.com', 'mn4@example.com', 'mn5@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag2
}
Step 'revoke the realm at the second gateway' { $outcome = Invoke-BindingRevocation -Realm example.com -ProxyCareOfAddress 2001:db8:1::12; $outcome }
Expect 'both bindings there are gone' @{ Peer = '2001:db8:1::12'; Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 2 } { $outcome }
Expect 'the indication names realm and proxy care-of address' @(
    @{ To = 'mag2'; Trigger = 'RevokingMobilityNodeLocalPolicy'; Flags = 'PG'; Identifiers = @('@example.com'); AlternateCareOfAddress = '2001:db8:1::12' }
    @{ From = 'mag2'; Status = 'Success'; Flags = 'PG' }
) { $Lab.Revocations }
Expect 'the anchor has the rest' 'mn1@example.com', 'mn2@example.org', 'mn5@example.org' { (Get-DsmipBinding -Agent lma1).Identifier | Sort-Object }
Expect 'the first gateway has all of its own' 'mn1@example.com', 'mn2@example.org' { (Get-DsmipBinding -Agent mag1).Identifier | Sort-Object }
Expect 'the second has the other realm' 'mn5@example.org' { (Get-DsmipBinding -Agent mag2).Identifier }
