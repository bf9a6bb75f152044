<#
.SYNOPSIS
    A field fault: the clock of the mobile node is an hour slow (RFC 5944, 5.7.1).
.DESCRIPTION
    The home agent refuses the timestamp with code 133 and tells its own time, through the foreign agent; the node reports by how much the clocks differ, and
    its second request is accepted.
.FUNCTIONALITY
    Simulated
#>

. $PSScriptRoot/Sites/MobileIPv4.ps1

Step 'agents, and a mobile node whose clock is slow' {
    $right = New-DsmipSecurityAssociation -Spi 256 -HomeAddress $home7 -Key $key
    $ha, $fa = Add-Agent
    $null = $fa.Join('foreign1')
    $Lab.Host.Simulation.SetClockOffset('mn7', [timespan]::FromHours(-1))
    $node = Add-Node $right
    $node.Move('foreign1')
}
Expect 'the home agent refuses the timestamp' @{ Code = 133; HomeAddress = $home7 } { (Get-EventOf ha1 SecurityException)[0] } -Within 10s
Expect 'the node says how far the clocks are apart' { $_ -match '^the home agent''s clock is 3(600|599)(\.\d+)? s ahead$' } { (Get-EventOf mn7 Resynchronized)[0].Detail } -Within 10s
Expect 'and is registered at its second attempt' 'Active' { (Get-DsmipBinding -Agent ha1).State } -Within 10s
Expect 'through the same agent' 2 { (Get-DsmipStatistics fa1 -Counter | Where-Object { $_.Message -eq 'RegistrationRequest' -and $_.Direction -eq 'Sent' }).Count }
