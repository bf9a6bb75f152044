<#
.SYNOPSIS
    A field fault: the home agent does not advertise on the home link (RFC 5944, 2.3 and 2.4.3).
.DESCRIPTION
    A node that comes home hears nobody, does not know that it is at home, and stays registered with the foreign agent, to which its packets still go. It
    reports that there is no agent. Once the home agent advertises itself, the node de-registers.
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

Step 'agents, of which the home agent is not on the home link, and a mobile node that visits' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'it is registered' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 10s

Step 'the node comes home' { $node.Move('home') }
Expect 'it says that nobody answers' 1 { (Get-EventOf mn7 AgentNotFound).Count } -Within 10s
Expect 'it does not know that it is at home' $false { $node.IsAtHome }
Expect 'its packets go where it is no more' 'ha1', 'fa1' { $Lab.Host.Simulation.Probe('203.0.113.9', $home7).Path }

Step 'the home agent is put on the home link' { $null = $ha.Join('home') }
Expect 'the node knows that it is at home' 1 { (Get-EventOf mn7 ReturnedHome).Count } -Within 10s
Expect 'and de-registers' 0 { @(Get-DsmipBinding -Agent ha1).Count } -Within 10s
