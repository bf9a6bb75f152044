<#
.SYNOPSIS
    A field fault: the mobile node is registered, and packets do not reach it (RFC 5944, 2.4.4 and 4.2.2).
.DESCRIPTION
    The foreign agent has restarted on another link and knows nothing of its visitor: what the home agent tunnels is dropped there and reported with its
    addresses. When its advertisements reach the node again, their numbers tell of the restart, and the node registers anew.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, and a mobile node that visits' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'packets reach it' 'Delivered' { $Lab.Host.Simulation.Probe('203.0.113.9', $home7).Outcome } -Within 10s
Expect 'and it hears the agent' { $_ -ge 3 } { (Get-DsmipStatistics mn7 -Counter | Where-Object Message -EQ AgentAdvertisement).Count } -Within 60s

Step 'the foreign agent restarts, and is not on the link' {
    $fa.Stop()
    $fa.Start()
}
Expect 'the home agent still has the binding' 'Active' { (Get-DsmipBinding -Agent ha1).State }
Expect 'packets do not reach the node' { $_ -ne 'Delivered' } { $Lab.Host.Simulation.Probe('203.0.113.9', $home7).Outcome }
Expect 'the visitor list is empty' 0 { @(Get-DsmipBinding -Agent fa1).Count }

Step 'the foreign agent is put on the link again' { $null = $fa.Join('foreign1') }
Expect 'the node notices the restart' '198.51.1.1' { (Get-EventOf mn7 AgentRestarted)[0].Peer } -Within 10s
Expect 'and packets reach it' 'Delivered' { $Lab.Host.Simulation.Probe('203.0.113.9', $home7).Outcome } -Within 10s
