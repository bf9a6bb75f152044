<#
.SYNOPSIS
    A field fault: the mobile node uses an SPI that the home agent does not know (RFC 5944, 3.8.2.1).
.DESCRIPTION
    Without an association the home agent cannot answer: it drops the request and reports it as a security exception. What the node and the foreign agent see
    is silence: code 78 of the foreign agent, registration timeout. The event of the home agent tells why.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, and a mobile node with SPI 257 where the home agent has 256' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $node = Add-Node ([DsmipTools.Engine.Security.SecurityAssociation]::new(257, $home7, [Text.Encoding]::ASCII.GetBytes('1234567812345678')))
    $node.Move('foreign1')
}
Expect 'the home agent says that there is no such association' @{ Drop = 'NoSecurityAssociation'; Peer = '198.51.1.1' } { (Get-EventOf ha1 SecurityException)[0] } -Within 10s
Expect 'the foreign agent says that the home agent does not answer' @{ Code = 78; HomeAddress = $home7 } { (Get-EventOf fa1 BindingRefused)[0] } -Within 20s
Expect 'and so does the node' @{ Code = 78 } { (Get-EventOf mn7 BindingRefused)[0] } -Within 20s

Step 'the node gets the right SPI' {
    $node.Remove()
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'and is registered' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 10s
