BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key (New-TestKey)
    $null = New-DsmipHomeAgent ha1 127.31.24.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::/48 -Start
    $null = New-DsmipForeignAgent fa1 127.31.24.3 -Port 4340 -HomeAgentPort 4340 -MaximumLifetime 10m -Start
    $through = @{ HomeAgent = '127.31.24.2'; HomeAddress = '10.1.1.7'; CareOfAddress = '127.31.24.7'; ForeignAgent = '127.31.24.3'; ForeignAgentPort = 4340 }
}

AfterAll { Remove-Module DsmipTools }

Describe 'New-DsmipForeignAgent' {
    It 'adds an agent with its options, stopped' {
        $agent = New-DsmipForeignAgent fa2 127.31.24.4 -Port 4341 -LinkAddress 198.51.1.254 -MaximumLifetime 60 -MaximumVisitors 3 -MaximumPendingRegistrations 2 `
            -RegistrationRequired -GreEncapsulation -RequireReverseTunneling -AdvertisementInterval 10s -RouterAddress 198.51.1.254/24
        $agent | Should -BeOfType DsmipTools.Hosting.HostedForeignAgent
        $agent.State | Should -Be Stopped
        $agent.Kind | Should -Be ForeignAgent
        $options = $agent.Options
        $options.LinkAddress, $options.MaximumLifetime, $options.MaximumVisitors, $options.MaximumPendingRegistrations | Should -Be '198.51.1.254', '00:01:00', 3, 2
        $options.RegistrationRequired, $options.GreEncapsulation, $options.RequiresReverseTunneling, $options.ReverseTunneling | Should -Be $true, $true, $true, $true
        "$($options.Advertisements.RouterAddresses)", $options.Advertisements.Interval | Should -Be '198.51.1.254/24', '00:00:10'
        (Get-DsmipAgent fa2).Name | Should -Be fa2
        Remove-DsmipAgent fa2
    }

    It 'refuses what is out of range, with an id' {
        { New-DsmipForeignAgent fa3 127.31.24.5 -NoReverseTunneling -RequireReverseTunneling -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { New-DsmipForeignAgent fa1 127.31.24.5 -ErrorAction Stop } | Should -Throw -ErrorId 'AgentNameTaken,*'
        Get-DsmipAgent fa3 -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'adds nothing with -WhatIf' {
        New-DsmipForeignAgent fa3 127.31.24.5 -Start -WhatIf | Should -BeNullOrEmpty
        Get-DsmipAgent fa3 -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'Send-DsmipRegistration -ForeignAgent' {
    It 'registers the care-of address of the foreign agent' -Tag 'Rfc:5944-3.1-01', 'Rfc:5454-3.4-01' {
        $outcome = Send-DsmipRegistration @through -Lifetime 300 -IPv6Prefix 2001:db8:7:1::/64 -TunnelingMode CareOfAddress
        $outcome.Result, $outcome.ForeignAgent, $outcome.CareOfAddress | Should -Be Accepted, 127.31.24.3, 127.31.24.3
        "$($outcome.Prefixes)" | Should -BeExactly '2001:db8:7:1::/64 AcceptedHomeAddress'
        (Get-DsmipBinding -Agent ha1).CareOfAddress | Should -Be 127.31.24.3
    }

    It 'is shown in the visitor list' -Tag 'Rfc:5944-3.7.1-02' {
        $visitor = Get-DsmipBinding -AgentKind ForeignAgent
        $visitor.HomeAddress, $visitor.HomeAgent, $visitor.Peer, $visitor.State, $visitor.LifetimeGranted | Should -Be 10.1.1.7, 127.31.24.2, 127.31.24.7, Active, '00:05:00'
        $visitor.Envelope.Source.Port | Should -BeGreaterThan 1023
        Get-DsmipBinding -Agent fa1 | Out-String | Should -Match 'home agent 127\.31\.24\.2'
    }

    It 'is counted by the foreign agent, message by message' {
        $counters = Get-DsmipStatistics fa1 -Counter
        foreach ($message in 'RegistrationRequest', 'RegistrationReply') {
            foreach ($direction in 'Received', 'Sent') {
                ($counters | Where-Object { $_.Message -eq $message -and $_.Direction -eq $direction }).Count | Should -BeGreaterThan 0
            }
        }
    }

    It 'says who refused' -Tag 'Rfc:5944-3.7.2.3-02' {
        $outcome = Send-DsmipRegistration @through -Lifetime 601 -ErrorVariable failed -ErrorAction SilentlyContinue
        $outcome.Code | Should -Be ForeignAgentRequestedLifetimeTooLong
        $failed.FullyQualifiedErrorId | Should -BeLike 'RegistrationRefused,*'
        "$failed" | Should -BeLike 'The foreign agent 127.31.24.3 refused * code 69 *'
    }

    It 'tells of a home agent that is not there' -Tag 'Rfc:5944-3.7.3-02' {
        $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.8 -Key (New-TestKey)
        $other = $through + @{ }
        $other.HomeAgent, $other.HomeAddress = '127.31.24.99', '10.1.1.8'
        (Send-DsmipRegistration @other -Lifetime 300 -ErrorAction SilentlyContinue).Code | Should -Be ForeignAgentHomeAgentPortUnreachable
        (Get-DsmipEvent -Agent fa1 -Kind BindingRefused | Select-Object -Last 1).Detail | Should -BeLike 'ICMP says of 127.31.24.99: *'
    }

    It 'de-registers' {
        (Send-DsmipRegistration @through -Deregister).Result | Should -Be Accepted
        Get-DsmipBinding -Agent ha1, fa1 | Should -BeNullOrEmpty
    }

    It 'offers the addresses of foreign agents' {
        $line = 'Send-DsmipRegistration -ForeignAgent '
        ([Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches.CompletionText | Should -Contain '127.31.24.3'
    }

    It 'ends a visit here alone with Remove-DsmipBinding' {
        $null = Send-DsmipRegistration @through -Lifetime 300
        Get-DsmipBinding -Agent fa1 | Remove-DsmipBinding
        Get-DsmipBinding -Agent fa1 | Should -BeNullOrEmpty
        Get-DsmipBinding -Agent ha1 | Should -Not -BeNullOrEmpty
    }

    It 'proves the node and the agents to each other where they share keys' -Tag 'Rfc:5944-3.5.3-01', 'Rfc:5944-3.5.4-01', 'Rfc:5944-3.7.1-10' {
        $made = @(
            New-DsmipSecurityAssociation -Spi 400 -HomeAddress 10.1.1.7 -Key (New-TestKey) -WithForeignAgent
            New-DsmipSecurityAssociation -Spi 500 -Agent 127.31.24.2 -Key (New-TestKey)
            New-DsmipSecurityAssociation -Spi 500 -Agent 127.31.24.3 -Key (New-TestKey)
        )
        "$($made.Kind)" | Should -Be 'MobileForeign ForeignHome ForeignHome'
        { New-DsmipSecurityAssociation -Spi 500 -Agent 127.31.24.3 -Key (New-TestKey) -ErrorAction Stop } | Should -Throw -ErrorId 'SecurityAssociationExists,*'
        (Send-DsmipRegistration @through -Lifetime 300).Result | Should -Be Accepted
        (Get-DsmipBinding -Agent fa1).SecurityParameterIndex | Should -Be 400
        $made | Remove-DsmipSecurityAssociation
        Get-DsmipSecurityAssociation | Where-Object Kind -NE MobileHome | Should -BeNullOrEmpty
    }
}
