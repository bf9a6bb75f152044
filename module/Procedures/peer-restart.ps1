<#
.SYNOPSIS
    A gateway and an anchor restart and lose their sessions; the other end notices, and deals with them (RFC 5847).
.DESCRIPTION
    Whoever restarts tells its former peers by an unsolicited Heartbeat with a greater Restart Counter (3.2). The anchor drops the sessions of
    the gateway's old life; the gateway registers its sessions anew when the anchor has restarted, and they keep their prefixes. Where
    that message is lost, the response to the next request tells the same to whom a smaller counter was told before. A peer that is silent for several requests is noticed too (3.1).
.FUNCTIONALITY
    Simulated
#>
Step 'an anchor and two gateways with mobile nodes' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.66.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.66.11 -LocalMobilityAnchor 127.58.66.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.58.66.12 -LocalMobilityAnchor 127.58.66.10 -Start
    'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    $kept = Connect-DsmipSubscriber mn3@example.com mag2
    $kept
}

Step 'the first gateway restarts' -After 10s { Stop-DsmipAgent mag1; Start-DsmipAgent mag1 }
Expect 'it says so at once, unasked' @{ From = 'mag1'; To = 'lma1'; Kind = 'HeartbeatResponse'; Options = @('RestartCounter') } { $Lab.Sent()[-1] }
Expect 'the anchor has noticed' '127.58.66.11' -After 10ms { (Get-DsmipEvent -Agent lma1 -Kind PeerRestarted).Peer }
Expect 'and dropped its sessions, not those of the other gateway' 'mn3@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Step 'a mobile node attaches to it again' { $again = Connect-DsmipSubscriber mn1@example.com mag1; $again }
Expect 'as to any gateway' 'Accepted' { $again.Result }

Step 'the anchor restarts' -After 10s { Stop-DsmipAgent lma1; Start-DsmipAgent lma1 }
Expect 'it has no sessions' 0 { @(Get-DsmipBinding -Agent lma1).Count }
Expect 'both gateways register theirs anew' 'mn1@example.com', 'mn3@example.com' -After 100ms { (Get-DsmipBinding -Agent lma1).Identifier | Sort-Object }
Expect 'with the prefixes that they had' $kept.Prefixes { (Get-DsmipBinding mn3@example.com -Agent lma1).Prefixes }

Step 'the second gateway has answered a request of the new anchor; it restarts, and nobody hears it' -After 65s {
    $Lab.Lose('HeartbeatResponse', 1, 'mag2')
    Stop-DsmipAgent mag2
    Start-DsmipAgent mag2
}
Expect 'the anchor has its session still' 'lma1' -After 1s { (Get-DsmipBinding mn3@example.com).Agent }
Expect 'until its next request is answered' 'mn1@example.com' -Within 61s { (Get-DsmipBinding -Agent lma1).Identifier }
Expect 'whose response has the greater counter' 'HeartbeatRequest', 'HeartbeatResponse' {
    ($Lab.Sent('HeartbeatRequest', 'HeartbeatResponse') | Where-Object { 'mag2' -in $_.From, $_.To } | Select-Object -Last 2).Kind
}

Step 'the first gateway is cut off' { $Lab.Host.Simulation.Partition('127.58.66.10', '127.58.66.11') }
Expect 'after four requests without a response the anchor says so' '127.58.66.11' -Within 5m { (Get-DsmipEvent -Agent lma1 -Kind PeerUnreachable).Peer }
Expect 'it keeps the session, because a path that fails for minutes does not end it' 'mn1@example.com' { (Get-DsmipBinding -Agent lma1).Identifier }
Step 'the way is there again' { $Lab.Host.Simulation.Heal('127.58.66.10', '127.58.66.11') }
Expect 'which both notice' 'lma1', 'mag1' -Within 2m { (Get-DsmipEvent -Kind PeerReachable).Agent | Sort-Object }
Expect 'both ends agree' 'lma1', 'mag1' { (Get-DsmipBinding mn1@example.com).Agent }
