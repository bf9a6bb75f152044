<#
.SYNOPSIS
    A mobile node moves to another gateway by a known handoff, and the anchor tells the old one (RFC 5846, 3.4.1: trigger 2 or 3).
.DESCRIPTION
    The new gateway's handoff indicator says that it is the same session (RFC 5213, 5.4.1): it moves with its prefix at once. The anchor then
    tells the old gateway, which drops the mobile node where it has noticed that it left, and says with status 132 where it has not (9.1): whatever it
    answers, the session is the new gateway's. Between two access technologies the trigger is 3.
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor that tells old gateways of handovers, two for wireless LAN, one for Ethernet' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.62.10 -PrefixPool 2001:db8:100::/40 -RevokesOnHandover -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.62.11 -LocalMobilityAnchor 127.58.62.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.62.12 -LocalMobilityAnchor 127.58.62.10 -Start
    $null = New-DsmipMobileAccessGateway mag3 127.58.62.13 -LocalMobilityAnchor 127.58.62.10 -AccessTechnologyType Ethernet -Start
}

Step 'a mobile node leaves the first gateway, whose de-registration is lost, and comes to the second' {
    $attached = Connect-DsmipSubscriber mn1@example.com mag1
    $Lab.Lose('ProxyBindingUpdate')
    Disconnect-DsmipSubscriber mn1@example.com -MobileAccessGateway mag1 -NoWait
    $moved = Connect-DsmipSubscriber mn1@example.com mag2 -HandoffIndicator BetweenGateways
    $moved
}
Expect 'its session is there in one round trip, with its prefix' @{ Result = 'Accepted'; Attempts = 1; RoundTripTime = '00:00:00.0100000'; Prefixes = $attached.Prefixes } { $moved }
Expect 'the old gateway is told why, and is done' @(
    @{ From = 'lma1'; To = 'mag1'; Trigger = 'InterMagHandoverSameAccessType'; Flags = 'P'; Identifiers = @('mn1@example.com'); Prefixes = $attached.Prefixes }
    @{ From = 'mag1'; To = 'lma1'; Status = 'Success'; Flags = 'P' }
) -After 1s { $Lab.Revocations }
Expect 'it did not have to send its de-registration again' 1 { @($Lab.Sent('ProxyBindingUpdate') | Where-Object { $_.From -eq 'mag1' -and $_.Lifetime -eq 0 }).Count }
Expect 'anchor and new gateway have the session' 'lma1', 'mag2' { (Get-DsmipBinding mn1@example.com).Agent }

Step 'a mobile node moves to Ethernet, and the first gateway has not noticed' {
    $attached = Connect-DsmipSubscriber mn2@example.com mag1
    $moved = Connect-DsmipSubscriber mn2@example.com mag3 -HandoffIndicator BetweenInterfaces
    $moved
}
Expect 'its session is there all the same' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $moved }
Expect 'the old gateway says that the mobile node is attached to it' @(
    @{ From = 'lma1'; To = 'mag1'; Trigger = 'InterMagHandoverDifferentAccessType'; Identifiers = @('mn2@example.com') }
    @{ From = 'mag1'; To = 'lma1'; Status = 'MobileNodeIsAttached' }
) -After 1s { $Lab.Revocations | Select-Object -Last 2 }
Expect 'which changes nothing at the anchor' @{ State = 'Active'; CareOfAddress = '127.58.62.13'; AccessTechnologyType = 'Ethernet' } {
    Get-DsmipBinding mn2@example.com -Agent lma1
}
Step 'then the first gateway notices' { Disconnect-DsmipSubscriber mn2@example.com -MobileAccessGateway mag1 -NoWait }
Expect 'its de-registration is for a session that is not its own, and ends nothing' 'lma1', 'mag3' -After 40s { (Get-DsmipBinding mn2@example.com).Agent }
