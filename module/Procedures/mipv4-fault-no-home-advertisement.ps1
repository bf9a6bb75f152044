<#
.SYNOPSIS
    A field fault: the home agent does not advertise on the home link (RFC 5944, 2.3 and 2.4.3).
.DESCRIPTION
    A node that comes home hears nobody, does not know that it is at home, and stays registered with the foreign agent, to which its packets still go. It
    reports that there is no agent. Once the home agent advertises itself, the node de-registers.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

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
