<#
.SYNOPSIS
    A dual-stack mobile node visits two foreign agents, one of which restarts, and comes home (RFC 5944, 2.4 and 3.7; RFC 5454, 3.4).
.DESCRIPTION
    The node has no care-of address of its own: it registers that of the foreign agent which it hears on its link, and its IPv6 prefix with it. The foreign
    agent relays what RFC 5454 adds without knowing it. Another link, a restart and the advertisements of the home agent each make the node register anew.
.FUNCTIONALITY
    Simulated
#>

$key = ConvertTo-SecureString '1234567812345678' -AsPlainText -Force
$home7 = '10.1.1.7'

function Get-At([string] $Agent) { Get-DsmipBinding -Agent $Agent -HomeAddress $home7 | Where-Object State -EQ Active }
function Get-EventOf([string] $Agent, [string] $Kind) { , @(Get-DsmipEvent -Agent $Agent -Kind $Kind) }

Step 'a home agent on the home link, and two foreign agents on links of their own' {
    $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha = $Lab.Host.Add([DsmipTools.Engine.MobileIPv4.HomeAgentOptions] @{
            Name = 'ha1'; Address = '192.0.2.1'; HomeNetwork = '10.1.1.0/24'
            PrefixPolicy = [DsmipTools.Engine.MobileIPv4.ConfiguredPrefixes]::new([DsmipTools.Wire.Ip.Prefix[]] @('2001:db8:7::/48'), $null)
            Advertisements = [DsmipTools.Engine.MobileIPv4.AdvertisementOptions] @{ Interval = '00:00:10' }
        })
    $null = $ha.Join('home')
    foreach ($number in 1, 2) {
        $fa = New-DsmipForeignAgent "fa$number" "198.51.$number.1" -RouterAddress "198.51.$number.1/24" -AdvertisementInterval 10s -Start
        $null = $fa.Join("foreign$number")
    }
}
Step 'a mobile node with one prefix, on the first foreign link' {
    $node = $Lab.Host.Add([DsmipTools.Engine.MobileIPv4.MobileNodeOptions] @{
            Name = 'mn7'; HomeAddress = $home7; HomeAgent = [DsmipTools.Wire.Ip.Endpoint]::new('192.0.2.1', 434); Lifetime = '00:05:00'
            SecurityAssociation = Get-DsmipSecurityAssociation -HomeAddress $home7; IPv6Prefixes = [DsmipTools.Wire.Ip.Prefix[]] @('2001:db8:7:1::/64')
        })
    $node.Move('foreign1')
}
Expect 'it registers the care-of address of the agent there' '198.51.1.1' { (Get-At ha1).CareOfAddress } -Within 10s
Expect 'and its prefix, to be tunneled to the home address' '2001:db8:7:1::/64 HomeAddress' { (Get-At ha1).RegisteredPrefixes | ForEach-Object { "$_" } }
Expect 'the agent has it in its visitor list' ([ordered] @{ HomeAgent = '192.0.2.1'; CareOfAddress = '198.51.1.1'; LifetimeGranted = [timespan] '00:05:00' }) { Get-At fa1 }
Expect 'a packet to the home address comes through the tunnel' @{ Outcome = 'Delivered'; Path = 'ha1', 'fa1' } { $Lab.Host.Simulation.Probe('203.0.113.9', $home7) }

Step 'the node moves to the second link' { $node.Move('foreign2') }
Expect 'where it registers anew' '198.51.2.1' { (Get-At ha1).CareOfAddress } -Within 5s
Expect 'packets follow it' @{ Outcome = 'Delivered'; Path = 'ha1', 'fa2' } { $Lab.Host.Simulation.Probe('203.0.113.9', $home7) }

Step 'the agent restarts, and has lost its visitors' {
    $fa2 = $Lab.Host.Find('fa2')
    $fa2.Stop()
    $fa2.Start()
    $null = $fa2.Join('foreign2')
}
Expect 'its advertisements say so, and the node registers again' 1 { @(Get-At fa2).Count } -Within 5s
Expect 'which is an event of the node' '198.51.2.1' { (Get-EventOf mn7 AgentRestarted).Peer }

Step 'the node comes home' { $node.Move('home') }
Expect 'and de-registers' 0 { @(Get-At ha1).Count } -Within 15s
Expect 'it knows that it is at home' 1 { (Get-EventOf mn7 ReturnedHome).Count }
Expect 'visits end with their lifetimes' 0 { @(Get-DsmipBinding).Count } -Within 310s
Expect 'and no tunnel is left' 0 { $Lab.Host.Runtime.Tunnels.Count }
