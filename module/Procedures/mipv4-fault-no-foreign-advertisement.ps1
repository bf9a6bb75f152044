<#
.SYNOPSIS
    A field fault: nobody advertises on the foreign link (RFC 5944, 2.4).
.DESCRIPTION
    The node solicits three times about a second apart, reports that there is no agent, and goes on ever more rarely. Once the foreign agent serves the link,
    the node is registered without further ado.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, and a mobile node on a link that the foreign agent does not serve' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'the node says that nobody answers' @{ Message = 'AgentSolicitation'; Detail = 'nobody on the link answers solicitations, or advertises' } { (Get-EventOf mn7 AgentNotFound)[0] } -Within 10s
Expect 'it has asked, and now asks ever more rarely' 4 { (Get-DsmipStatistics mn7 -Counter | Where-Object Message -EQ AgentSolicitation).Count }
Expect 'the foreign agent has heard nothing' 0 { @(Get-DsmipStatistics fa1 -Counter | Where-Object Message -EQ AgentSolicitation).Count }
Expect 'no request is sent' 0 { @(Get-DsmipStatistics mn7 -Counter | Where-Object Message -EQ RegistrationRequest).Count }

Step 'the foreign agent is put on the link' { $null = $fa.Join('foreign1') }
Expect 'the node hears it' '198.51.1.1' { (Get-EventOf mn7 AgentDiscovered)[0].Peer } -Within 10s
Expect 'and is registered' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 10s
