<#
.SYNOPSIS
    A field fault: the home agent has no security association with the mobile node (RFC 5944, 3.8.2.1).
.DESCRIPTION
    Every request is dropped as a security exception. Once the association is added to the home agent, the next request of the node is accepted: nothing has
    to be restarted.
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

Step 'agents that know nothing of the node' {
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $node = Add-Node ([DsmipTools.Engine.Security.SecurityAssociation]::new(256, $home7, [Text.Encoding]::ASCII.GetBytes('1234567812345678')))
    $node.Move('foreign1')
}
Expect 'the home agent says that there is no association' @{ Drop = 'NoSecurityAssociation'; Message = 'RegistrationRequest' } { (Get-EventOf ha1 SecurityException)[0] } -Within 10s
Expect 'the counter of such requests rises' { $_ -gt 0 } { (Get-DsmipStatistics ha1 -Counter | Where-Object Drop -EQ NoSecurityAssociation).Count }
Expect 'the node is told of the timeout' @{ Code = 78 } { (Get-EventOf mn7 BindingRefused)[0] } -Within 20s

Step 'the administrator adds the association' { $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key }
Expect 'and the node is registered by itself' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 60s
