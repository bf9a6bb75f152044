BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.70.10 -PrefixPool 2001:db8:100::/40 -MinDelayBeforeBCEDelete 0 -TimestampValidityWindow 60 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.70.11 -LocalMobilityAnchor 127.31.70.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.31.70.12 -LocalMobilityAnchor 127.31.70.10

    function Get-Change([string] $Agent) { @(Get-DsmipEvent -Agent $Agent -Kind ConfigurationChanged | ForEach-Object Summary) }
}

AfterAll { Remove-Module DsmipTools }

Describe 'Set-DsmipAgent' {
    It 'changes an anchor that runs: what begins afterwards follows, and what stands keeps what it was granted' {
        (Connect-DsmipSubscriber before@example.com mag1).LifetimeGranted | Should -Be '01:00:00'
        (Set-DsmipAgent lma1 -MaximumLifetime 10m -MaxDelayBeforeNewBCEAssign 2s -RevokesOnHandover $true -PassThru).Name | Should -BeExactly lma1
        (Connect-DsmipSubscriber after@example.com mag1).LifetimeGranted | Should -Be '00:10:00'
        (Get-DsmipBinding before@example.com -Agent lma1).LifetimeGranted | Should -Be '01:00:00'
        Get-Change lma1 | Should -BeExactly 'MaximumLifetime: 01:00:00 -> 00:10:00', 'MaxDelayBeforeNewBCEAssign: 00:00:01.5000000 -> 00:00:02', 'RevokesOnHandover: False -> True'
        (Get-DsmipAgent lma1).Options.RevokesOnHandover | Should -BeTrue
    }

    It 'changes agents by pattern and by pipeline, running and stopped, and what they are given stays over a restart' {
        Set-DsmipAgent mag* -Lifetime 5m
        Get-DsmipAgent mag2 | Set-DsmipAgent -MaximumRetries 1 -RevocationInitialDelay 500ms
        Get-Change mag2 | Should -BeExactly 'Lifetime: 01:00:00 -> 00:05:00', 'Retransmission.MaximumRetries: 4 -> 1', 'Revocation.InitialDelay: 00:00:01 -> 00:00:00.5000000'
        Start-DsmipAgent mag2
        (Connect-DsmipSubscriber mn2@example.com mag2).LifetimeGranted | Should -Be '00:05:00'
        Stop-DsmipAgent mag2
        Start-DsmipAgent mag2
        (Connect-DsmipSubscriber mn3@example.com mag2).LifetimeGranted | Should -Be '00:05:00'
    }

    It 'names the schedule of indications, with the limits of RFC 5846' -Tag 'Rfc:5846-11-01' {
        # By the names that Invoke-BindingRevocation has for them, too.
        Set-DsmipAgent lma1 -MaxRetries 2 -MaxTimeout 3s
        "$((Get-DsmipAgent lma1).Options.Revocation.MaximumRetries) $((Get-DsmipAgent lma1).Options.Revocation.MaximumDelay)" | Should -BeExactly '2 00:00:03'
        Set-DsmipAgent lma1 -MaximumRetries 3 -InitialDelay 500ms -MaximumDelay 4s
        $variables = (Get-DsmipAgent lma1).Options.Revocation
        "$($variables.MaximumRetries) $($variables.InitialDelay.TotalSeconds) $($variables.MaximumDelay.TotalSeconds)" | Should -BeExactly '3 0.5 4'
        (Get-Outcome { Set-DsmipAgent lma1 -InitialDelay 499ms }).Message | Should -Match '0\.5 seconds \(RFC 5846, 11\)'
        (Get-Outcome { Set-DsmipAgent mag1 -RevocationMaximumDelay 100ms }).Ids | Should -BeExactly InvalidArgument
        (Get-DsmipAgent lma1).Options.Revocation | Should -Be $variables
    }

    It 'authorises a gateway that was refused, which may then try again' {
        $null = Connect-DsmipSubscriber bulk@example.com mag1
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag1 }).Ids | Should -BeExactly RevocationRejected
        Set-DsmipAgent lma1 -GlobalRevocation @{ mag1 = '127.31.70.11' }
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag1 }).Ids | Should -BeExactly InvalidAgentState
        Set-DsmipAgent mag1 -PermitRevocation
        (Invoke-BindingRevocation -MobileAccessGateway mag1).Status | Should -Be Success
    }

    It 'names the peers, and takes them back' {
        Set-DsmipAgent lma1 -Peer 127.31.70.12
        $before = Get-Count lma1 @{ Drop = 'NotAPeer' }
        Set-DsmipAgent mag1 -MaximumRetries 0 -InitialDelay 500ms -MaximumDelay 500ms
        (Get-Outcome { Connect-DsmipSubscriber stranger@example.com mag1 }).Ids | Should -BeExactly Timeout
        Get-Count lma1 @{ Drop = 'NotAPeer' } | Should -Be ($before + 1)
        Set-DsmipAgent lma1 -Peer $null
        Set-DsmipAgent mag1 -InitialDelay 30s -MaximumDelay 30s
        (Connect-DsmipSubscriber stranger@example.com mag1).Result | Should -Be Accepted
    }

    It 'decides by trigger about updates that cross an indication' -Tag 'Rfc:5846-8.1-12' {
        Set-DsmipAgent lma1 -CrossingUpdate @{ AdministrativeReason = 'AcceptFromElsewhere'; RevokingMobilityNodeLocalPolicy = 'Accept' }
        (Get-DsmipAgent lma1).Options.CrossingUpdates | Format-Table | Out-String | Should -Match 'AdministrativeReason +AcceptFromElsewhere'
        (Get-Outcome { Set-DsmipAgent lma1 -CrossingUpdate @{ AdministrativeReason = 'Perhaps' } }).Message | Should -Match "'Perhaps' is none of Refuse, AcceptFromElsewhere, Accept"
        (Get-Outcome { Set-DsmipAgent lma1 -CrossingUpdate @{ Whim = 'Accept' } }).Ids | Should -BeExactly InvalidArgument
        Set-DsmipAgent lma1 -CrossingUpdate @{}
        (Get-DsmipAgent lma1).Options.CrossingUpdates.Count | Should -Be 0
    }

    It 'changes how peers are watched, and what payload packets travel in' {
        Set-DsmipAgent lma1, mag1 -HeartbeatInterval 10s -MissingHeartbeatsAllowed 1 -ForwardsUntilAcknowledged $true
        Set-DsmipAgent lma1 -SessionsPerNode 2 -CareOfAddress @{ '10.0.0.1' = '*'; '10.0.0.2' = '127.31.70.11', '127.31.70.12' } -AcceptForcedIPv4UDPEncapsulationRequest $true -NatRefreshTime 30s -GrePolicy Required -RemovesUnreachable $true
        Set-DsmipAgent mag1 -DetectNat $true -ForceIPv4UDPEncapsulationSupport $true -GreEncapsulation WithKeys -ReachabilityInterval 30s -Mtu 1400 -ManagedAddressConfiguration $true
        $anchor = (Get-DsmipAgent lma1).Options
        "$($anchor.SessionsPerNode) $($anchor.AcceptsForcedUdpEncapsulation) $($anchor.NatRefreshTime) $($anchor.Gre) $($anchor.StopsForwardingAtOnce)" | Should -BeExactly '2 True 00:00:30 Required False'
        "$($anchor.Heartbeat.Interval) $($anchor.Heartbeat.MissingAllowed) $($anchor.Heartbeat.RemovesUnreachable)" | Should -BeExactly '00:00:10 1 True'
        Get-Change lma1 | Should -Contain 'CareOfAddresses: none -> 10.0.0.1 from any peer, 10.0.0.2 from 127.31.70.11 and 127.31.70.12'
        $gateway = (Get-DsmipAgent mag1).Options
        "$($gateway.DetectsNat) $($gateway.ForcesUdpEncapsulation) $($gateway.Gre) $($gateway.Heartbeat.Interval) $($gateway.StopsForwardingAtOnce)" | Should -BeExactly 'True True WithKeys 00:00:10 False'
        "$($gateway.AccessLink.ReachabilityInterval) $($gateway.AccessLink.Mtu) $($gateway.AccessLink.UsesDhcp)" | Should -BeExactly '00:00:30 1400 True'

        Set-DsmipAgent lma1, mag1 -HeartbeatInterval 0
        Set-DsmipAgent lma1 -CareOfAddress $null
        Set-DsmipAgent mag1 -ReachabilityInterval Infinite
        (Get-DsmipAgent lma1).Options.Heartbeat.Interval | Should -Be ([Threading.Timeout]::InfiniteTimeSpan)
        (Get-DsmipAgent lma1).Options.CareOfAddresses.Count | Should -Be 0
        (Get-DsmipAgent mag1).Options.AccessLink.ReachabilityInterval | Should -BeNullOrEmpty
    }

    It 'settles with its next mobile node what the packets of a gateway travel in' -Tag 'Rfc:5845-5.2-02', 'Rfc:5844-4.1.3.1-05', 'Rfc:5844-4.2.2-05' {
        Set-DsmipAgent lma1 -GrePolicy Allowed -AcceptForcedIPv4UDPEncapsulationRequest $true
        Set-DsmipAgent mag1 -GreEncapsulation WithKeys -ForceIPv4UDPEncapsulationSupport $false -DetectNat $false
        $null = Connect-DsmipSubscriber gre@example.com mag1
        $both = Get-DsmipBinding gre@example.com
        @($both.UplinkKey | Sort-Object -Unique).Count | Should -Be 1
        $both[0].UplinkKey | Should -BeGreaterThan 0
        $both.Tunnel.Encapsulation | Should -Be Gre, Gre
        Set-DsmipAgent mag1 -GreEncapsulation None -ForceIPv4UDPEncapsulationSupport $true
        $null = Connect-DsmipSubscriber udp@example.com mag1
        (Get-DsmipBinding udp@example.com).Tunnel.Encapsulation | Should -Be Udp, Udp
        Set-DsmipAgent mag1 -ForceIPv4UDPEncapsulationSupport $false
        $null = Connect-DsmipSubscriber plain@example.com mag1
        (Get-DsmipBinding plain@example.com).Tunnel.Encapsulation | Should -Be IpInIp, IpInIp
    }

    It 'leaves alone who has no such parameter, and goes on with the others' {
        $null = New-DsmipHomeAgent ha1 127.31.70.1 -HomeNetwork 10.60.0.0/24
        $outcome = Get-Outcome { Set-DsmipAgent lma1, ha1, mag1 -Lifetime 7m -MaximumRetries 2 }
        $outcome.Ids | Should -BeExactly ParameterNotForAgentKind, ParameterNotForAgentKind
        $outcome.Errors[0].Exception.Message | Should -BeExactly 'The LocalMobilityAnchor lma1 has no -Lifetime that could be changed; it was left as it is.'
        (Get-DsmipAgent lma1).Options.Revocation.MaximumRetries | Should -Be 3
        (Get-DsmipAgent mag1).Options.Lifetime | Should -Be '00:07:00'
        (Get-Outcome { Set-DsmipAgent ha1 -MaximumLifetime 60 }).Ids | Should -BeExactly ParameterNotForAgentKind
    }

    It 'refuses <Id>: <Attempt>' -ForEach @(
        @{ Attempt = { Set-DsmipAgent lma1 }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent nobody -MaximumLifetime 60 }; Id = 'AgentNotFound' }
        @{ Attempt = { Set-DsmipAgent lma1 -MaximumLifetime 1 }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent lma1 -MinDelayBeforeBCEDelete Infinite }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent lma1 -GlobalRevocation @{ mag1 = 'nowhere' } }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent lma1 -HeartbeatInterval 500ms }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent lma1 -MissingHeartbeatsAllowed -1 }; Id = 'ParameterArgumentValidationError' }
        @{ Attempt = { Set-DsmipAgent lma1 -CareOfAddress @{ '10.0.0.1' = @() } }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent lma1 -CareOfAddress @{ 'here' = '*' } }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent mag1 -GrePolicy Required }; Id = 'ParameterNotForAgentKind' }
        @{ Attempt = { Set-DsmipAgent lma1 -GreEncapsulation WithKeys }; Id = 'ParameterNotForAgentKind' }
        @{ Attempt = { Set-DsmipAgent mag1 -ReachabilityInterval 100ms }; Id = 'InvalidArgument' }
        @{ Attempt = { Set-DsmipAgent mag1 -Mtu 1279 }; Id = 'ParameterArgumentValidationError' }
    ) {
        (Get-Outcome $Attempt).Ids | Should -BeExactly $Id
    }

    It 'says with -WhatIf what would change, and changes nothing' {
        $run = Invoke-PowerShellProcess "
            Import-Module '$root/DsmipTools.psd1'
            `$null = New-DsmipLocalMobilityAnchor lma1 127.31.71.10 -PrefixPool 2001:db8:100::/40
            Set-DsmipAgent lma1 -MaximumLifetime 60 -MaximumRetries 2 -WhatIf
            Set-DsmipAgent lma1 -MaximumRetries 1 -WhatIf
            `"`$((Get-DsmipAgent lma1).Options.MaximumLifetime)`""
        $run.Error | Should -BeNullOrEmpty
        $run.Output.TrimEnd() -split '\r?\n' | Should -BeExactly @(
            'What if: Performing the operation "Set MaximumLifetime: 01:00:00 -> 00:01:00, Revocation.MaximumRetries: 1 -> 2" on target "LocalMobilityAnchor lma1 at 127.31.71.10".'
            '01:00:00')
    }
}

Describe 'New-DsmipLocalMobilityAnchor' {
    It 'takes what Set-DsmipAgent changes' {
        $anchor = New-DsmipLocalMobilityAnchor lma7 127.31.70.70 -PrefixPool 2001:db8:700::/40 -RevokesOnHandover -MaxDelayBeforeNewBCEAssign 2s -CrossingUpdate @{ AdministrativeReason = 'Accept' }
        $anchor.Options.RevokesOnHandover | Should -BeTrue
        $anchor.Options.MaxDelayBeforeNewBCEAssign | Should -Be '00:00:02'
        $anchor.Options.CrossingUpdates.Values | Should -Be Accept
    }

    It 'takes heartbeats, GRE, NATs and care-of addresses' {
        $options = (New-DsmipLocalMobilityAnchor lma6 127.31.70.60 -PrefixPool 2001:db8:600::/40 -HeartbeatInterval 0 -MissingHeartbeatsAllowed 5 -RemovesUnreachable -SessionsPerNode 3 -GrePolicy NotRequired -ForwardsUntilAcknowledged -CareOfAddress @{ '10.0.0.1' = '127.31.70.11' } -AcceptForcedIPv4UDPEncapsulationRequest -NatRefreshTime 1m).Options
        "$($options.Heartbeat.Interval) $($options.Heartbeat.MissingAllowed) $($options.Heartbeat.RemovesUnreachable)" | Should -BeExactly '-00:00:00.0010000 5 True'
        "$($options.SessionsPerNode) $($options.Gre) $($options.StopsForwardingAtOnce) $($options.AcceptsForcedUdpEncapsulation) $($options.NatRefreshTime)" | Should -BeExactly '3 NotRequired False True 00:01:00'
        "$($options.CareOfAddresses)" | Should -BeExactly '10.0.0.1 from 127.31.70.11'
    }

    It 'says which mobile nodes are served, and by which gateways' -Tag 'Rfc:5213-5.3.1-06', 'Rfc:5213-5.3.1-07', 'Rfc:5213-5.3.1-08' {
        $null = New-DsmipLocalMobilityAnchor lma20 127.31.70.120 -PrefixPool 2001:db8:600::/40 -IPv4HomeNetwork 10.6.0.0/24 -Start -PolicyProfile ([ordered] @{
                'out@example.com' = @{ MobilityService = $false }; 'v6*@example.com' = @{ IPv4 = $false }; '*@example.com' = @{ Gateways = '127.31.70.121' }
            })
        $null = New-DsmipMobileAccessGateway mag20 127.31.70.121 -LocalMobilityAnchor 127.31.70.120 -Start
        $null = New-DsmipMobileAccessGateway mag21 127.31.70.122 -LocalMobilityAnchor 127.31.70.120 -WithoutTimestamp -EnableMAGLocalRouting -Start
        (Connect-DsmipSubscriber mn1@example.com mag20).Status | Should -Be Accepted
        (Connect-DsmipSubscriber mn2@example.com mag21 -ErrorAction Ignore).Status | Should -Be ([int] 154)
        (Connect-DsmipSubscriber mn3@example.org mag20 -ErrorAction Ignore).Status | Should -Be ([int] 153)
        (Connect-DsmipSubscriber out@example.com mag20 -ErrorAction Ignore).Status | Should -Be ([int] 152)
        (Connect-DsmipSubscriber v6mn@example.com mag21 -IPv4HomeAddress 0.0.0.0 -ErrorAction Ignore).Status | Should -Be ([int] 170)
        Set-DsmipAgent lma20 -PolicyProfile $null
        (Connect-DsmipSubscriber mn2@example.com mag21).Status | Should -Be Accepted
        (Get-DsmipAgent mag21).Options.TimestampBasedApproachInUse | Should -BeFalse
        (Get-DsmipAgent mag21).Options.EnableMAGLocalRouting | Should -BeTrue
        (Get-Outcome { Set-DsmipAgent lma20 -PolicyProfile @{ '*' = @{ IPv5 = 1 } } }).Message | Should -Match "'IPv5' is none of MobilityService, IPv6, IPv4, Gateways"
        (Get-Outcome { Set-DsmipAgent lma20 -PolicyProfile @{ '*' = 5 } }).Ids | Should -BeExactly InvalidArgument
        Remove-DsmipAgent lma20, mag20, mag21
    }

    It 'has the defaults of the SDK where nothing is named' {
        $sdk = [DsmipTools.Engine.ProxyMobileIPv6.LocalMobilityAnchorOptions] @{ Name = 'lma5'; Address = '127.31.70.50'; PrefixPool = '2001:db8:500::/40' }
        $anchor = New-DsmipLocalMobilityAnchor lma5 127.31.70.50 -PrefixPool 2001:db8:500::/40
        @($anchor.Configure({ param($options) $sdk })) | Should -BeNullOrEmpty
        $sdk = [DsmipTools.Engine.ProxyMobileIPv6.MobileAccessGatewayOptions] @{ Name = 'mag5'; Address = '127.31.70.51'; LocalMobilityAnchor = '127.31.70.50' }
        $gateway = New-DsmipMobileAccessGateway mag5 127.31.70.51 -LocalMobilityAnchor 127.31.70.50
        @($gateway.Configure({ param($options) $sdk })) | Should -BeNullOrEmpty
    }

    It 'refuses what does not fit: <Attempt>' -ForEach @(
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -IPv4DefaultRouter 192.0.2.1 } }
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -DhcpSupportMode Relay } }
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -IPv4HomeNetwork 192.0.2.0/24 -IPv4DefaultRouter 198.51.100.1 } }
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -IPv4HomeNetwork 192.0.2.0/24 -FixedIPv4HomeAddress @{ 'a@example.com' = '198.51.100.1' } } }
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -IPv4HomeNetwork 192.0.2.0/24 -FixedIPv4HomeAddress @{ 'a@example.com' = 'here' } } }
        @{ Attempt = { New-DsmipLocalMobilityAnchor lma8 127.31.70.80 -PrefixPool 2001:db8:700::/40 -CrossingUpdate @{ AdministrativeReason = 'Maybe' } } }
    ) {
        (Get-Outcome $Attempt).Ids | Should -BeExactly InvalidArgument
        Get-DsmipAgent lma8* | Should -BeNullOrEmpty
    }
}

Describe 'New-DsmipMobileAccessGateway' {
    It 'takes heartbeats, GRE, NATs and access links' {
        $options = (New-DsmipMobileAccessGateway mag7 127.31.70.71 -LocalMobilityAnchor 127.31.70.10 -HeartbeatInterval 30s -DetectNat -ForceIPv4UDPEncapsulationSupport -GreEncapsulation WithoutKeys -ForwardsUntilAcknowledged -ReachabilityInterval 10s -Mtu 1280 -RouterAddress fe80::2 -ManagedAddressConfiguration).Options
        "$($options.Heartbeat.Interval) $($options.DetectsNat) $($options.ForcesUdpEncapsulation) $($options.Gre) $($options.StopsForwardingAtOnce)" | Should -BeExactly '00:00:30 True True WithoutKeys False'
        "$($options.AccessLink.ReachabilityInterval) $($options.AccessLink.Mtu) $($options.AccessLink.RouterAddress) $($options.AccessLink.UsesDhcp)" | Should -BeExactly '00:00:10 1280 fe80::2 True'
        "$((New-DsmipMobileAccessGateway mag6 2001:db8::1 -LocalMobilityAnchor 2001:db8::2 -ProxyCareOfAddress 2001:db8::3).Options.ProxyCareOfAddress)" | Should -BeExactly '2001:db8::3'
    }

    It 'refuses what does not fit: <Attempt>' -ForEach @(
        @{ Attempt = { New-DsmipMobileAccessGateway mag8 127.31.70.81 -LocalMobilityAnchor 127.31.70.10 -ProxyCareOfAddress 2001:db8::3 } }
        @{ Attempt = { New-DsmipMobileAccessGateway mag8 2001:db8::1 -LocalMobilityAnchor 2001:db8::2 -DetectNat } }
        @{ Attempt = { New-DsmipMobileAccessGateway mag8 2001:db8::1 -LocalMobilityAnchor 2001:db8::2 -ForceIPv4UDPEncapsulationSupport } }
        @{ Attempt = { New-DsmipMobileAccessGateway mag8 127.31.70.81 -LocalMobilityAnchor 127.31.70.10 -RouterAddress 2001:db8::1 } }
        @{ Attempt = { New-DsmipMobileAccessGateway mag8 127.31.70.81 -LocalMobilityAnchor 127.31.70.10 -HeartbeatInterval 2h } }
    ) {
        (Get-Outcome $Attempt).Ids | Should -BeExactly InvalidArgument
        Get-DsmipAgent mag8* | Should -BeNullOrEmpty
    }
}
