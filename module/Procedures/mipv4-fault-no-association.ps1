<#
.SYNOPSIS
    A field fault: the home agent has no security association with the mobile node (RFC 5944, 3.8.2.1).
.DESCRIPTION
    Every request is dropped as a security exception. Once the association is added to the home agent, the next request of the node is accepted: nothing has
    to be restarted.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

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
