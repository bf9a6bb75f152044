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

Describe 'Get-DsmipStatistics' {
    It 'has for each agent what it received and sent, by status, code and trigger' {
        $lma = Get-DsmipStatistics LMA1
        $lma.Agent | Should -BeExactly lma1
        $lma.ProxyBindingUpdate.Received | Should -Be 5
        $lma.Pba.SentByCode.Accepted | Should -Be 5
        $lma.Bri.SentByCode.AdministrativeReason | Should -Be 1
        $lma.Bra.ReceivedByCode.Success | Should -Be 1
        $lma.Bindings, $lma.PeakBindings | Should -Be 4, 5
        $lma.RegistrationRequest | Should -BeNullOrEmpty
        $mag = Get-DsmipStatistics mag1
        $mag.Pbu.Sent, $mag.Pba.Received, $mag.Bri.Received, $mag.Bra.Sent | Should -Be 5, 5, 1, 1
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
