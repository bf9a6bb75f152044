<#
.SYNOPSIS
    A field fault: the home agent does not serve the home network of the mobile node (RFC 5944, 3.8.2.3).
.DESCRIPTION
    The home agent refuses with code 129 and says why in its event; the foreign agent relays the refusal, which the node reports.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, of which the home agent serves another network, and a mobile node' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent -HomeNetwork 10.1.2.0/24
    $null = $fa.Join('foreign1')
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'the home agent says that it does not serve the address' @{ Code = 129; HomeAddress = $home7 } { (Get-EventOf ha1 BindingRefused)[0] } -Within 10s
Expect 'and why' { $_ -like 'the home address is not served*' } { (Get-EventOf ha1 BindingRefused)[0].Detail }
Expect 'the node is told' @{ Code = 129 } { (Get-EventOf mn7 BindingRefused)[0] } -Within 10s
Expect 'the foreign agent has no visitor' 0 { @(Get-DsmipBinding -Agent fa1).Count }

Step 'the home agent gets the right network' {
    $ha.Remove()
    $null = New-DsmipHomeAgent ha1 192.0.2.1 -Port 434 -HomeNetwork 10.1.1.0/24 -Start
}
Expect 'and the node is registered by itself' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 60s
