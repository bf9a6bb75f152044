<#
.SYNOPSIS
    A mobile node turns up at another gateway with handoff state unknown, and is still attached to the first (RFC 5846, 8.1 and 9.1: status 132).
.DESCRIPTION
    What looks like a handover is a second interface. The anchor asks the old gateway with trigger 4, which refuses; the anchor makes a
    second session with a prefix of its own, as if MaxDelayBeforeNewBCEAssign had run out (RFC 5213, 5.4.1), but a second earlier.
.FUNCTIONALITY
    Simulated
#>
$node = 'mn1@example.com'

Step 'an anchor and two gateways' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.64.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.64.11 -LocalMobilityAnchor 127.58.64.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.64.12 -LocalMobilityAnchor 127.58.64.10 -Start
}
Step 'a mobile node at the first gateway attaches to the second too' {
    $first = Connect-DsmipSubscriber $node mag1
    $second = Connect-DsmipSubscriber $node mag2 -HandoffIndicator Unknown
    $first, $second
}
Expect 'the first gateway has it still, and says so' @(
    @{ From = 'lma1'; To = 'mag1'; Trigger = 'InterMagHandoverUnknown'; Flags = 'P'; Identifiers = @($node); Prefixes = $first.Prefixes }
    @{ From = 'mag1'; To = 'lma1'; Status = 'MobileNodeIsAttached'; Flags = 'P' }
) { $Lab.Revocations }
Expect 'the second session is made at once: 20 ms instead of 1.5 s' @{ Result = 'Accepted'; RoundTripTime = '00:00:00.0200000' } { $second }
Expect 'and has another prefix' { $_[0] -ne $_[1] } { $first.Prefixes[0]; $second.Prefixes[0] }
Expect 'the anchor has both' 'Active', 'Active' { (Get-DsmipBinding -Agent lma1).State }
Expect 'each gateway has its own' ($first.Prefixes[0], $second.Prefixes[0]) { 'mag1', 'mag2' | ForEach-Object { (Get-DsmipBinding -Agent $_).Prefixes } }

Step 'a third attachment of a mobile node with several sessions' { $third = Connect-DsmipSubscriber $node mag2 -LinkLayerIdentifier 02:00:5e:10:00:03 -HandoffIndicator Unknown; $third }
Expect 'asks nobody: it is none of them' @{ Result = 'Accepted'; RoundTripTime = '00:00:00.0100000' } { $third }
Expect 'two messages of revocation were all' 2 { $Lab.Revocations.Count }
