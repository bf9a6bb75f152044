BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.30.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.30.11 -LocalMobilityAnchor 127.31.30.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.31.30.12 -LocalMobilityAnchor 127.31.30.10 -Start
}

AfterAll { Remove-Module DsmipTools }

Describe 'Connect- and Disconnect-DsmipSubscriber' {
    AfterEach { Get-DsmipAgent mag1, mag2 | ForEach-Object { Disconnect-DsmipSubscriber * -MobileAccessGateway $_.Name } | Out-Null }

    It 'attach a hundred mobile nodes of a pipeline, in its order and each with a prefix of the pool' {
        $outcomes = 1..100 | ForEach-Object { "mn$_@example.com" } | Connect-DsmipSubscriber -MobileAccessGateway mag1
        $outcomes.Identifier | Should -BeExactly (1..100 | ForEach-Object { "mn$_@example.com" })
        $outcomes.Result | Select-Object -Unique | Should -Be Accepted
        $outcomes.Prefixes | ForEach-Object { "$_" } | Should -BeLike '2001:db8:1*::/64'
        (Get-DsmipBinding -Agent lma1 -Realm example.com -State Active).Count | Should -Be 100
    }

    It 'take pairs of columns' {
        $outcomes = "Identifier,MobileAccessGateway`na@example.com,mag1`nb@example.com,mag2" | ConvertFrom-Csv | Connect-DsmipSubscriber
        $outcomes.Agent | Should -BeExactly mag1, mag2
    }

    It 'ask for a prefix' {
        (Connect-DsmipSubscriber a@example.com mag1 -Prefix 2001:db8:155:7::/64).Prefixes | ForEach-Object { "$_" } | Should -BeExactly '2001:db8:155:7::/64'
    }

    It 'detach an identifier that looks like a wildcard, and no other' {
        $null = '*@example.com', 'b@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
        (Disconnect-DsmipSubscriber '*@example.com').Identifier | Should -BeExactly '*@example.com'
        (Get-DsmipBinding -Agent mag1).Identifier | Should -BeExactly b@example.com
    }

    It 'detach wherever, by wildcard, and by what was attached' {
        $attached = 'a@example.com', 'b@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
        $null = 'c@example.com', 'd@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag2
        (Disconnect-DsmipSubscriber D@EXAMPLE.ORG -ErrorAction Ignore) | Should -BeNullOrEmpty -Because 'the user part has its case'
        (Disconnect-DsmipSubscriber d@EXAMPLE.ORG).Agent | Should -BeExactly mag2
        ($attached[0] | Disconnect-DsmipSubscriber).LifetimeGranted | Should -Be '00:00:00'
        (Disconnect-DsmipSubscriber *@example.com).Identifier | Should -BeExactly b@example.com, c@example.com
        Get-DsmipBinding -Agent mag* | Should -BeNullOrEmpty
        Get-DsmipBinding -Agent lma1 -State Active | Should -BeNullOrEmpty
    }

    It 'change nothing with -WhatIf' {
        $null = Connect-DsmipSubscriber a@example.com mag1
        Connect-DsmipSubscriber b@example.com mag1 -WhatIf | Should -BeNullOrEmpty
        Disconnect-DsmipSubscriber * -WhatIf | Should -BeNullOrEmpty
        (Get-DsmipBinding -Agent mag1).Identifier | Should -BeExactly a@example.com
    }

    It 'write errors with ids, and go on with the others' {
        $null = Connect-DsmipSubscriber a@example.com mag1
        $outcome = Get-Outcome { 'a@example.com', 'b@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1 }
        $outcome.Ids | Should -BeExactly SubscriberAttached
        $outcome.Objects.Identifier | Should -BeExactly b@example.com
        (Get-Outcome { Connect-DsmipSubscriber c@example.com nobody }).Ids | Should -BeExactly AgentNotFound
        (Get-Outcome { Connect-DsmipSubscriber c@example.com lma1 }).Ids | Should -BeExactly WrongAgentKind
        (Get-Outcome { Connect-DsmipSubscriber c@example.com mag1 -Prefix 2001:db8:155:7::1/64 }).Ids | Should -BeExactly PrefixHasHostBits
        (Get-Outcome { Connect-DsmipSubscriber '@example.com' mag1 }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { Connect-DsmipSubscriber "$('x' * 300)@example.com" mag1 }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { Disconnect-DsmipSubscriber nobody@example.com }).Ids | Should -BeExactly SubscriberNotAttached
        (Get-Outcome { Disconnect-DsmipSubscriber a@example.com -MobileAccessGateway mag2 }).Ids | Should -BeExactly SubscriberNotAttached
    }

    It 'are refused by the anchor: the object comes first, then the error' {
        $outcome = Get-Outcome { Connect-DsmipSubscriber a@example.com mag1 -Prefix 2001:db8:999:7::/64 }
        $outcome.Ids | Should -BeExactly BindingRefused
        $outcome.Categories | Should -Be PermissionDenied
        $outcome.Objects.Status | Should -Be NotAuthorizedForHomeNetworkPrefix
        $outcome.Errors[0].TargetObject | Should -Be $outcome.Objects[0]
        Get-DsmipBinding -Agent mag1 | Should -BeNullOrEmpty
    }

    It 'get an answer that does not echo the update, which is said' {
        $null = New-DsmipMobileAccessGateway mag8 127.31.30.18 -LocalMobilityAnchor 127.31.30.98 -Start
        $anchor = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress]'127.31.30.98', 5436))
        $anchor.Client.ReceiveTimeout = 60000
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/DsmipTools.psd1'; Connect-DsmipSubscriber a@example.com mag8")
        try {
            $running = $shell.BeginInvoke()
            $source = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
            $update = $anchor.Receive([ref] $source)
            # The update's options after an acknowledgement's header (RFC 5213, 8.2), with another handoff indicator.
            $indicator = 12
            while ($update[$indicator] -ne 23) { $indicator += $update[$indicator] -eq 0 ? 1 : 2 + $update[$indicator + 1] }
            $update[$indicator + 3] = 4
            $answer = [byte[]]($update[0..1] + 6, 0, 0, 0, 0, 0x20 + $update[6..7] + 0, 100 + $update[12..($update.Length - 1)])
            $null = $anchor.Send($answer, $answer.Length, $source)
            $shell.EndInvoke($running).Result | Should -Be NotEchoed
            $shell.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'AnswerNotEchoed,*'
            $shell.Streams.Error[0].CategoryInfo.Category | Should -Be ProtocolError
        }
        finally {
            $shell.Dispose()
            $anchor.Dispose()
            Remove-DsmipAgent mag8
        }
    }

    It 'say that a gateway does not run' {
        Stop-DsmipAgent mag2
        try {
            (Get-Outcome { Connect-DsmipSubscriber a@example.com mag2 }).Ids | Should -BeExactly InvalidAgentState
        }
        finally {
            Start-DsmipAgent mag2
        }
    }

    It 'wait once for an anchor that does not answer, and not once for each mobile node' {
        $null = New-DsmipMobileAccessGateway mag9 127.31.30.19 -LocalMobilityAnchor 127.31.30.99 -MaximumRetries 0 -Start
        $started = [Diagnostics.Stopwatch]::StartNew()
        $outcome = Get-Outcome { 1..20 | ForEach-Object { "mn$_@example.com" } | Connect-DsmipSubscriber -MobileAccessGateway mag9 }
        Remove-DsmipAgent mag9
        $outcome.Ids.Count | Should -Be 20
        $outcome.Ids | Select-Object -Unique | Should -BeExactly Timeout
        $outcome.Objects.Result | Select-Object -Unique | Should -Be TimedOut
        $started.Elapsed.TotalSeconds | Should -BeLessThan 19
    }

    It 'attach and detach the interfaces of a mobile node one by one' {
        $first = Connect-DsmipSubscriber a@example.com mag1 -LinkLayerIdentifier 02:00:5e:10:00:01 -Prefix 2001:db8:155:1::/64
        $second = Connect-DsmipSubscriber a@example.com mag1 -LinkLayerIdentifier 0200.5e10.0002 -AccessTechnologyType EUtran
        $third = Connect-DsmipSubscriber a@example.com mag1 -LinkLayerIdentifier ([byte[]](2, 0, 0x5e, 0x10, 0, 2))
        "$($first.Prefixes)" | Should -Not -Be "$($second.Prefixes)"
        "$($second.Prefixes)" | Should -Not -Be "$($third.Prefixes)" -Because 'another access technology is another interface'
        $bindings = Get-DsmipBinding a@example.com -Agent mag1
        $bindings | ForEach-Object { "$($_.LinkLayerIdentifier.ToString())" } | Should -BeExactly '02005e100001', '02005e100002', '02005e100002'
        $bindings.AccessTechnologyType | Should -Be WirelessLan, EUtran, WirelessLan
        (Get-Outcome { Connect-DsmipSubscriber a@example.com mag1 -LinkLayerIdentifier 02:00:5e:10:00:01 }).Ids | Should -BeExactly SubscriberAttached
        (TabExpansion2 'Disconnect-DsmipSubscriber a@example.com -LinkLayerIdentifier 02005e100001').CompletionMatches.CompletionText | Should -BeExactly '02005e100001'

        "$((Disconnect-DsmipSubscriber a@example.com -LinkLayerIdentifier 02005e100002 -AccessTechnologyType WirelessLan).Result)" | Should -BeExactly Accepted
        (Get-DsmipBinding a@example.com -Agent mag1).AccessTechnologyType | Should -Be WirelessLan, EUtran
        # A binding that is piped is one interface.
        ($bindings[1] | Disconnect-DsmipSubscriber).Result | Should -Be Accepted
        (Get-DsmipBinding a@example.com -Agent mag1).AccessTechnologyType | Should -Be WirelessLan
        $outcome = Get-Outcome { Disconnect-DsmipSubscriber a@example.com -LinkLayerIdentifier 02:00:5e:10:00:07 }
        $outcome.Ids | Should -BeExactly SubscriberNotAttached
        $outcome.Message | Should -BeExactly 'a@example.com with the link-layer identifier 02005e100007 is not attached to any mobile access gateway of this session.'
        { Connect-DsmipSubscriber b@example.com mag1 -LinkLayerIdentifier zz } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        (Get-Outcome { Connect-DsmipSubscriber b@example.com mag1 -LinkLayerIdentifier ('ab' * 252) }).Ids | Should -BeExactly InvalidArgument
    }

    It 'detach a mobile node with all of its interfaces' {
        $null = '01', '02' | ForEach-Object { Connect-DsmipSubscriber a@example.com mag1 -LinkLayerIdentifier $_ }
        (Disconnect-DsmipSubscriber a@example.com).Result | Should -Be Accepted, Accepted
        Get-DsmipBinding -Agent mag1 | Should -BeNullOrEmpty
    }

    It 'attach for IPv4 alone, with what the anchor says about IPv4' {
        $null = New-DsmipLocalMobilityAnchor lma4 127.31.30.40 -PrefixPool 2001:db8:400::/40 -PrefixesPerSession 2 -Start `
            -IPv4HomeNetwork 192.0.2.0/24 -IPv4DefaultRouter 192.0.2.254 -DhcpSupportMode Server -FixedIPv4HomeAddress @{ 'fixed@example.com' = '192.0.2.7' }
        $null = New-DsmipMobileAccessGateway mag4 127.31.30.41 -LocalMobilityAnchor 127.31.30.40 -Start
        try {
            $alone = Connect-DsmipSubscriber fixed@example.com mag4 -IPv4Only
            "$($alone.IPv4HomeAddress) $($alone.IPv4PrefixLength) $($alone.IPv4DefaultRouter) $($alone.IsDhcpServer) $($alone.Prefixes.Count)" |
                Should -BeExactly '192.0.2.7 24 192.0.2.254 True 0'
            $both = Connect-DsmipSubscriber b@example.com mag4 -Prefix 2001:db8:455:1::/64, 2001:db8:455:2::/64 -IPv4HomeAddress 192.0.2.77 -IPv4PrefixLength 24
            "$($both.IPv4HomeAddress) $($both.Prefixes)" | Should -BeExactly '192.0.2.77 2001:db8:455:1::/64 2001:db8:455:2::/64'
            (Get-Outcome { Connect-DsmipSubscriber c@example.com mag4 -IPv4Only -Prefix 2001:db8:455:3::/64 }).Ids | Should -BeExactly InvalidArgument
            (Get-Outcome { Connect-DsmipSubscriber c@example.com mag4 -IPv4HomeAddress 192.0.2.254 }).Objects.IPv4HomeAddress | Should -BeNullOrEmpty
        }
        finally {
            Remove-DsmipAgent lma4, mag4
        }
    }

    It 'let a command further down have enough' {
        (1..10 | ForEach-Object { "mn$_@example.com" } | Connect-DsmipSubscriber -MobileAccessGateway mag1 | Select-Object -First 1).Identifier | Should -BeExactly mn1@example.com
    }
}

Describe 'Mobile nodes on access links' {
    BeforeAll {
        # Runs steps between an anchor and two gateways of the simulated world.
        function Invoke-OnLinks([string] $Text) {
            Set-Content $TestDrive/links.ps1 "
                `$null = New-DsmipLocalMobilityAnchor lma1 127.31.31.10 -PrefixPool 2001:db8:100::/40 -Start
                `$null = New-DsmipMobileAccessGateway mag1 127.31.31.11 -LocalMobilityAnchor 127.31.31.10 -ReachabilityInterval 10s -Mtu 1400 -Start
                `$null = New-DsmipMobileAccessGateway mag2 127.31.31.12 -LocalMobilityAnchor 127.31.31.10 -ReachabilityInterval 10s -Mtu 1400 -Start
                $Text"
            $result = Invoke-DsmipProcedure $TestDrive/links.ps1
            $result.Steps | Where-Object Outcome -NE Passed | Out-String | Should -BeNullOrEmpty
            $result.Outcome | Should -Be Passed
        }
    }

    It 'form an address, and lose it and their router when the binding is revoked' -Tag 'Rfc:5213-6.7-01', 'Rfc:5213-6.9.3-01' {
        Invoke-OnLinks @'
Step 'attach' { Connect-DsmipSubscriber mn1@example.com mag1 -OnLink }
Expect 'address, router and MTU' @{ Gateway = 'mag1'; DefaultRouter = 'fe80::1'; Mtu = 1400; IsOnLink = $true } -After 100ms { Get-DsmipSubscriber mn1@example.com }
Expect 'an address of its prefix' $true { (Get-DsmipBinding -Agent lma1).Prefixes[0].Contains((Get-DsmipSubscriber).Addresses[0]) }
Expect 'a table' 1 { @(Get-DsmipSubscriber | Out-String -Width 80 | Select-String '(?m)^mn1@example\.com +mag1 +fe80::1 +1400 2001:db8:10\S+').Count }
Step 'revoke' { Invoke-BindingRevocation mn1@example.com }
Expect 'nothing is left but the link' @{ IsOnLink = $true; DefaultRouter = $null } -After 100ms { Get-DsmipSubscriber }
Expect 'no address' 0 { (Get-DsmipSubscriber).Addresses.Count }
Step 'leave' { Disconnect-DsmipSubscriber mn1@example.com }
Expect 'on no link' $false { (Get-DsmipSubscriber).IsOnLink }
'@
    }

    It 'move, and keep address and router' {
        Invoke-OnLinks @'
Step 'attach' { Connect-DsmipSubscriber mn1@example.com mag1 -OnLink }
Step 'and again' { try { Connect-DsmipSubscriber mn1@example.com mag1 -OnLink -ErrorAction Stop } catch { $script:id = $_.FullyQualifiedErrorId } }
Expect 'it is there already' 'SubscriberAttached' { ($id -split ',')[0] }
Expect 'an address' 1 -After 100ms { ($script:before = (Get-DsmipSubscriber).Addresses).Count }
Step 'leave' { Disconnect-DsmipSubscriber mn1@example.com }
Step 'come to the other gateway' { Connect-DsmipSubscriber mn1@example.com mag2 -OnLink -HandoffIndicator BetweenGateways }
Expect 'the same host with the same address' "$($before)" -After 100ms { "$((Get-DsmipSubscriber mn1* -MobileAccessGateway mag2).Addresses)" }
Expect 'and nobody at the first gateway' 0 { @(Get-DsmipSubscriber -MobileAccessGateway mag1).Count }
Step 'leave without waiting' { Disconnect-DsmipSubscriber mn1@example.com -NoWait }
Expect 'the anchor hears of it' 'Deregistered' -Within 1s { (Get-DsmipBinding -Agent lma1).State }
'@
    }

    It 'vanish without a word, and only probes find out' -Tag 'Rfc:5213-6.13-02' {
        Invoke-OnLinks @'
Step 'attach two' { 'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1 -OnLink }
Step 'one vanishes' { Disconnect-DsmipSubscriber mn1@example.com -Silent }
Expect 'nobody knows' 'Active', 'Active' -After 5s { (Get-DsmipBinding -Agent lma1).State }
Expect 'the probes find out' 'Deregistered' -Within 20s { (Get-DsmipBinding mn1@example.com -Agent lma1).State }
Expect 'who stays is left alone' 'Active' -After 1m { (Get-DsmipBinding mn2@example.com -Agent lma1).State }
Step 'vanish again' { try { Disconnect-DsmipSubscriber mn1@example.com -Silent -ErrorAction Stop } catch { $script:id = $_.FullyQualifiedErrorId } }
Expect 'it is on no link' 'SubscriberNotAttached' { ($id -split ',')[0] }
'@
    }

    It 'are not there in a world of real sockets: <Attempt>' -ForEach @(
        @{ Attempt = { Connect-DsmipSubscriber nobody@example.com mag1 -OnLink } }
        @{ Attempt = { Disconnect-DsmipSubscriber nobody@example.com -Silent } }
        @{ Attempt = { Get-DsmipSubscriber } }
    ) {
        $outcome = Get-Outcome $Attempt
        $outcome.Ids | Should -BeExactly NotSupported
        $outcome.Message | Should -Match 'simulated'
        Get-DsmipBinding nobody@example.com | Should -BeNullOrEmpty
    }
}
