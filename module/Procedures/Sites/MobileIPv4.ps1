# What the procedures of field faults have in common: a home agent, a foreign agent and a mobile node, and a look at their events.

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
