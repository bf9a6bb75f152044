BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
}

AfterAll { Remove-Module DsmipTools }

Describe 'Agents' {
    BeforeEach { Clear-Session }

    It 'are added stopped, and started through the pipeline' {
        $agent = New-DsmipHomeAgent -Name ha1 -Address 127.31.10.2 -Port 4340 -HomeNetwork 10.1.1.0/24
        $agent.State | Should -Be Stopped
        $agent | Start-DsmipAgent | Should -BeNullOrEmpty
        $agent.State | Should -Be Running
        (Get-DsmipAgent ha1).Port | Should -Be 4340
    }

    It 'are started at once with -Start, and made from a table' {
        $agents = "Name,Address,PrefixPool`nlma1,127.31.10.10,2001:db8:100::/40`nlma2,127.31.10.11,2001:db8:200::/40" | ConvertFrom-Csv | New-DsmipLocalMobilityAnchor -Start
        $agents.Name | Should -BeExactly lma1, lma2
        $agents.State | Should -Be Running, Running
    }

    It 'are found by wildcard, role and state, in the order in which they were added' {
        $null = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -Start
        $null = New-DsmipMobileAccessGateway mag2 127.31.10.12 -LocalMobilityAnchor 127.31.10.10
        $null = New-DsmipMobileAccessGateway mag1 127.31.10.11 -LocalMobilityAnchor 127.31.10.10 -Start
        (Get-DsmipAgent).Name | Should -BeExactly lma1, mag2, mag1
        (Get-DsmipAgent MAG*).Name | Should -BeExactly mag2, mag1
        (Get-DsmipAgent -Kind LocalMobilityAnchor).Name | Should -BeExactly lma1
        (Get-DsmipAgent -State Running).Name | Should -BeExactly lma1, mag1
        ('mag1', 'lma*' | Get-DsmipAgent).Name | Should -BeExactly mag1, lma1
        Get-DsmipAgent none* | Should -BeNullOrEmpty
    }

    It 'tell that they run unprotected' {
        $null = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -Start
        (Get-DsmipAgent lma1).Protection | Should -BeLike 'none*'
        (Get-DsmipEvent -Agent lma1 -Kind Unprotected | Select-Object -Last 1).Agent | Should -BeExactly lma1
    }

    It 'stop and start again by object and by name' {
        $agent = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -Start
        ($agent | Stop-DsmipAgent -PassThru).State | Should -Be Stopped
        'lma1' | Start-DsmipAgent
        $agent.State | Should -Be Running
        Start-DsmipAgent lma1 -ErrorAction Stop
        Stop-DsmipAgent lma*
        Stop-DsmipAgent lma1 -ErrorAction Stop
        $agent.State | Should -Be Stopped
    }

    It 'may have names with characters of patterns' {
        $null = New-DsmipLocalMobilityAnchor 'lma[1]' 127.31.10.10 -PrefixPool 2001:db8:100::/40
        $null = New-DsmipMobileAccessGateway lma1 127.31.10.11 -LocalMobilityAnchor 127.31.10.10
        (Get-DsmipAgent 'lma[1]').Name | Should -BeExactly 'lma[1]'
        Get-DsmipAgent 'lma[1]' | Remove-DsmipAgent
        (Get-DsmipAgent).Name | Should -BeExactly lma1
    }

    It 'stay as they are with -WhatIf' {
        $agent = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -Start
        New-DsmipMobileAccessGateway mag1 127.31.10.11 -LocalMobilityAnchor 127.31.10.10 -WhatIf | Should -BeNullOrEmpty
        Stop-DsmipAgent lma1 -WhatIf
        Remove-DsmipAgent * -WhatIf
        $agent.State | Should -Be Running
        @(Get-DsmipAgent).Count | Should -Be 1
    }

    It 'cannot be removed or stopped without a selector' {
        foreach ($name in 'Remove-DsmipAgent', 'Stop-DsmipAgent') {
            (Get-Command $name).ParameterSets | ForEach-Object { $_.Parameters.Where{ $_.IsMandatory }.Count | Should -BeGreaterThan 0 }
        }
    }

    It 'are waited for' {
        $null = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -Start
        $null = New-DsmipMobileAccessGateway mag1 127.31.10.11 -LocalMobilityAnchor 127.31.10.10 -Start
        $null = 'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1
        (Wait-DsmipAgent lma1 -BindingCount 2 -Timeout 5 -PassThru).Name | Should -BeExactly lma1
        (Get-DsmipAgent | Wait-DsmipAgent -BindingCount 1 -AtLeast -Timeout 5s -PassThru).Count | Should -Be 2
        $late = Get-Outcome { Wait-DsmipAgent lma1 -BindingCount 1 -Timeout 100ms -PassThru }
        $late.Ids | Should -BeExactly Timeout
        $late.Categories | Should -Be OperationTimeout
        $late.Objects.Count | Should -Be 0
    }

    It 'take prefixes of one home address and options of the protocol' {
        $agent = New-DsmipHomeAgent ha1 127.31.10.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -AssignedPrefix @{ '10.1.1.7' = '2001:db8:7:7::/64', '2001:db8:7:8::/64' } -MaximumLifetime 300 -IgnoreTunnelingMode
        $agent.Options.MaximumLifetime | Should -Be '00:05:00'
        $agent.Options.AllowCareOfAddressTunneling | Should -BeFalse
        $anchor = New-DsmipLocalMobilityAnchor lma1 127.31.10.10 -PrefixPool 2001:db8:100::/40 -FixedPrefix @{ 'mn1@example.com' = '2001:db8:200:1::/64' } -InitialDelay 500ms -MaximumDelay 1s -MaximumRetries 3 -Peer 127.31.10.11
        $anchor.Options.Revocation.InitialDelay.TotalMilliseconds | Should -Be 500
        "$($anchor.Options.Peers)" | Should -BeExactly '127.31.10.11'
    }
}

Describe 'Agents that cannot be' {
    BeforeEach { Clear-Session }

    It 'are refused: <Name>' -ForEach @(
        @{ Name = 'home network with host bits'; Id = 'PrefixHasHostBits'; Attempt = { New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.7/24 } }
        @{ Name = 'prefix range with host bits'; Id = 'PrefixHasHostBits'; Attempt = { New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::1/48 } }
        @{ Name = 'assigned prefix with host bits'; Id = 'PrefixHasHostBits'; Attempt = { New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -AssignedPrefix @{ '10.1.1.7' = '2001:db8:7::1/48' } } }
        @{ Name = 'pool with host bits'; Id = 'PrefixHasHostBits'; Attempt = { New-DsmipLocalMobilityAnchor lma1 127.31.11.10 -PrefixPool 2001:db8:100::1/40 } }
        @{ Name = 'text that is no prefix'; Id = 'CannotConvertArgumentNoMessage'; Attempt = { New-DsmipLocalMobilityAnchor lma1 127.31.11.10 -PrefixPool nonsense } }
        @{ Name = 'text that is no address'; Id = 'ParameterArgumentTransformationError'; Attempt = { New-DsmipLocalMobilityAnchor lma1 1 -PrefixPool 2001:db8:100::/40 } }
        @{ Name = 'text that is no duration'; Id = 'ParameterArgumentTransformationError'; Attempt = { New-DsmipLocalMobilityAnchor lma1 127.31.11.10 -PrefixPool 2001:db8:100::/40 -MaximumLifetime soon } }
        @{ Name = 'value outside its range'; Id = 'InvalidArgument'; Attempt = { New-DsmipLocalMobilityAnchor lma1 127.31.11.10 -PrefixPool 2001:db8:100::/40 -InitialDelay 100ms } }
        @{ Name = 'lifetime too long'; Id = 'InvalidArgument'; Attempt = { New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -MaximumLifetime 2.00:00:00 } }
        @{ Name = 'address of another machine'; Id = 'AddressNotAvailable'; Attempt = { New-DsmipHomeAgent ha1 192.0.2.1 -Port 4340 -HomeNetwork 10.1.1.0/24 -Start } }
        @{ Name = 'open anchor that others can reach'; Id = 'InvalidArgument'; Attempt = { New-DsmipLocalMobilityAnchor lma1 192.0.2.1 -PrefixPool 2001:db8:100::/40 } }
    ) {
        $outcome = Get-Outcome $Attempt
        $outcome.Ids | Should -BeExactly $Id
        $outcome.Message | Should -Not -Match '\(Parameter'
        Get-DsmipAgent | Should -BeNullOrEmpty
    }

    It 'say which prefix was meant' {
        (Get-Outcome { New-DsmipLocalMobilityAnchor lma1 127.31.11.10 -PrefixPool 2001:db8:100::1/40 }).Message | Should -Match 'Did you mean 2001:db8:100::/40\?'
        (Get-Outcome { New-DsmipHomeAgent ha1 127.31.11.2 -HomeNetwork 10.1.1.7/24 }).Message | Should -Match 'Did you mean 10\.1\.1\.0/24\?'
    }

    It 'have a name that is taken' {
        $null = New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24
        $outcome = Get-Outcome { New-DsmipHomeAgent HA1 127.31.11.3 -Port 4340 -HomeNetwork 10.1.1.0/24 }
        $outcome.Ids | Should -BeExactly AgentNameTaken
        $outcome.Categories | Should -Be ResourceExists
    }

    It 'have an address that is in use, and the agent that has it stays' {
        $null = New-DsmipHomeAgent ha1 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -Start
        $outcome = Get-Outcome { New-DsmipHomeAgent ha2 127.31.11.2 -Port 4340 -HomeNetwork 10.1.1.0/24 | Start-DsmipAgent }
        $outcome.Ids | Should -BeExactly AddressInUse
        $outcome.Categories | Should -Be ResourceBusy
        (Get-DsmipAgent ha1).State | Should -Be Running
        (Get-DsmipAgent ha2).State | Should -Be Stopped
    }

    It 'have a port that needs a privilege' {
        $first = [int](Get-Content /proc/sys/net/ipv4/ip_unprivileged_port_start -ErrorAction Ignore)
        if ($first -le 434) { Set-ItResult -Skipped -Because 'every port is free for all here'; return }
        $command = "Import-Module '$root/DsmipTools.psd1'; New-DsmipHomeAgent ha1 127.31.11.2 -HomeNetwork 10.1.1.0/24 -Start; `$Error[0].FullyQualifiedErrorId; `$Error[0].CategoryInfo.Category"
        if ((id -u) -ne 0) {
            $output = (Invoke-PowerShellProcess $command).Output
        }
        elseif (Get-Command setpriv -ErrorAction Ignore) {
            $pwsh = [Environment]::ProcessPath
            if ($pwsh -like '*/dotnet') { Set-ItResult -Skipped -Because 'PowerShell runs inside dotnet here'; return }
            $output = setpriv --bounding-set=-net_bind_service --inh-caps=-net_bind_service $pwsh -NoProfile -NonInteractive -Command $command 2>$null | Out-String
        }
        else { Set-ItResult -Skipped -Because 'root has every port, and there is no setpriv'; return }
        $output | Should -Match 'AccessDenied,'
        $output | Should -Match 'PermissionDenied'
    }

    It 'do not exist: <_>' -ForEach 'Get-DsmipAgent', 'Start-DsmipAgent', 'Stop-DsmipAgent', 'Remove-DsmipAgent', 'Wait-DsmipAgent', 'Get-DsmipStatistics' {
        $command = $_
        $outcome = Get-Outcome { & $command nobody }
        $outcome.Ids | Should -BeExactly AgentNotFound
        $outcome.Categories | Should -Be ObjectNotFound
        (Get-Outcome { & $command nobody* }).Ids.Count | Should -Be 0
    }
}
