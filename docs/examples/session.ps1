Import-Module ./DsmipTools.psd1
$key = ConvertTo-SecureString '1234567812345678' -AsPlainText -Force
New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key $key
New-DsmipHomeAgent -Name ha1 -Address 127.0.0.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::/48 | Start-DsmipAgent
Send-DsmipRegistration -HomeAgent 127.0.0.2 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.0.0.7 -Lifetime 00:05:00 `
    -IPv6Prefix 2001:db8:7:1::/64, 2001:db8:ffff::/64 -TunnelingMode CareOfAddress -Spi 256
# one object: Code Accepted, LifetimeGranted, RoundTripTime, Attempts, Prefixes = { 2001:db8:7:1::/64 AcceptedCareOfAddress; 2001:db8:ffff::/64 RejectedProhibited }
Get-DsmipBinding                      # a table that an operator recognises
Get-DsmipBinding | Format-List *      # everything

New-DsmipLocalMobilityAnchor -Name lma1 -Address 127.0.0.10 -PrefixPool 2001:db8:100::/40 | Start-DsmipAgent
New-DsmipMobileAccessGateway -Name mag1 -Address 127.0.0.11 -LocalMobilityAnchor 127.0.0.10 | Start-DsmipAgent
New-DsmipMobileAccessGateway -Name mag2 -Address 127.0.0.12 -LocalMobilityAnchor 127.0.0.10 | Start-DsmipAgent
1..100 | ForEach-Object { Connect-DsmipSubscriber -Identifier "mn$_@example.com" -MobileAccessGateway "mag$($_ % 2 + 1)" }
Connect-DsmipSubscriber -Identifier mn7@example.org -MobileAccessGateway mag1
Invoke-BindingRevocation -Realm example.com -WhatIf      # says which peers and how many bindings
Invoke-BindingRevocation -Realm example.com              # one result per peer: Peer, Trigger, Status, BindingsRevoked, Attempts, RoundTripTime
Invoke-BindingRevocation -MobileNode mn7@example.org -Trigger AdministrativeReason
Get-DsmipEvent -Last 20; Get-DsmipStatistics lma1
Get-DsmipAgent | Remove-DsmipAgent
