<#
.SYNOPSIS
    Registers dual-stack mobile nodes with a home agent (RFC 5454): prefixes, tunneling modes, renewal, clock skew, de-registration.
.DESCRIPTION
    One home agent with one range of IPv6 prefixes, and mobile nodes with co-located care-of addresses. Only the simulated world has
    clocks that can be set apart, so the resynchronisation of RFC 5944, 5.7.1 is skipped elsewhere. Renewal is waited for: five
    minutes of virtual time, or a few real seconds.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # The address of the home agent.
    [ipaddress] $HomeAgent = $Lab.World -eq 'Namespace' ? '198.18.54.2' : '127.54.54.2',
    # Its UDP port; 434 needs a privilege on real sockets.
    [ValidateRange(1, 65535)][int] $Port = 4340
)

$network = $Lab.World -eq 'Namespace' ? '198.18.54' : '127.54.54'
$careOf = @{ 7 = "$network.7"; 8 = "$network.8"; 9 = "$network.9"; 10 = "$network.10" }
$agent = @{ HomeAgent = $HomeAgent; Port = $Port; Spi = 256 }
$seven = $agent + @{ HomeAddress = '10.1.1.7'; CareOfAddress = $careOf[7] }
$eight = $agent + @{ HomeAddress = '10.1.1.8'; CareOfAddress = $careOf[8] }
$lifetime = $Lab.World -eq 'Simulated' ? [timespan] '00:05:00' : [timespan] '00:00:08'

# A mobile node that stays, unlike one of Send-DsmipRegistration: it renews by itself.
function Add-MobileNode([int] $Number) {
    $Lab.Host.Add([DsmipTools.Engine.MobileIPv4.MobileNodeOptions] @{
            Name                = "mn$Number"
            HomeAddress         = "10.1.1.$Number"
            HomeAgent           = [DsmipTools.Wire.Ip.Endpoint]::new("$HomeAgent", $Port)
            CareOfAddress       = $careOf[$Number]
            SecurityAssociation = Get-DsmipSecurityAssociation -HomeAddress "10.1.1.$Number"
            IPv6Prefixes        = [DsmipTools.Wire.Ip.Prefix[]] @("2001:db8:7:$Number::/64")
            Lifetime            = $lifetime
        })
}

# The prefixes that the home agent has for a home address, with what it answered.
function Get-Registered([string] $HomeAddress) { (Get-DsmipBinding -Agent ha1 -HomeAddress $HomeAddress).Prefixes | ForEach-Object { "$_" } }

Step 'a home agent with one range of prefixes' {
    $key = ConvertTo-SecureString '1234567812345678' -AsPlainText -Force
    foreach ($number in $careOf.Keys | Sort-Object) { $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress "10.1.1.$number" -Key $key }
    $null = New-DsmipHomeAgent -Name ha1 -Address $HomeAgent -Port $Port -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::/48 -Start
}

Step 'register two prefixes, to be tunneled to the care-of address' {
    $first = Send-DsmipRegistration @seven -Lifetime 00:05:00 -TunnelingMode CareOfAddress -IPv6Prefix 2001:db8:7:1::/64, 2001:db8:ffff::/64
    "$($first.Code) in $($first.RoundTripTime.TotalMilliseconds) ms"
}
Expect 'the registration is accepted' 'Accepted' { $first.Code }
Expect 'the lifetime asked for is granted' ([timespan] '00:05:00') { $first.LifetimeGranted }
Expect 'the prefix outside of the range is rejected by itself' '2001:db8:7:1::/64 AcceptedCareOfAddress', '2001:db8:ffff::/64 RejectedProhibited' {
    $first.Prefixes | ForEach-Object { "$_" }
}
Expect 'the home agent has the binding' ([ordered] @{ CareOfAddress = $careOf[7]; State = 'Active'; Flags = 'D' }) { Get-DsmipBinding -Agent ha1 -HomeAddress 10.1.1.7 }
Expect 'and the one prefix' '2001:db8:7:1::/64' { Get-Registered 10.1.1.7 }

Step 'another node asks for two more, and for one that is taken' {
    $second = Send-DsmipRegistration @eight -IPv6Prefix 2001:db8:7:2::/64, 2001:db8:7:3::/64, 2001:db8:7:1::/64
    $second.Prefixes | ForEach-Object { "$_" }
}
Expect 'without the tunneling mode extension the home address is used' '2001:db8:7:2::/64 AcceptedHomeAddress', '2001:db8:7:3::/64 AcceptedHomeAddress' {
    $second.Prefixes | Select-Object -First 2 | ForEach-Object { "$_" }
}
Expect 'the prefix of the first node is rejected' { "$_" -like 'Rejected*' } { $second.Prefixes[2].State }

Step 'it registers again without one of them' { "$((Send-DsmipRegistration @eight -IPv6Prefix 2001:db8:7:3::/64).Code)" }
Expect 'which drops that one' '2001:db8:7:3::/64' { Get-Registered 10.1.1.8 }
Expect 'and touches no other node' '2001:db8:7:1::/64' { Get-Registered 10.1.1.7 }

Step 'a node that renews by itself' {
    $node = Add-MobileNode 9
    $registration = $node.RegisterAsync()
}
Expect 'registers' 'Accepted' { $registration.IsCompleted ? $registration.Result.Code : 'nothing yet' } -Within 30s
Step 'note its Identification' { $identification = (Get-DsmipBinding -Agent ha1 -HomeAddress 10.1.1.9).Identification }
Expect 'and registers again before its lifetime ends' { $_ -gt $identification } { (Get-DsmipBinding -Agent ha1 -HomeAddress 10.1.1.9).Identification } -Within ($lifetime + [timespan] '00:00:30')
Expect 'so that the binding never lapses' 'Active' { (Get-DsmipBinding -Agent ha1 -HomeAddress 10.1.1.9).State }

Step 'a node whose clock is an hour slow' -World Simulated {
    $Lab.Host.Simulation.SetClockOffset('mn10', [timespan]::FromHours(-1))
    $slow = Add-MobileNode 10
    $resynchronised = $slow.RegisterAsync().GetAwaiter().GetResult()
    "$($resynchronised.Code) after $($resynchronised.Attempts) requests"
}
Expect 'learns the time from the refusal, and is accepted' 'Accepted' -World Simulated { $resynchronised.Code }
Expect 'at its second attempt' 2 -World Simulated { $resynchronised.Attempts }

Step 'de-register all' {
    $seven, $eight | ForEach-Object { $node = $_; "$($node.HomeAddress): $((Send-DsmipRegistration @node -Deregister).Code)" }
    $leaving = @($Lab.Host.Agents | Where-Object Kind -EQ 'MobileNode' | ForEach-Object { $_.DeregisterAsync() })
}
Expect 'no binding is left' 0 { @(Get-DsmipBinding).Count } -Within 30s

# For those who compare the capture with what the agents counted; no packet is lost here, so that what arrived is what was sent.
Step 'messages of the home agent' {
    $counted = [ordered] @{}
    Get-DsmipStatistics ha1 -Counter | Where-Object { $_.Message -in 'RegistrationRequest', 'RegistrationReply' } | Sort-Object { "$($_.Message)" } |
        ForEach-Object { $counted["$($_.Message)"] += $_.Count }
    $counted
}
