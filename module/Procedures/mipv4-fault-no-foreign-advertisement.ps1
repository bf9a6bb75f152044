<#
.SYNOPSIS
    A field fault: nobody advertises on the foreign link (RFC 5944, 2.4).
.DESCRIPTION
    The node solicits three times about a second apart, reports that there is no agent, and goes on ever more rarely. Once the foreign agent serves the link,
    the node is registered without further ado.
.FUNCTIONALITY
    Simulated
#>

$key = ConvertTo-SecureString '1234567812345678' -AsPlainText -Force
$home7 = '10.1.1.7'

function Get-EventOf([string] $Agent, [string] $Kind) { , @(Get-DsmipEvent -Agent $Agent -Kind $Kind) }

# A home agent on the home link, a foreign agent on its own, and a mobile node that is on none yet.
function Add-Agent([string] $HomeNetwork = '10.1.1.0/24') {
    $ha = $Lab.Host.Add([DsmipTools.Engine.MobileIPv4.HomeAgentOptions] @{
            Name = 'ha1'; Address = '192.0.2.1'; HomeNetwork = $HomeNetwork
            Advertisements = [DsmipTools.Engine.MobileIPv4.AdvertisementOptions] @{ Interval = '00:00:10' }
        })
    $fa = New-DsmipForeignAgent fa1 198.51.1.1 -RouterAddress 198.51.1.1/24 -AdvertisementInterval 10s -Start
    $ha, $fa
}
function Add-Node($Association) {
    $Lab.Host.Add([DsmipTools.Engine.MobileIPv4.MobileNodeOptions] @{
            Name = 'mn7'; HomeAddress = $home7; HomeAgent = [DsmipTools.Wire.Ip.Endpoint]::new('192.0.2.1', 434); Lifetime = '00:05:00'
            SecurityAssociation = $Association
        })
}

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
