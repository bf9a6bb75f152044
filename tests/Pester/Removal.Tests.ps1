BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
    # Patient ones: what a busy machine answers late is an answer all the same.
    $patient = @{ TimestampValidityWindow = '60s'; MinDelayBeforeBCEDelete = 0; InitialDelay = '60s'; MaximumDelay = '60s' }
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.75.10 -PrefixPool 2001:db8:100::/40 -IPv4HomeNetwork 192.0.2.0/24 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.75.11 -LocalMobilityAnchor 127.31.75.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.31.75.12 -LocalMobilityAnchor 127.31.75.10 -Start

    function Get-Held([string] $Agent) { @(Get-DsmipBinding -Agent $Agent | ForEach-Object Identifier | Sort-Object) }
}

AfterAll { Remove-Module DsmipTools }

Describe 'Remove-DsmipBinding' {
    BeforeEach {
        Remove-DsmipBinding -Agent lma1, mag* -Force
        $null = 'mn1@example.com', 'mn2@example.com', 'mn3@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag1
        $null = Connect-DsmipSubscriber mn4@example.com mag2 -IPv4HomeAddress 192.0.2.44
    }

    It 'removes at one agent alone: the other side is told nothing, and there is an event' {
        $sent = Get-Count lma1 @{ Message = 'BindingRevocationIndication' }
        Remove-DsmipBinding mn1@example.com -Agent lma1 | Should -BeNullOrEmpty
        Get-Held lma1 | Should -BeExactly mn2@example.com, mn3@example.org, mn4@example.com
        Get-Held mag1 | Should -BeExactly mn1@example.com, mn2@example.com, mn3@example.org
        Get-Count lma1 @{ Message = 'BindingRevocationIndication' } | Should -Be $sent
        "$((Get-DsmipEvent -Agent lma1 -Kind BindingCleared -Last 1).Identifier)" | Should -BeExactly mn1@example.com
        Remove-DsmipBinding mn2@example.com -Agent mag1
        Get-Held mag1 | Should -BeExactly mn1@example.com, mn3@example.org
        Get-Held lma1 | Should -Contain mn2@example.com
    }

    It 'removes by <Name>' -ForEach @(
        @{ Name = 'identifier'; Attempt = { Remove-DsmipBinding mn1@Example.COM, mn2@EXAMPLE.com -Agent lma1 }; Left = 'mn3@example.org', 'mn4@example.com' }
        @{ Name = 'pattern'; Attempt = { Remove-DsmipBinding *@example.com -Agent lma1 }; Left = @('mn3@example.org') }
        @{ Name = 'pipeline of identifiers'; Attempt = { 'mn1@example.com', 'mn4@example.com' | Remove-DsmipBinding -Agent lma1 }; Left = 'mn2@example.com', 'mn3@example.org' }
        @{ Name = 'realm'; Attempt = { Remove-DsmipBinding -Realm Example.ORG -Agent lma1 }; Left = 'mn1@example.com', 'mn2@example.com', 'mn4@example.com' }
        @{ Name = 'prefix'; Attempt = { Remove-DsmipBinding -Prefix (Get-DsmipBinding mn2@example.com -Agent lma1).Prefixes[0] -Agent lma1 }; Left = 'mn1@example.com', 'mn3@example.org', 'mn4@example.com' }
        @{ Name = 'pool'; Attempt = { Remove-DsmipBinding -Prefix 2001:db8:100::/40 -Agent lma1 }; Left = @() }
        @{ Name = 'home address'; Attempt = { Remove-DsmipBinding -HomeAddress 192.0.2.44 -Agent lma1 }; Left = 'mn1@example.com', 'mn2@example.com', 'mn3@example.org' }
        @{ Name = 'peer'; Attempt = { Remove-DsmipBinding -Peer 127.31.75.11 -Agent lma1 }; Left = @('mn4@example.com') }
        @{ Name = 'binding'; Attempt = { Get-DsmipBinding -Agent lma1 -Realm example.com | Remove-DsmipBinding }; Left = @('mn3@example.org') }
        @{ Name = 'agent'; Attempt = { Remove-DsmipBinding -Agent lma* -Force }; Left = @() }
    ) {
        $outcome = Get-Outcome $Attempt
        $outcome.Errors | Should -BeNullOrEmpty
        Get-Held lma1 | Should -BeExactly $Left
        @(Get-DsmipBinding -Agent mag*).Count | Should -Be 4
    }

    It 'tells the gateways, and each end goes once where both are here' -Tag 'Rfc:5846-8.1-01' {
        $outcome = Get-Outcome { Remove-DsmipBinding *@example.com -Signal }
        $outcome.Errors | Should -BeNullOrEmpty
        Get-Held lma1 | Should -BeExactly mn3@example.org
        Get-Held mag* | Should -BeExactly mn3@example.org
        Get-Count mag2 @{ Message = 'BindingRevocationIndication'; Direction = 'Received' } | Should -BeGreaterThan 0
    }

    It 'lets a gateway de-register' {
        Remove-DsmipBinding -Agent mag1 -Force -Signal
        Get-Held mag1 | Should -BeNullOrEmpty
        Get-Held lma1 | Should -BeExactly mn4@example.com
    }

    It 'says who did not confirm, and who has it no more' {
        $stale = Get-DsmipBinding mn1@example.com -Agent lma1
        Remove-DsmipBinding mn1@example.com -Agent lma1
        (Get-Outcome { $stale | Remove-DsmipBinding }).Ids | Should -BeExactly BindingNotFound
        (Get-Outcome { $stale | Remove-DsmipBinding -Signal }).Ids | Should -BeExactly BindingNotFound
        Set-DsmipAgent lma1 -MaximumRetries 0 -InitialDelay 500ms
        Stop-DsmipAgent mag1
        try {
            $outcome = Get-Outcome { Remove-DsmipBinding mn2@example.com -Agent lma1 -Signal }
            $outcome.Ids | Should -BeExactly Timeout
            $outcome.Message | Should -BeExactly 'The binding of mn2@example.com at lma1 was removed, but 127.31.75.11 did not confirm it and may still hold it.'
            Get-Held lma1 | Should -Not -Contain mn2@example.com
        }
        finally {
            Start-DsmipAgent mag1
            Set-DsmipAgent lma1 -MaximumRetries 1 -InitialDelay 60s
        }
    }

    It 'finds nothing: <Attempt>' -ForEach @(
        @{ Attempt = { Remove-DsmipBinding nobody@example.com }; Ids = 'BindingNotFound' }
        @{ Attempt = { Remove-DsmipBinding nobody* }; Ids = @() }
        @{ Attempt = { Remove-DsmipBinding -Realm example.net }; Ids = 'BindingNotFound' }
        @{ Attempt = { Remove-DsmipBinding -Prefix 2001:db8:999::/48 }; Ids = 'BindingNotFound' }
        @{ Attempt = { Remove-DsmipBinding -Peer 127.31.75.99 }; Ids = 'BindingNotFound' }
        @{ Attempt = { Remove-DsmipBinding mn1@example.com -Agent nobody }; Ids = 'AgentNotFound' }
        @{ Attempt = { Remove-DsmipBinding -Agent nobody -Force }; Ids = 'AgentNotFound' }
    ) {
        $outcome = Get-Outcome $Attempt
        @($outcome.Ids) | Should -BeExactly $Ids
        @(Get-DsmipBinding -Agent lma1).Count | Should -Be 4
    }

    It 'needs a selector' {
        { Remove-DsmipBinding -Agent lma1 -Force:$false } | Should -Not -Throw
        { Remove-DsmipBinding -Force -Realm example.com } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        @(Get-DsmipBinding -Agent lma1).Count | Should -Be 4
    }

    It 'says with -WhatIf what would go where, and changes nothing' {
        $run = Invoke-PowerShellProcess "
            Import-Module '$root/DsmipTools.psd1'
            `$null = New-DsmipLocalMobilityAnchor lma1 127.31.76.10 -PrefixPool 2001:db8:100::/40 -TimestampValidityWindow 60s -Start
            `$null = New-DsmipMobileAccessGateway mag1 127.31.76.11 -LocalMobilityAnchor 127.31.76.10 -Start
            `$null = 1..11 | % { `"mn`$_@example.com`" } | Connect-DsmipSubscriber -MobileAccessGateway mag1
            Remove-DsmipBinding mn1@example.com -WhatIf
            Remove-DsmipBinding -Agent lma1 -Force -Signal -WhatIf
            @(Get-DsmipBinding).Count"
        $run.Error | Should -BeNullOrEmpty
        $lines = $run.Output.TrimEnd() -split '\r?\n'
        $lines[0] | Should -Match '^What if: .*"Remove bindings without telling the other side" on target "1 binding of LocalMobilityAnchor lma1: mn1@example.com 2001:db8:1.*::/64"\.$'
        $lines[1] | Should -Match '"1 binding of MobileAccessGateway mag1: mn1@example.com'
        $lines[2] | Should -Match '"Remove bindings and tell the other side" on target "11 bindings of LocalMobilityAnchor lma1: (mn\d+@example.com 2001:db8:\S+, ){10}\.\.\."'
        $lines[3] | Should -BeExactly '22'
    }
}

Describe 'Remove-DsmipBinding at a home agent' {
    BeforeAll {
        $null = New-DsmipHomeAgent ha1 127.31.75.1 -HomeNetwork 10.75.0.0/24 -IPv6Prefix 2001:db8:700::/40 -Start
        $null = New-DsmipSecurityAssociation 256 10.75.0.5 -Key (New-TestKey)
    }

    BeforeEach {
        $null = Send-DsmipRegistration -HomeAgent 127.31.75.1 -HomeAddress 10.75.0.5 -CareOfAddress 127.31.75.2 -IPv6Prefix 2001:db8:700:1::/64
        (Get-DsmipBinding -Agent ha1).HomeAddress | Should -Be 10.75.0.5
    }

    It 'removes the binding here, and says so' {
        (Remove-DsmipBinding -HomeAddress 10.75.0.5 -Verbose 4>&1)[-1].Message | Should -BeExactly 'The binding of 10.75.0.5 at ha1 was removed.'
        Get-DsmipBinding -Agent ha1 | Should -BeNullOrEmpty
        "$((Get-DsmipEvent -Agent ha1 -Kind BindingCleared -Last 1).HomeAddress)" | Should -BeExactly 10.75.0.5
        @(Get-DsmipEvent -Agent ha1 -Kind TunnelDown).Count | Should -BeGreaterThan 0
    }

    It 'revokes it with -Signal, and says that the other side did not confirm it: it has not agreed to be told' {
        $outcome = Get-Outcome { Remove-DsmipBinding -Prefix 2001:db8:700:1::/64 -Agent ha1 -Signal }
        $outcome.Ids | Should -BeExactly Timeout
        $outcome.Message | Should -Match 'RFC 3543'
        Get-DsmipBinding -Agent ha1 | Should -BeNullOrEmpty
    }
}
