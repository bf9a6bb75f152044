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
