BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key (New-TestKey)
    $null = New-DsmipHomeAgent ha1 127.31.40.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::/48 -Start
    $null = Send-DsmipRegistration -HomeAgent 127.31.40.2 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.40.7 -IPv6Prefix 2001:db8:7:1::/64 -TunnelingMode CareOfAddress -Nai roamer@example.net
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.40.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.40.11 -LocalMobilityAnchor 127.31.40.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.31.40.12 -LocalMobilityAnchor 127.31.40.10 -Start
    $null = 'mn1@example.com', 'mn2@example.com', 'mn1@sub.example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
    $null = 'mn3@example.com', 'mn1@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag2
}

AfterAll { Remove-Module DsmipTools }

Describe 'Get-DsmipBinding' {
    It 'gets the bindings of all agents, agent by agent' {
        (Get-DsmipBinding).Agent | Should -BeExactly (@('ha1') + @('lma1') * 5 + @('mag1') * 3 + @('mag2') * 2)
    }

    It 'chooses by <Name>' -ForEach @(
        @{ Name = 'identifier'; With = @{ Identifier = 'mn1@example.com' }; Found = 'mn1@example.com' }
        @{ Name = 'wildcard'; With = @{ Identifier = 'mn1@*' }; Found = 'mn1@example.com', 'mn1@sub.example.com', 'mn1@example.org' }
        @{ Name = 'realm, not its sub-realm'; With = @{ Realm = 'EXAMPLE.com' }; Found = 'mn1@example.com', 'mn2@example.com', 'mn3@example.com' }
        @{ Name = 'realm with its sign'; With = @{ Realm = '@example.org' }; Found = 'mn1@example.org' }
        @{ Name = 'peer'; With = @{ Peer = '127.31.40.12' }; Found = 'mn3@example.com', 'mn1@example.org' }
        @{ Name = 'care-of address'; With = @{ CareOfAddress = '127.31.40.12' }; Found = 'mn3@example.com', 'mn1@example.org' }
        @{ Name = 'realm and peer'; With = @{ Realm = 'example.com'; Peer = '127.31.40.12' }; Found = 'mn3@example.com' }
        @{ Name = 'state'; With = @{ State = 'RevocationInProgress' }; Found = @() }
    ) {
        (Get-DsmipBinding -Agent lma1 @With | ForEach-Object Identifier) -join ' ' | Should -BeExactly ($Found -join ' ')
    }

    It 'chooses by the prefix itself, by what lies in it, and by what it lies in' {
        $prefix = (Get-DsmipBinding mn2@example.com -Agent lma1).Prefixes[0]
        (Get-DsmipBinding -Agent lma1 -Prefix $prefix).Identifier | Should -BeExactly mn2@example.com
        (Get-DsmipBinding -Agent lma1 -Prefix "$prefix").Identifier | Should -BeExactly mn2@example.com
        Get-DsmipBinding -Prefix 2001:db8:100::/40, "$($prefix.Address)5" | Should -BeNullOrEmpty
        (Get-DsmipBinding -Agent lma1 -Contains "$($prefix.Address)5").Identifier | Should -BeExactly mn2@example.com
        (Get-DsmipBinding -Contains $prefix).Agent | Should -BeExactly lma1, mag1
        Get-DsmipBinding -Contains 2001:db8:9999::1, 2001:db8:100::/40 | Should -BeNullOrEmpty
        (Get-DsmipBinding -Agent lma1 -Within 2001:db8:100::/40).Count | Should -Be 5
        (Get-DsmipBinding -Within $prefix).Identifier | Should -BeExactly mn2@example.com, mn2@example.com
        Get-DsmipBinding -Within "$($prefix.Address)5" | Should -BeNullOrEmpty
    }

    It 'chooses by the home agent''s prefixes and the role of the agent' {
        (Get-DsmipBinding -Contains 2001:db8:7:1::5).Agent | Should -BeExactly ha1
        (Get-DsmipBinding -Within 2001:db8:7::/48 -Identifier roamer@*).HomeAddress | Should -Be 10.1.1.7
        (Get-DsmipBinding -AgentKind HomeAgent).Agent | Should -BeExactly ha1
        (Get-DsmipBinding -AgentKind LocalMobilityAnchor, MobileAccessGateway -Realm example.org).Agent | Should -BeExactly lma1, mag2
    }

    It 'chooses by the user part as it is written, and by a pattern without regard to case' {
        Get-DsmipBinding MN1@example.com | Should -BeNullOrEmpty
        (Get-DsmipBinding mn1@EXAMPLE.com -Agent lma1).Identifier | Should -BeExactly mn1@example.com
        (Get-DsmipBinding MN?@example.com -Agent lma1).Identifier | Should -BeExactly mn1@example.com, mn2@example.com, mn3@example.com
        (Get-DsmipBinding MN?@* -Realm example.org -Agent lma1).Identifier | Should -BeExactly mn1@example.org
    }

    It 'gives the first ones without reading the others' {
        $read = 0
        Get-DsmipBinding -Agent lma1 | ForEach-Object { $read++; $_ } | Select-Object -First 2 | Should -HaveCount 2
        $read | Should -Be 2
    }

    It 'goes on when an agent stops under it' {
        $null = New-DsmipMobileAccessGateway mag7 127.31.40.17 -LocalMobilityAnchor 127.31.40.10 -Start
        $null = 1..1200 | ForEach-Object { "far$_@example.net" } | Connect-DsmipSubscriber -MobileAccessGateway mag7
        $seen = Get-DsmipBinding -Agent mag7 | ForEach-Object { $_; Stop-DsmipAgent mag7 }
        $seen.Count | Should -Be 1000
        Get-DsmipBinding -Agent mag7 | Should -BeNullOrEmpty
        @(Get-DsmipBinding *@example.net -Agent lma1).Count | Should -Be 1200
        Start-DsmipAgent mag7
        $null = Invoke-BindingRevocation -Realm example.net -Agent lma1
        Remove-DsmipAgent mag7
    }

    It 'chooses by home address, and takes one from the pipeline' {
        (Get-DsmipBinding -HomeAddress 10.1.1.7).Agent | Should -BeExactly ha1
        ([pscustomobject]@{ HomeAddress = [ipaddress]'10.1.1.7' } | Get-DsmipBinding).Identifier | Should -BeExactly roamer@example.net
        ('mn1@example.com', 'mn3@example.com' | Get-DsmipBinding -Agent lma1).Identifier | Should -BeExactly mn1@example.com, mn3@example.com
        (Get-DsmipAgent mag2 | Get-DsmipBinding).Count | Should -Be 2
    }

    It 'finds an identifier that looks like a pattern' {
        $null = Connect-DsmipSubscriber 'mn[9]@example.com' mag1
        ('mn[9]@example.com' | Get-DsmipBinding -Agent lma1).Identifier | Should -BeExactly 'mn[9]@example.com'
        $null = Invoke-BindingRevocation 'mn[9]@example.com'
    }

    It 'does not take an agent for an identifier' {
        (Get-Outcome { 7 | Get-DsmipBinding }).Ids | Should -BeExactly InputObjectNotBound
        (Get-Outcome { Get-DsmipAgent lma1 | Invoke-BindingRevocation -WhatIf }).Ids | Should -BeExactly InputObjectNotBound
    }

    It 'has what is granted and what remains' {
        $binding = Get-DsmipBinding mn1@example.com -Agent lma1
        $binding.LifetimeGranted | Should -Be '01:00:00'
        $binding.LifetimeRemaining | Should -BeLessThan ([timespan]'01:00:00')
        $binding.CareOfAddress | Should -Be 127.31.40.11
        "$($binding.Envelope)" | Should -BeLike 'ProxyMobileIPv6Udp 127.31.40.11:5436 > 127.31.40.10:5436'
    }

    It 'is wrong about an agent or a prefix with an id' {
        (Get-Outcome { Get-DsmipBinding -Agent nobody }).Ids | Should -BeExactly AgentNotFound
        (Get-Outcome { Get-DsmipBinding -Prefix nonsense }).Ids | Should -BeExactly ParameterArgumentTransformationError
    }
}

Describe 'The views' {
    BeforeAll {
        function Show([object[]] $Objects) { ($Objects | Out-String -Width 120).TrimEnd() -split '\r?\n' }
        # The names of the columns, without regard to their widths.
        function Get-Header([object[]] $Objects) { ((Show $Objects) -match '^\S' | Select-Object -First 1) -split ' +' }
    }

    It 'show both kinds of bindings in one table' {
        $lines = Show (Get-DsmipBinding)
        ($lines -match '^Identity ')[0] -split ' +' | Should -BeExactly Identity, Peer, Remaining, State, Prefixes
        $lines -match 'Agent: ' | ForEach-Object Trim | Should -BeExactly 'Agent: ha1 (HomeAgent)', 'Agent: lma1 (LocalMobilityAnchor)', 'Agent: mag1 (MobileAccessGateway)', 'Agent: mag2 (MobileAccessGateway)'
        $lines -match '^10\.1\.1\.7 ' | Should -Match '127\.31\.40\.7 +00:29:\d\d Active +2001:db8:7:1::/64 CoA$'
        $lines -match '^mn1@example\.com ' | Select-Object -First 1 | Should -Match '127\.31\.40\.11 +00:59:\d\d Active +2001:db8:10\S+::/64$'
    }

    It 'show bindings in 80 columns, whole' {
        $lines = (Get-DsmipBinding | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $lines | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        $lines -match '^mn2@example\.com ' | Should -HaveCount 2
        $lines -match '^mn2@example\.com +127\.31\.40\.1[01] +00:59:\d\d Active +2001:db8:10\S+::/64$' | Should -HaveCount 2
    }

    It 'show an IPv4 home address, and the rest in a wide table and a list' {
        $null = New-DsmipLocalMobilityAnchor lma4 127.31.40.30 -PrefixPool 2001:db8:400::/40 -IPv4HomeNetwork 192.0.2.0/24 -Start
        $null = New-DsmipMobileAccessGateway mag4 127.31.40.31 -LocalMobilityAnchor 127.31.40.30 -GreEncapsulation WithKeys -Start
        $null = Connect-DsmipSubscriber both@example.com mag4 -IPv4HomeAddress 0.0.0.0
        (Get-DsmipBinding -HomeAddress 192.0.2.2).Agent | Should -BeExactly lma4, mag4
        $binding = Get-DsmipBinding -Agent lma4
        (($binding | Out-String -Width 80).TrimEnd() -split '\r?\n')[-1].Trim() | Should -BeExactly 192.0.2.2
        $wide = ($binding | Format-Table -View Wide | Out-String -Width 260).TrimEnd() -split '\r?\n'
        ($wide -match '^Identity')[0] -split ' +' | Should -BeExactly Identity, LinkLayerId, Access, CareOfAddress, Peer, Prefixes, IPv4Address, Granted, Remaining, State, Tunnel, GreKeys, Flags, Envelope
        $wide[-1] | Should -Match '^both@example\.com +WirelessLan .* 192\.0\.2\.2 +01:00:00 +00:59:\d\d Active +Gre +1/1 +ProxyMobileIPv6Udp'
        $list = ($binding | Format-List | Out-String -Width 120) -split '\r?\n'
        $list -match '^IPv4HomeAddress +: 192\.0\.2\.2$' | Should -HaveCount 1
        $list -match '^HandoffIndicator +: NewInterface$' | Should -HaveCount 1
        $list -match '^Tunnel +: Gre 127\.31\.40\.30 > 127\.31\.40\.31$' | Should -HaveCount 1
        $list -match '^(Up|Down)linkKey +: 1$' | Should -HaveCount 2
        $list -match '^(HomeAgent|Spi|LinkLayerIdentifier) ' | Should -BeNullOrEmpty
        $null = Connect-DsmipSubscriber interface@example.com mag4 -LinkLayerIdentifier 02:00:5e:10:00:01
        $interface = Get-DsmipBinding interface@example.com -Agent lma4
        ($interface | Format-Table -View Wide | Out-String -Width 260) -split '\r?\n' -match '^interface@example\.com +02005e100001 +WirelessLan ' | Should -HaveCount 1
        ($interface | Format-List | Out-String -Width 120) -split '\r?\n' -match '^LinkLayerIdentifier +: 02005e100001$' | Should -HaveCount 1
        'mag4', 'lma4' | Remove-DsmipAgent
    }

    It 'show all of a binding as a list, readable' {
        $lines = Show (Get-DsmipBinding -HomeAddress 10.1.1.7 | Format-List *)
        $lines -match '^RegisteredPrefixes' | Should -Match '\{2001:db8:7:1::/64 CareOfAddress\}'
        $lines -join "`n" | Should -Not -Match 'DsmipTools\.|System\.'
    }

    It 'show agents, counters, events and security associations in tables' {
        Get-Header (Get-DsmipAgent) | Should -BeExactly Name, Kind, Address, Port, State, Bindings, Protection
        Get-Header (Get-DsmipStatistics lma1 -Counter) | Should -BeExactly Agent, Message, Direction, Count, Code, Drop
        Get-Header (Get-DsmipEvent) | Should -BeExactly Time, Agent, Kind, Peer, Subject, Detail
        (Show (Get-DsmipSecurityAssociation)) -match 'SPI' | ForEach-Object Trim | Should -Match '^SPI +With +Algorithm +TimestampTolerance +Kind$'
    }

    It 'show outcomes' {
        $lines = Show (Send-DsmipRegistration -HomeAgent 127.31.40.2 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.40.7 -IPv6Prefix 2001:db8:7:1::/64, 2001:db8:ffff::/64)
        $lines -match '^Code' | Should -Match 'Accepted$'
        $lines -match 'Prefixes' | Should -Match '2001:db8:7:1::/64 AcceptedHomeAddress$'
        $lines -match '^ +2001:db8:ffff::/64 RejectedProhibited$' | Should -HaveCount 1
        Get-Header (Connect-DsmipSubscriber viewed@example.com mag1) | Should -BeExactly Agent, Identifier, Result, Status, Granted, Attempts, RoundTripTime, Prefixes
        Get-Header (Invoke-BindingRevocation viewed@example.com) | Should -BeExactly Peer, Trigger, Status, BindingsRevoked, Attempts, RoundTripTime
        Get-Header ((Get-DsmipAgent lma1).Preview([DsmipTools.Revocation]::Realm('example.com'))) | Should -BeExactly Agent, Peer, Bindings
    }

    It 'hold 120 columns' {
        Show (Get-DsmipBinding), (Get-DsmipAgent) | Where-Object Length -GT 120 | Should -BeNullOrEmpty
    }

    It 'show how many of what a counter has in 80 columns' {
        $lines = (Get-DsmipStatistics lma1 -Counter | Where-Object Message -EQ ProxyBindingUpdate | Out-String -Width 80).TrimEnd() -split '\r?\n'
        $lines[-1] | Should -Match '^lma1 +ProxyBindingUpdate +Received +\d+'
    }

    It 'show nothing of other kinds of objects but their default properties' {
        # In one pipeline PowerShell shows a second kind of object as a list.
        $lines = ($(Get-DsmipAgent lma1; Connect-DsmipSubscriber second@example.com mag1) | Out-String -Width 120) -split '\r?\n'
        $lines -match '^Identifier +: second@example.com$' | Should -HaveCount 1
        ($lines -match '^\w+ +: ').Count | Should -Be 9
    }
}
