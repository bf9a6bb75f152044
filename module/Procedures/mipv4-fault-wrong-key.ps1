<#
.SYNOPSIS
    A field fault: the keys of mobile node and home agent differ (RFC 5944, 3.6.2.1 and 3.8.2.1).
.DESCRIPTION
    The home agent reports the authenticator that it cannot verify, with the home address, and answers with code 131. The node cannot verify that answer
    either, which is how it knows that it is the key. With the right key the registration stands.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, and a mobile node with another key than the home agent knows' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $node = Add-Node ([DsmipTools.Engine.Security.SecurityAssociation]::new(256, $home7, [Text.Encoding]::ASCII.GetBytes('8765432187654321')))
    $node.Move('foreign1')
}
Expect 'the home agent says whose authenticator is wrong' @{ Drop = 'BadAuthenticator'; Code = 131; HomeAddress = $home7 } { (Get-EventOf ha1 SecurityException)[0] } -Within 10s
Expect 'the node says that the answer has another key' @{ Drop = 'BadAuthenticator'; Peer = '198.51.1.1' } { (Get-EventOf mn7 SecurityException)[0] } -Within 10s
Expect 'nothing is registered' 0 { @(Get-DsmipBinding -Agent ha1, fa1 | Where-Object State -EQ Active).Count }

Step 'the node gets the right key' {
    $node.Remove()
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'and is registered' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 10s
