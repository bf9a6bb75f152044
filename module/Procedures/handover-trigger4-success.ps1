<#
.SYNOPSIS
    A mobile node turns up at another gateway with handoff state unknown; the old one says that it has left (RFC 5846, 8.1: trigger 4).
.DESCRIPTION
    RFC 5213 has the anchor wait 1.5 s for a de-registration before it takes the update for a new session. RFC 5846 lets it ask instead: the answer
    takes one round trip, and the session moves with its prefix. A de-registration that crosses the question is an answer too.
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor and two gateways' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.63.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.63.11 -LocalMobilityAnchor 127.58.63.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.63.12 -LocalMobilityAnchor 127.58.63.10 -Start
}

Step 'a mobile node leaves the first gateway, whose de-registration is lost, and comes to the second' {
    $attached = Connect-DsmipSubscriber mn1@example.com mag1
    $Lab.Lose('ProxyBindingUpdate')
    Disconnect-DsmipSubscriber mn1@example.com -MobileAccessGateway mag1 -NoWait
    $moved = Connect-DsmipSubscriber mn1@example.com mag2 -HandoffIndicator Unknown
    $moved
}
Expect 'the old gateway is asked before the new one is answered' @(
    @{ From = 'mag2'; To = 'lma1'; Kind = 'ProxyBindingUpdate'; HandoffIndicator = 'Unknown' }
    @{ From = 'lma1'; To = 'mag1'; Kind = 'BindingRevocationIndication'; Trigger = 'InterMagHandoverUnknown'; Flags = 'P'
        Identifiers = @('mn1@example.com'); Prefixes = $attached.Prefixes }
    @{ From = 'mag1'; To = 'lma1'; Kind = 'BindingRevocationAcknowledgement'; Status = 'Success'; Flags = 'P' }
    @{ From = 'lma1'; To = 'mag2'; Kind = 'ProxyBindingAcknowledgement'; Status = 'Accepted' }
) { $Lab.Sent() | Select-Object -Last 4 }
Expect 'the session has moved with its prefix' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $moved }
Expect 'in two round trips: 20 ms instead of 1.5 s' '00:00:00.0200000' { $moved.RoundTripTime }
Expect 'the binding is the new gateway''s' @{ State = 'Active'; CareOfAddress = '127.58.63.12' } { Get-DsmipBinding mn1@example.com -Agent lma1 }
Expect 'and the old one has none' 'lma1', 'mag2' -After 5s { (Get-DsmipBinding mn1@example.com).Agent }

Step 'another one; this time the de-registration is 8 ms late, and crosses the question' {
    $attached = Connect-DsmipSubscriber mn2@example.com mag1
    $Lab.Delay('ProxyBindingUpdate', '00:00:00.008')
    Disconnect-DsmipSubscriber mn2@example.com -MobileAccessGateway mag1 -NoWait
    $moved = Connect-DsmipSubscriber mn2@example.com mag2 -HandoffIndicator Unknown
    $moved
}
Expect 'the session has moved with its prefix' @{ Result = 'Accepted'; Prefixes = $attached.Prefixes } { $moved }
Expect 'before the question was answered' @{ RoundTripTime = '00:00:00.0180000' } { $moved }
Expect 'the late answer ends nothing' 'lma1', 'mag2' -After 5s { (Get-DsmipBinding mn2@example.com).Agent }
Expect 'both sessions are where they were registered last' 2, 0, 2 { 'lma1', 'mag1', 'mag2' | ForEach-Object { @(Get-DsmipBinding -Agent $_ -State Active).Count } }
