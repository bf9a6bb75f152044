<#
.SYNOPSIS
    Acknowledgements of a revocation are lost: the indication is sent again after 1 s, and given up after 2 s more (RFC 5846, 6.3 and 11).
.DESCRIPTION
    The first acknowledgement is lost: the indication comes again with the same sequence number, and the gateway, which has done it already,
    says so again. Then the way to the gateway fails altogether: after the last wait the anchor cleans
    up by itself. An acknowledgement that comes later than that fits no indication, and is dropped (6.2.2).
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor and a gateway with three mobile nodes' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.59.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.59.11 -LocalMobilityAnchor 127.58.59.10 -Start
    'mn1@example.com', 'mn2@example.com', 'mn3@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
}

# When messages of a kind were sent, in seconds after the first of them.
function Get-Schedule([string] $Agent, [string] $Kind) {
    $sent = @($Lab.Revocations | Where-Object { $_.From -eq $Agent -and $_.Kind -eq $Kind -and $_.At -ge $begun })
    $sent | ForEach-Object { ($_.At - $sent[0].At).TotalSeconds }
}

Step 'revoke one, and lose the acknowledgement' {
    $begun = $Lab.Elapsed
    $Lab.Lose('BindingRevocationAcknowledgement')
    $outcome = Invoke-BindingRevocation mn1@example.com
    $outcome
}
Expect 'the second attempt is acknowledged' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1; Attempts = 2 } { $outcome }
Expect 'it came after InitMINDelayBRIs' 0, 1 { Get-Schedule lma1 BindingRevocationIndication }
Expect 'the same message, octet for octet' 1 { @($Lab.Revocations | Where-Object From -EQ lma1 | ForEach-Object { "$($_.Packet.Message)" } | Select-Object -Unique).Count }
Expect 'both ends agree' 2, 2 { @(Get-DsmipBinding -Agent lma1).Count; @(Get-DsmipBinding -Agent mag1).Count }

Step 'the way between them fails, and another is revoked' {
    $begun = $Lab.Elapsed
    $Lab.Host.Simulation.Partition('127.58.59.10', '127.58.59.11')
    Invoke-BindingRevocation mn2@example.com -NoWait
}
Expect 'it is in progress as long as the RFC says: 1 s and 2 s' 'RevocationInProgress' -After 2.9s { (Get-DsmipBinding mn2@example.com -Agent lma1).State }
Expect 'then the anchor cleans up' 'mn3@example.com' -After 0.2s { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'after two attempts' 0, 1 { Get-Schedule lma1 BindingRevocationIndication }
Expect 'and says so' 1 { @(Get-DsmipEvent -Kind RevocationTimedOut | Where-Object Count).Count }
Expect 'the gateway knows nothing of it' 2 { @(Get-DsmipBinding -Agent mag1).Count }

Step 'the way is there again; the third acknowledgement takes longer than the anchor waits' {
    $Lab.Host.Simulation.Heal('127.58.59.10', '127.58.59.11')
    $Lab.Delay('BindingRevocationAcknowledgement', '00:00:04', 2)
    Invoke-BindingRevocation mn3@example.com -NoWait
}
Expect 'both late acknowledgements are dropped' 2 -After 6s {
    (Get-DsmipStatistics lma1 -Counter | Where-Object { $_.Message -eq 'BindingRevocationAcknowledgement' -and $_.Drop -eq 'NoMatchingRequest' } | Measure-Object Count -Sum).Sum
}
Expect 'nothing is left at the anchor' 0 { @(Get-DsmipBinding -Agent lma1).Count }
