<#
.SYNOPSIS
    A mobile node turns up at another gateway with handoff state unknown, and the old one does not answer (RFC 5846, 8.1 and 11).
.DESCRIPTION
    The anchor asks twice, after 1 s again, and waits 2 s for the second answer; then it makes a new session, with another prefix. The old session
    stays until its lifetime ends. Three seconds is twice what RFC 5213's MaxDelayBeforeNewBCEAssign takes, which a second anchor shows that
    waits instead of asking.
.FUNCTIONALITY
    Simulated
#>
$node = 'mn1@example.com'

Step 'an anchor that asks, and one that waits; two gateways each' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.65.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.65.11 -LocalMobilityAnchor 127.58.65.10 -Lifetime 60s -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.65.12 -LocalMobilityAnchor 127.58.65.10 -Start
    $null = New-DsmipLocalMobilityAnchor lma2 127.58.65.20 -PrefixPool 2001:db8:200::/40 -UnknownHandoff Wait -Start
    $null = New-DsmipMobileAccessGateway mag3 127.58.65.21 -LocalMobilityAnchor 127.58.65.20 -Start
    $null = New-DsmipMobileAccessGateway mag4 127.58.65.22 -LocalMobilityAnchor 127.58.65.20 -Start
}
Step 'attach a mobile node, and cut its gateway off' {
    $first = Connect-DsmipSubscriber $node mag1
    $Lab.Host.Simulation.Partition('127.58.65.10', '127.58.65.11')
    $first
}
Step 'it turns up at the second gateway' {
    $begun = $Lab.Elapsed
    $second = Connect-DsmipSubscriber $node mag2 -HandoffIndicator Unknown
    $second
}
Expect 'the first one is asked at once, and after 1 s' 0.005, 1.005 { $Lab.Revocations | ForEach-Object { ($_.At - $begun).TotalSeconds } }
Expect 'with the same question' @(@{ Trigger = 'InterMagHandoverUnknown'; Flags = 'P'; To = 'mag1' }) { $Lab.Revocations | Select-Object -First 1 }
Expect 'which is the one number' 1 { @($Lab.Revocations.SequenceNumber | Select-Object -Unique).Count }
Expect 'after 3 s there is a new session' 3.005 { ($Lab.Sent('ProxyBindingAcknowledgement')[-1].At - $begun).TotalSeconds }
Expect 'with another prefix' { $_[0] -ne $_[1] } { $first.Prefixes[0]; $second.Prefixes[0] }
Expect 'the anchor has both' 2 { @(Get-DsmipBinding -Agent lma1 -State Active).Count }
Expect 'the old one ends with its lifetime' "$($second.Prefixes)" -Within 60s { "$((Get-DsmipBinding -Agent lma1).Prefixes)" }

Step 'the same with the anchor that waits' {
    $null = Connect-DsmipSubscriber $node mag3
    $begun = $Lab.Elapsed
    $null = Connect-DsmipSubscriber $node mag4 -HandoffIndicator Unknown
}
Expect 'nobody is asked' 2 { $Lab.Revocations.Count }
Expect 'and the new session is there after 1.5 s' 1.505 { ($Lab.Sent('ProxyBindingAcknowledgement')[-1].At - $begun).TotalSeconds }
