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
    It 'counts messages by direction and code' {
        (Get-DsmipStatistics lma1 | Where-Object { $_.Message -eq 'ProxyBindingAcknowledgement' -and $_.Code -eq 'Accepted' }).Count | Should -Be 5
        (Get-DsmipStatistics LMA1 | Where-Object Message -EQ BindingRevocationIndication).Code | Should -BeExactly AdministrativeReason
    }

    It 'takes agents from the pipeline, and all without one' {
        (Get-DsmipAgent | Get-DsmipStatistics).Agent | Select-Object -Unique | Should -BeExactly lma1, mag1
        (Get-DsmipStatistics).Agent | Select-Object -Unique | Should -BeExactly lma1, mag1
        ('mag1' | Get-DsmipStatistics).Agent | Select-Object -Unique | Should -BeExactly mag1
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
