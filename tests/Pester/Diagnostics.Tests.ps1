BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.70.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.70.11 -LocalMobilityAnchor 127.31.70.10 -Start
    $null = 1..5 | ForEach-Object { "mn$_@example.com" } | Connect-DsmipSubscriber -MobileAccessGateway mag1
    $null = Invoke-BindingRevocation mn5@example.com
}

AfterAll { Remove-Module DsmipTools }

Describe 'Get-DsmipEvent' {
    It 'gets the newest, oldest first' {
        $events = Get-DsmipEvent -Last 3
        $events.Count | Should -Be 3
        (Get-DsmipEvent).Count | Should -BeGreaterThan 10
        (Get-DsmipEvent).Time | Should -Be ((Get-DsmipEvent).Time | Sort-Object)
    }

    It 'chooses by agent, kind and pipeline' {
        (Get-DsmipEvent -Agent lma* -Kind BindingCreated).Subject | Should -BeExactly (1..5 | ForEach-Object { "mn$_@example.com" })
        (Get-DsmipEvent -Agent lma1 -Kind RevocationAcknowledged).Summary | Should -Match 'Success; 1 binding; mn5@example\.com'
        (Get-DsmipEvent -Agent mag1 -Kind BindingCreated | Select-Object -First 1).Summary | Should -Match '^2001:db8:100:\S*; Accepted$'
        (Get-DsmipAgent | Get-DsmipEvent -Last 2).Count | Should -Be 2
        (Get-DsmipAgent mag1 | Get-DsmipEvent).Agent | Select-Object -Unique | Should -BeExactly mag1
    }

    It 'finds an agent whose name looks like a pattern' {
        $null = New-DsmipMobileAccessGateway 'mag[5]' 127.31.70.15 -LocalMobilityAnchor 127.31.70.10 -Start
        (Get-DsmipAgent 'mag[5]' | Get-DsmipEvent -Kind Started).Agent | Should -BeExactly 'mag[5]'
        Get-DsmipAgent 'mag[5]' | Remove-DsmipAgent
    }

    It 'chooses what matters for security' {
        Send-Datagram 127.31.70.99 5436 127.31.70.11 5436 ([byte[]](59, 1, 16, 0, 0, 0, 1, 0, 0, 1, 0x80, 0, 1, 2, 0, 0))
        Wait-For { Get-DsmipEvent -Agent mag1 -Security | Where-Object Drop -EQ NotAPeer }
        (Get-DsmipEvent -Security).Kind | Select-Object -Unique | Should -BeIn SecurityException, Unprotected
    }
}

Describe 'Get-DsmipEvent -Wait' {
    BeforeAll { $mag = Get-DsmipAgent mag1 }

    It 'gives each event once, as it comes' {
        # The pipeline looks at the log before its first command runs; each event causes the next one.
        $next = 1
        $seen = & { $null = $mag.AttachAsync('live1@example.com'); 'lma1' } | Get-DsmipEvent -Wait -Kind BindingCre* |
            ForEach-Object { $next++; $null = $mag.AttachAsync("live$next@example.com"); $_ } | Select-Object -First 20
        $seen.Subject | Should -BeExactly (1..20 | ForEach-Object { "live$_@example.com" })
        $seen.Agent | Select-Object -Unique | Should -BeExactly lma1
    }

    It 'ends after a time, and begins with the newest of the log if asked to' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $seen = Get-DsmipEvent -Wait -Last 3 -Timeout 300ms
        $clock.ElapsedMilliseconds | Should -BeGreaterOrEqual 290
        $seen | Select-Object -First 3 | Should -HaveCount 3
        Get-DsmipEvent -Wait -Timeout 10ms -Security | Should -BeNullOrEmpty
    }

    It 'ends when the pipeline is stopped' {
        $other = [powershell]::Create().AddScript("Import-Module '$root/DsmipTools.psd1'; Get-DsmipEvent -Last 1; Get-DsmipEvent -Wait -Kind AgentFault")
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $other.BeginInvoke([Management.Automation.PSDataCollection[psobject]] $null, $output)
        Wait-For { $output.Count -eq 1 }
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $other.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20
        $other.InvocationStateInfo.State | Should -Be Stopped
        $other.Dispose()
    }

    It 'lets virtual time pass in the simulated world' {
        $lab = [DsmipTools.DsmipHost]::new('Simulated', 1)
        $leave = [DsmipTools.PowerShell.Infrastructure.DsmipSession]::Enter($lab)
        try {
            $null = New-DsmipLocalMobilityAnchor lab1 192.0.2.1 -PrefixPool 2001:db8:100::/40 -Start
            $null = New-DsmipMobileAccessGateway lab2 192.0.2.2 -LocalMobilityAnchor 192.0.2.1 -Start
            $null = Connect-DsmipSubscriber mn1@example.com lab2
            $before = $lab.Runtime.Now.Elapsed
            # It renews after three quarters of its hour.
            $renewals = Get-DsmipEvent -Wait -Agent lab1 -Kind BindingUpdated -Timeout 02:00:00
            $renewals.Count | Should -Be 2
            $lab.Runtime.Now.Elapsed - $before | Should -Be ([timespan] '02:00:00')
            (Get-DsmipEvent -Wait -Kind BindingUpdated | Select-Object -First 1).Agent | Should -BeExactly lab1
            Get-DsmipAgent | Stop-DsmipAgent
            (Get-DsmipEvent -Wait).Kind | Should -BeNullOrEmpty
        }
        finally {
            $leave.Dispose()
            $null = $lab.DisposeAsync().AsTask().Wait(30000)
        }
    }

    It 'knows the kinds of events' {
        (Get-Outcome { Get-DsmipEvent -Kind Nonsense }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { Get-DsmipEvent -Timeout 5s }).Ids | Should -BeExactly InvalidArgument
        (Get-DsmipEvent -Kind Binding*, started).Kind | Should -Contain Started
    }
}

Describe 'Watch-DsmipAgent' {
    It 'tells what agents did after each interval' {
        $watched = Watch-DsmipAgent lma1, mag1 -Interval 50ms -Count 3
        $watched.Agent | Should -BeExactly lma1, mag1, lma1, mag1, lma1, mag1
        $watched[4].At - $watched[0].At | Should -BeGreaterOrEqual ([timespan]::FromMilliseconds(60))
        $watched.State | Select-Object -Unique | Should -Be Running
        $watched[0].Bindings | Should -Be (Get-DsmipAgent lma1).BindingCount
        $watched[0].LastEvent.Agent | Should -BeExactly lma1
    }

    It 'has the rates of the interval alone' {
        $mag = Get-DsmipAgent mag1
        $round = 0
        $watched = 'mag1' | Watch-DsmipAgent -Interval 200ms -Count 2 | ForEach-Object {
            if ($round++ -eq 0) { $mag.AttachAsync('rate@example.com').GetAwaiter().GetResult() | Out-Null }
            $_
        }
        $watched[0].Updates | Should -Be 0
        $watched[1].Updates | Should -BeGreaterThan 0
        $watched[1].LastEvent.Subject | Should -BeExactly rate@example.com
        $watched[1].Bindings | Should -Be ($watched[0].Bindings + 1)
    }

    It 'goes on while an agent stops and starts, and stops when enough is seen' {
        $null = New-DsmipMobileAccessGateway mag9 127.31.70.19 -LocalMobilityAnchor 127.31.70.10 -Start
        $watched = Watch-DsmipAgent mag9 -Interval 20ms | ForEach-Object { $_; if ($_.State -eq 'Running') { Stop-DsmipAgent mag9 } else { Start-DsmipAgent mag9 } } |
            Select-Object -First 4
        $watched.State | Should -Be Running, Stopped, Running, Stopped
        $watched.Updates | Should -Be 0, 0, 0, 0
        Remove-DsmipAgent mag9
    }

    It 'shows a table, and refuses what is no interval' {
        $lines = (Watch-DsmipAgent lma1 -Interval 10ms -Count 1 | Out-String -Width 80).Trim() -split '\r?\n'
        $lines[0] -split ' +' | Should -BeExactly Time, Agent, Bindings, Updates/s, Revocations/s, Drops/s, LastEvent
        (Get-Outcome { Watch-DsmipAgent lma1 -Interval 0 }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { Watch-DsmipAgent nobody -Count 1 }).Ids | Should -BeExactly AgentNotFound
        Watch-DsmipAgent nobody* -Count 1 | Should -BeNullOrEmpty
    }
}

Describe 'Get-DsmipStatistics' {
    It 'has for each agent what it received and sent, by status, code and trigger' {
        $lma = Get-DsmipStatistics LMA1
        $lma.Agent | Should -BeExactly lma1
        $lma.ProxyBindingUpdate.Received | Should -BeGreaterOrEqual 5
        $lma.Pba.SentByCode.Accepted | Should -Be $lma.ProxyBindingUpdate.Received
        $lma.Bri.SentByCode.AdministrativeReason | Should -Be 1
        $lma.Bra.ReceivedByCode.Success | Should -Be 1
        $lma.Bindings | Should -Be (Get-DsmipAgent lma1).BindingCount
        $lma.PeakBindings | Should -BeGreaterOrEqual 5
        $lma.RegistrationRequest | Should -BeNullOrEmpty
        $mag = Get-DsmipStatistics mag1
        $mag.Pbu.Sent | Should -Be $mag.Pba.Received
        $mag.Bri.Received, $mag.Bra.Sent | Should -Be 1, 1
    }

    It 'has why messages were dropped' {
        Send-Datagram 127.31.70.98 5436 127.31.70.10 5436 ([byte[]](1, 2, 3))
        Wait-For { (Get-DsmipStatistics lma1).Drops.Malformed -ge 1 }
        $lma = Get-DsmipStatistics lma1
        $lma.Dropped | Should -Be ($lma.Drops.Values | Measure-Object -Sum).Sum
        ($lma.Messages | Where-Object Message -EQ Unknown).Drops.Keys | Should -Contain Malformed
    }

    It 'counts handoffs by indicator and outcome' {
        $null = New-DsmipMobileAccessGateway mag8 127.31.70.18 -LocalMobilityAnchor 127.31.70.10 -Start
        $null = Connect-DsmipSubscriber mn4@example.com mag8 -HandoffIndicator BetweenGateways
        "$((Get-DsmipStatistics lma1).Handoffs)" | Should -BeExactly 'BetweenGateways Accepted 1'
        (Get-DsmipStatistics mag8).Handoffs[0].Count | Should -Be 1
        Remove-DsmipAgent mag8
    }

    It 'has every counter by itself' {
        (Get-DsmipStatistics lma1 -Counter | Where-Object { $_.Message -eq 'ProxyBindingAcknowledgement' -and $_.Code -eq 'Accepted' }).Count | Should -BeGreaterOrEqual 5
        (Get-DsmipStatistics LMA1 -Counter | Where-Object { $_.Message -eq 'BindingRevocationIndication' -and $_.Drop -eq 'None' -and $_.Code -like 'Adm*' }).Direction | Should -BeExactly Sent
    }

    It 'has what changed since the last call' {
        $null = New-DsmipMobileAccessGateway mag6 127.31.70.16 -LocalMobilityAnchor 127.31.70.10 -Start
        $null = Connect-DsmipSubscriber first@example.com mag6
        (Get-DsmipStatistics mag6 -Delta).Pbu.Sent | Should -Be 1
        $still = Get-DsmipStatistics mag6 -Delta
        $still.Pbu.Sent, $still.Bindings, $still.PeakBindings | Should -Be 0, 1, 1
        $null = 'second@example.com', 'third@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag6
        $two = Get-DsmipStatistics mag6 -Delta
        $two.Pbu.Sent, $two.Pba.ReceivedByCode.Accepted | Should -Be 2, 2
        $two.Since | Should -Be $still.At
        (Get-DsmipStatistics mag6).Pbu.Sent | Should -Be 3
        Get-DsmipStatistics mag6 -Delta -Counter | Should -BeNullOrEmpty

        # After a restart there is less than before, and nothing is negative.
        Stop-DsmipAgent mag6
        Get-DsmipStatistics mag6 -Delta | Should -BeNullOrEmpty
        Start-DsmipAgent mag6
        $null = Connect-DsmipSubscriber fourth@example.com mag6
        $new = Get-DsmipStatistics mag6 -Delta
        $new.Pbu.Sent | Should -Be 1
        $new.Since | Should -Be (Get-DsmipAgent mag6).StartedAt
        Remove-DsmipAgent mag6
    }

    It 'has registrations by code' {
        $null = New-DsmipSecurityAssociation 256 10.1.1.9 (New-TestKey)
        $null = New-DsmipHomeAgent ha9 127.31.70.2 -Port 4349 -HomeNetwork 10.1.1.0/24 -Start
        $null = Send-DsmipRegistration -HomeAgent 127.31.70.2 -Port 4349 -HomeAddress 10.1.1.9 -CareOfAddress 127.31.70.9
        $ha = Get-DsmipStatistics ha9
        $ha.Rrq.Received, $ha.Rrp.SentByCode.Accepted, $ha.Bindings, $ha.PeakBindings | Should -Be 1, 1, 1, 1
        $ha.ProxyBindingUpdate | Should -BeNullOrEmpty
        Remove-DsmipAgent ha9
        Remove-DsmipSecurityAssociation -HomeAddress 10.1.1.9 -Spi 256
    }

    It 'takes agents from the pipeline, and all without one' {
        (Get-DsmipAgent | Get-DsmipStatistics).Agent | Should -BeExactly lma1, mag1
        (Get-DsmipStatistics).Agent | Should -BeExactly lma1, mag1
        ('mag1' | Get-DsmipStatistics).Agent | Should -BeExactly mag1
    }

    It 'is shown as a list for each agent, and as a table that compares' {
        $lines = (Get-DsmipStatistics lma1 | Out-String -Width 100) -split '\r?\n'
        $lines -match '^Bindings' | Should -Match ': \d+ now, \d+ at most$'
        $lines -match 'ProxyBindingAcknowledgement: sent \d+ \(Accepted \d+\)' | Should -HaveCount 1
        $table = (Get-DsmipStatistics | Format-Table | Out-String -Width 80).Trim() -split '\r?\n'
        $table[0] -split ' +' | Should -BeExactly Agent, Bindings, Peak, Received, Sent, Retransmitted, Dropped
        $table | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}

Describe 'Completion' {
    BeforeAll {
        $null = New-DsmipSecurityAssociation 256 10.1.1.7 (New-TestKey)
        $null = New-DsmipSecurityAssociation 4711 10.1.1.8 (New-TestKey)
        function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
    }

    It 'offers for <Line>' -ForEach @(
        @{ Line = 'Get-DsmipAgent '; Offered = 'lma1', 'mag1' }
        @{ Line = 'Stop-DsmipAgent m'; Offered = 'mag1' }
        @{ Line = 'Connect-DsmipSubscriber x@example.com -MobileAccessGateway '; Offered = 'mag1' }
        @{ Line = 'Invoke-BindingRevocation -Agent '; Offered = 'lma1' }
        @{ Line = 'Invoke-BindingRevocation -Realm '; Offered = 'example.com' }
        @{ Line = 'Invoke-BindingRevocation -MobileNode mn4'; Offered = 'mn4@example.com' }
        @{ Line = 'Invoke-BindingRevocation -Peer 127.31.70.11'; Offered = '127.31.70.11' }
        @{ Line = 'Invoke-BindingRevocation mn1@example.com -Trigger User'; Offered = 'UserInitiatedSessionTermination' }
        @{ Line = 'Disconnect-DsmipSubscriber mn2'; Offered = 'mn2@example.com' }
        @{ Line = 'Get-DsmipBinding -Realm ex'; Offered = 'example.com' }
        @{ Line = 'Send-DsmipRegistration -HomeAddress 10.1.1.8 -Spi '; Offered = '4711' }
        @{ Line = 'Send-DsmipRegistration -HomeAddress '; Offered = '10.1.1.7', '10.1.1.8' }
        @{ Line = 'Remove-DsmipSecurityAssociation '; Offered = '10.1.1.7', '10.1.1.8' }
        @{ Line = 'New-DsmipMobileAccessGateway x -LocalMobilityAnchor '; Offered = '127.31.70.10' }
        @{ Line = 'Get-DsmipStatistics l'; Offered = 'lma1' }
        @{ Line = 'Get-DsmipEvent -Agent l'; Offered = 'lma1' }
        @{ Line = 'Get-DsmipEvent -Kind Res'; Offered = 'Resynchronized' }
        @{ Line = 'Watch-DsmipAgent m'; Offered = 'mag1' }
        @{ Line = 'Get-DsmipBinding -CareOfAddress 127.31.70.11'; Offered = '127.31.70.11' }
    ) {
        Complete $Line | Should -BeExactly $Offered
    }

    It 'quotes what needs quotes, and takes a word with special characters' {
        $null = New-DsmipMobileAccessGateway 'a gate [1]' 127.31.70.13 -LocalMobilityAnchor 127.31.70.10
        Complete 'Get-DsmipAgent a' | Should -BeExactly "'a gate [1]'"
        Complete "Get-DsmipAgent 'a gate ['" | Should -Not -BeNullOrEmpty
        Get-DsmipAgent | Where-Object Name -Like 'a gate*' | Remove-DsmipAgent
    }
}
