BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
    # Patient ones: what a busy machine answers late is an answer all the same.
    $patient = @{ InitialDelay = '60s'; MaximumDelay = '60s'; MinDelayBeforeBCEDelete = 0 }
    $null = New-DsmipLocalMobilityAnchor lma1 127.31.50.10 -PrefixPool 2001:db8:100::/40 @patient -Start
    $null = New-DsmipLocalMobilityAnchor lma2 127.31.50.20 -PrefixPool 2001:db8:200::/40 @patient -Start
    $null = New-DsmipMobileAccessGateway mag1 127.31.50.11 -LocalMobilityAnchor 127.31.50.10 -Start
    $null = New-DsmipMobileAccessGateway mag2 127.31.50.12 -LocalMobilityAnchor 127.31.50.10 -Start
    $null = New-DsmipMobileAccessGateway mag3 127.31.50.13 -LocalMobilityAnchor 127.31.50.20 -Start

    # A Binding Revocation Acknowledgement by hand (RFC 5846, 5.2), padded to whole units of 8 octets.
    function New-Acknowledgement([int] $SequenceNumber, [byte] $Status = 0) {
        [byte[]](59, 1, 16, 0, 0, 0, 2, $Status, ($SequenceNumber -shr 8), ($SequenceNumber -band 255), 0x80, 0, 1, 2, 0, 0)
    }
}

AfterAll { Remove-Module DsmipTools }

Describe 'Invoke-BindingRevocation' {
    BeforeEach {
        Get-DsmipBinding -Agent mag* | Disconnect-DsmipSubscriber | Out-Null
        Wait-For { -not (Get-DsmipBinding -Agent lma1 -State Active) }
        $null = 'mn1@example.com', 'mn2@example.com', 'mn1@sub.example.com', 'mn1@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag1
        $null = 'mn3@example.com', 'mn4@Example.COM' | Connect-DsmipSubscriber -MobileAccessGateway mag2
        $null = 'mn5@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag3
    }

    It 'revokes a realm through all anchors, one result for each peer, and no sub-realm' -Tag 'Rfc:5846-8.1-05' {
        $outcomes = Invoke-BindingRevocation -Realm example.com | Sort-Object Peer
        $outcomes.Peer | ForEach-Object { "$_" } | Should -BeExactly '127.31.50.11', '127.31.50.12', '127.31.50.13'
        $outcomes.BindingsRevoked | Should -Be 2, 2, 1
        $outcomes.Agent | Should -BeExactly lma1, lma1, lma2
        $outcomes.Status | Select-Object -Unique | Should -Be Success
        $outcomes.Trigger | Select-Object -Unique | Should -Be RevokingMobilityNodeLocalPolicy
        $outcomes.RoundTripTime | ForEach-Object { $_ | Should -BeGreaterThan ([timespan]::Zero) }
        (Get-DsmipBinding -Agent lma1 -State Active).Identifier | Should -BeExactly mn1@sub.example.com, mn1@example.org
        (Get-DsmipBinding -Agent mag1).Identifier | Should -BeExactly mn1@sub.example.com, mn1@example.org
    }

    It 'revokes at the anchors that are named alone' {
        (Invoke-BindingRevocation -Realm example.com -Agent lma2).BindingsRevoked | Should -Be 1
        (Get-DsmipBinding -Agent lma1 -Realm example.com -State Active).Count | Should -Be 4
        (Invoke-BindingRevocation -Realm example.com -Agent *1 | Measure-Object BindingsRevoked -Sum).Sum | Should -Be 4
    }

    It 'revokes mobile nodes by identifier, with their reason' -Tag 'Rfc:5846-8.1-01' {
        $outcome = Invoke-BindingRevocation -MobileNode mn1@example.org -Trigger UserInitiatedSessionTermination
        $outcome.Trigger | Should -Be UserInitiatedSessionTermination
        $outcome.BindingsRevoked | Should -Be 1
        ('mn1@example.com', 'mn3@example.com' | Invoke-BindingRevocation).Count | Should -Be 2
        (Get-DsmipBinding -Agent lma1 -State Active).Identifier | Sort-Object | Should -BeExactly mn1@sub.example.com, mn2@example.com, mn4@Example.COM
    }

    It 'revokes once what is named twice' {
        $outcome = 'mn1@example.com', 'mn1@example.com' | Invoke-BindingRevocation
        $outcome | Should -HaveCount 1
        $outcome.Status | Should -Be Success
        $both = Get-DsmipBinding mn2@example.com
        (@($both) + @($both) | Invoke-BindingRevocation).Status | Should -Be Success
        (Invoke-BindingRevocation -Peer 127.31.50.12, 127.31.50.12).BindingsRevoked | Should -Be 2
    }

    It 'warns where another revocation came before the answer' {
        $null = New-DsmipMobileAccessGateway mag7 127.31.50.17 -LocalMobilityAnchor 127.31.50.10 -Start
        $null = Connect-DsmipSubscriber mn7@example.net mag7
        Stop-DsmipAgent mag7
        # Two names of one mobile node, for the realm depends on no case: the second indication takes the binding over from the first.
        $outcomes = 'mn7@example.net', 'mn7@EXAMPLE.NET' |
            Invoke-BindingRevocation -MaxRetries 0 -InitialDelay 500ms -WarningVariable warnings -ErrorAction SilentlyContinue 3>$null
        $outcomes.Result | Should -Be Cancelled, TimedOut
        $warnings | Should -BeLike '*another revocation came before the answer of 127.31.50.17 to the revocation of mn7@example.net;*'
        Get-DsmipBinding mn7@example.net | Should -BeNullOrEmpty
        Remove-DsmipAgent mag7
    }

    It 'revokes the binding with a prefix' -Tag 'Rfc:5846-8.1-02' {
        $prefix = (Get-DsmipBinding mn1@example.org -Agent lma1).Prefixes[0]
        (Invoke-BindingRevocation mn1@example.org -Prefix $prefix).BindingsRevoked | Should -Be 1
        (Get-Outcome { Invoke-BindingRevocation mn1@example.com -Prefix $prefix }).Ids | Should -BeExactly BindingNotFound
    }

    It 'revokes what is piped: bindings, at the anchor that holds them, and passes their other ends over' {
        $outcomes = Get-DsmipBinding -Realm example.com | Invoke-BindingRevocation
        $outcomes.Count | Should -Be 5
        ($outcomes | Measure-Object BindingsRevoked -Sum).Sum | Should -Be 5
        Get-DsmipBinding -Realm example.com -State Active | Should -BeNullOrEmpty
    }

    It 'does not take bindings of others alone' {
        $outcome = Get-Outcome { Get-DsmipBinding mn1@example.org -Agent mag1 | Invoke-BindingRevocation }
        $outcome.Ids | Should -BeExactly WrongAgentKind
        (Get-DsmipBinding mn1@example.org -Agent lma1).State | Should -Be Active
    }

    It 'revokes all of a peer' {
        $outcome = Get-Outcome { Invoke-BindingRevocation -Peer 127.31.50.12 }
        $outcome.Errors | Should -BeNullOrEmpty
        $outcome.Objects.Trigger | Should -Be PerPeerPolicy
        $outcome.Objects.Status | Should -Be Success
        $outcome.Objects.BindingsRevoked | Should -Be 2
        Get-DsmipBinding -Agent lma1 -Peer 127.31.50.12 | Should -BeNullOrEmpty
    }

    It 'says with -WhatIf which peers and how many bindings, and changes nothing' {
        $run = Invoke-PowerShellProcess "
            Import-Module '$root/DsmipTools.psd1'
            `$null = New-DsmipLocalMobilityAnchor lma1 127.31.51.10 -PrefixPool 2001:db8:100::/40 -Start
            `$null = New-DsmipMobileAccessGateway mag1 127.31.51.11 -LocalMobilityAnchor 127.31.51.10 -Start
            `$null = New-DsmipMobileAccessGateway mag2 127.31.51.12 -LocalMobilityAnchor 127.31.51.10 -Start
            `$null = 1..3 | % { `"mn`$_@example.com`" } | Connect-DsmipSubscriber -MobileAccessGateway mag1
            `$null = 'mn9@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag2
            Invoke-BindingRevocation -Realm example.com -WhatIf
            Get-DsmipBinding mn1*, mn2* -Agent lma1 | Invoke-BindingRevocation -WhatIf
            @(Get-DsmipBinding -Agent lma1 -State Active).Count"
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -Match 'What if: Revoke all bindings of realm example\.com at lma1 \(trigger 129 RevokingMobilityNodeLocalPolicy\):\r?\n  3 bindings at peer 127\.31\.51\.11\r?\n  1 binding at peer 127\.31\.51\.12'
        $run.Output | Should -Match 'What if: Revoke bindings of mobile nodes at lma1 \(trigger 1 AdministrativeReason\):\r?\n  2 bindings at peer 127\.31\.51\.11'
        $run.Output.TrimEnd() | Should -BeLike '*4'
    }

    It 'does not ask where nobody can answer' {
        (Get-Command Invoke-BindingRevocation).ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false).ConfirmImpact | Should -Be Medium
    }
}

Describe 'Revocations that fail' {
    BeforeAll {
        Get-DsmipBinding -Agent mag* | Disconnect-DsmipSubscriber | Out-Null
        Wait-For { -not (Get-DsmipBinding -Agent lma*) }

        # An anchor that asks twice or once, with a mobile node at a gateway that has gone.
        function Add-AbandonedAnchor([string] $InitialDelay, [int] $MaximumRetries) {
            $null = New-DsmipLocalMobilityAnchor lma9 127.31.50.90 -PrefixPool 2001:db8:900::/40 -InitialDelay $InitialDelay -MaximumDelay $InitialDelay -MaximumRetries $MaximumRetries -Start
            $null = New-DsmipMobileAccessGateway mag9 127.31.50.91 -LocalMobilityAnchor 127.31.50.90 -Start
            $null = 'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag9
            Remove-DsmipAgent mag9
        }
    }

    BeforeEach {
        $null = 'mn1@example.com', 'mn2@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag1 -ErrorAction Ignore
    }

    It 'find no <Name>' -ForEach @(
        @{ Name = 'realm'; Attempt = { Invoke-BindingRevocation -Realm unknown.example } }
        @{ Name = 'sub-realm'; Attempt = { Invoke-BindingRevocation -Realm sub.sub.example.com } }
        @{ Name = 'mobile node'; Attempt = { Invoke-BindingRevocation -MobileNode nobody@example.com } }
        @{ Name = 'peer'; Attempt = { Invoke-BindingRevocation -Peer 127.31.50.99 } }
        @{ Name = 'realm at an anchor'; Attempt = { Invoke-BindingRevocation -Realm example.com -Agent lma2 -WhatIf:$false } }
    ) {
        $outcome = Get-Outcome $Attempt
        $outcome.Ids | Should -BeExactly BindingNotFound
        $outcome.Categories | Should -Be ObjectNotFound
        $outcome.Objects.Count | Should -Be 0
    }

    It 'have no fitting trigger, realm, prefix or agent' {
        (Get-Outcome { Invoke-BindingRevocation mn1@example.com -Trigger PerPeerPolicy }).Ids | Should -BeExactly InvalidTrigger
        (Get-Outcome { Get-DsmipBinding mn1@example.com -Agent lma1 | Invoke-BindingRevocation -Trigger RevokingMobilityNodeLocalPolicy }).Ids | Should -BeExactly InvalidTrigger
        (Get-Outcome { Invoke-BindingRevocation -Realm mn1@example.com }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { Invoke-BindingRevocation mn1@example.com -Prefix 2001:db8::1/64 }).Ids | Should -BeExactly PrefixHasHostBits
        (Get-Outcome { Invoke-BindingRevocation -Realm example.com -Agent nobody }).Ids | Should -BeExactly AgentNotFound
        (Get-Outcome { Invoke-BindingRevocation -Realm example.com -Agent mag1 }).Ids | Should -BeExactly WrongAgentKind
        (Get-DsmipBinding mn1@example.com -Agent lma1).State | Should -Be Active
    }

    It 'have a trigger that does not fit what is revoked: <Name>' -ForEach @(
        @{ Name = 'realm'; Attempt = { Invoke-BindingRevocation -Realm example.com -Trigger AdministrativeReason }; Trigger = '129 RevokingMobilityNodeLocalPolicy' }
        @{ Name = 'realm'; Attempt = { Invoke-BindingRevocation -Realm example.com -Trigger PerPeerPolicy }; Trigger = '129 RevokingMobilityNodeLocalPolicy' }
        @{ Name = 'peer'; Attempt = { Invoke-BindingRevocation -Peer 127.31.50.11 -Trigger RevokingMobilityNodeLocalPolicy }; Trigger = '128 PerPeerPolicy' }
        @{ Name = 'gateway'; Attempt = { Invoke-BindingRevocation -MobileAccessGateway mag1 -Trigger AdministrativeReason }; Trigger = '128 PerPeerPolicy' }
    ) {
        $outcome = Get-Outcome $Attempt
        $outcome.Ids | Should -BeExactly InvalidTrigger
        $outcome.Message | Should -Match "that of all bindings of a $Name is $Trigger"
        (Get-DsmipBinding mn1@example.com -Agent lma1).State | Should -Be Active
    }

    It 'name what belongs to something else: <Attempt>' -ForEach @(
        @{ Attempt = { Invoke-BindingRevocation -Realm example.com -Prefix 2001:db8:100::/64 } }
        @{ Attempt = { Invoke-BindingRevocation -Realm example.com -IPv4Only } }
        @{ Attempt = { Invoke-BindingRevocation -Realm example.com -MobileNode mn1@example.com } }
        @{ Attempt = { Invoke-BindingRevocation -Peer 127.31.50.11 -ProxyCareOfAddress 2001:db8::1 } }
        @{ Attempt = { Invoke-BindingRevocation -MobileAccessGateway mag1 -Agent lma1 } }
    ) {
        $Attempt | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'have no fitting retransmission' -Tag 'Rfc:5846-11-01' {
        $outcome = Get-Outcome { Invoke-BindingRevocation -Realm example.com -InitialDelay 499ms -Agent lma1 }
        $outcome.Ids | Should -BeExactly InvalidArgument
        $outcome.Message | Should -Match '0\.5 seconds \(RFC 5846, 11\)'
        (Get-Outcome { Invoke-BindingRevocation mn1@example.com -MaxTimeout 10s }).Message | Should -Match 'MAX_BRACK_TIMEOUT is not less than InitMINDelayBRIs'
        { Invoke-BindingRevocation mn1@example.com -MaxRetries -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        (Get-DsmipBinding mn1@example.com -Agent lma1).State | Should -Be Active
    }

    It 'are rejected by the peer: the bindings stay, and that is said' {
        $outcome = Get-Outcome { Invoke-BindingRevocation mn1@example.com -Trigger InterMagHandoverSameAccessType }
        $outcome.Ids | Should -BeExactly RevocationRejected
        $outcome.Categories | Should -Be PermissionDenied
        $outcome.Objects.Result | Should -Be Rejected
        $outcome.Objects.Status | Should -Be MobileNodeIsAttached
        $outcome.Objects.BindingsKept | Should -Be 1
        $outcome.Message | Should -Match 'with status 132 MobileNodeIsAttached; 1 binding stays\.'
        (Get-DsmipBinding mn1@example.com -Agent lma1).State | Should -Be Active
    }

    It 'are not answered: the bindings are cleaned up, and that is said' -Tag 'Rfc:5846-6.3-03' {
        Add-AbandonedAnchor 500ms -MaximumRetries 1
        try {
            $outcome = Get-Outcome { Invoke-BindingRevocation -Realm example.com -Agent lma9 }
            $outcome.Ids | Should -BeExactly Timeout
            $outcome.Categories | Should -Be OperationTimeout
            $outcome.Objects.Result | Should -Be TimedOut
            $outcome.Objects.Attempts | Should -Be 2
            $outcome.Objects.BindingsRevoked | Should -Be 2
            $outcome.Message | Should -Match 'lma9 removed 2 bindings all the same'
            Get-DsmipBinding -Agent lma9 | Should -BeNullOrEmpty
        }
        finally {
            Remove-DsmipAgent lma9
        }
    }

    It 'are stopped: the prompt is back at once, and the anchor brings it to its end' {
        Add-AbandonedAnchor 8s -MaximumRetries 0
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/DsmipTools.psd1'; Invoke-BindingRevocation -Realm example.com -Agent lma9")
        try {
            $null = $shell.BeginInvoke()
            Wait-For { Get-DsmipBinding -Agent lma9 -State RevocationInProgress }
            $shell.Stop()
            # At once: the anchor still waits.
            (Get-DsmipBinding -Agent lma9).State | Should -Be RevocationInProgress, RevocationInProgress
            $shell.InvocationStateInfo.State | Should -Be Stopped
            $shell.Streams.Error.Count | Should -Be 0
            Wait-For { -not (Get-DsmipBinding -Agent lma9) }
            (Get-DsmipEvent -Agent lma9 -Kind RevocationTimedOut).Count | Should -Be 2
            (Get-DsmipAgent lma9).State | Should -Be Running
        }
        finally {
            $shell.Dispose()
            Remove-DsmipAgent lma9
        }
    }

    It 'are given up as this call says, and the next ones as the anchor does' -Tag 'Rfc:5846-11-01' {
        Add-AbandonedAnchor 60s -MaximumRetries 4
        try {
            $outcome = Get-Outcome { Invoke-BindingRevocation mn1@example.com -Agent lma9 -MaxRetries 1 -InitialDelay 500ms -MaxTimeout 500ms }
            $outcome.Ids | Should -BeExactly Timeout
            $outcome.Objects.Attempts | Should -Be 2
            $outcome.Objects.Request.Retransmission.MaximumRetries | Should -Be 1
            (Get-DsmipAgent lma9).Options.Revocation.MaximumRetries | Should -Be 4
            $piped = Get-Outcome { Get-DsmipBinding -Agent lma9 | Invoke-BindingRevocation -MaxRetries 0 -InitialDelay 500ms }
            $piped.Objects.Attempts | Should -Be 1
        }
        finally {
            Remove-DsmipAgent lma9
        }
    }
}

Describe 'Acknowledgements that do not fit' {
    BeforeAll {
        $null = New-DsmipMobileAccessGateway mag4 127.31.50.14 -LocalMobilityAnchor 127.31.50.10 -Start
        $null = Connect-DsmipSubscriber late@example.net mag4
    }

    It 'match nothing, and are dropped and counted' {
        Stop-DsmipAgent mag4
        $before = Get-Count lma1 @{ Drop = 'NoMatchingRequest' }
        Send-Datagram 127.31.50.14 5436 127.31.50.10 5436 (New-Acknowledgement 4711)
        Wait-For { (Get-Count lma1 @{ Drop = 'NoMatchingRequest' }) -gt $before }
        (Get-DsmipBinding late@example.net -Agent lma1).State | Should -Be Active
    }

    It 'come from somebody else, and leave the revocation as it is' -Tag 'Rfc:5846-13-02' {
        # In the place of the gateway, who sees the sequence number.
        $gateway = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress]'127.31.50.14', 5436))
        $gateway.Client.ReceiveTimeout = 60000
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/DsmipTools.psd1'; Invoke-BindingRevocation late@example.net")
        try {
            $running = $shell.BeginInvoke()
            $source = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
            $indication = $gateway.Receive([ref] $source)
            $acknowledgement = New-Acknowledgement ($indication[8] * 256 + $indication[9])
            Send-Datagram 127.31.50.66 5436 127.31.50.10 5436 $acknowledgement
            Wait-For { (Get-Count lma1 @{ Drop = 'ForeignAcknowledgement' }) -eq 1 }
            (Get-DsmipEvent -Agent lma1 -Security | Select-Object -Last 1).Peer | Should -Be 127.31.50.66
            (Get-DsmipBinding late@example.net -Agent lma1).State | Should -Be RevocationInProgress
            # The same octets from where the indication went are the answer.
            $null = $gateway.Send($acknowledgement, $acknowledgement.Length, '127.31.50.10', 5436)
            $shell.EndInvoke($running).Result | Should -Be Acknowledged
            Get-DsmipBinding late@example.net -Agent lma1 | Should -BeNullOrEmpty
        }
        finally {
            $shell.Dispose()
            $gateway.Dispose()
        }
    }
}

Describe 'What can be revoked besides' {
    BeforeAll {
        $null = New-DsmipLocalMobilityAnchor lma5 127.31.50.50 -PrefixPool 2001:db8:500::/40 @patient -Start `
            -PrefixesPerSession 2 -IPv4HomeNetwork 192.0.2.0/24 -UnknownHandoff NewSession -GlobalRevocation @{ 'gateway5@example.net' = '127.31.50.51', '127.31.50.59' }
        $revocation = @{ RevocationInitialDelay = '60s'; RevocationMaximumDelay = '60s'; RevocationMaximumRetries = 0 }
        $null = New-DsmipMobileAccessGateway mag5 127.31.50.51 -LocalMobilityAnchor 127.31.50.50 -Identity gateway5@example.net @revocation -Start
        $null = New-DsmipMobileAccessGateway mag6 127.31.50.52 -LocalMobilityAnchor 127.31.50.50 @revocation -Start
    }

    BeforeEach {
        Get-DsmipBinding -Agent mag5, mag6 | Disconnect-DsmipSubscriber | Out-Null
        Wait-For { -not (Get-DsmipBinding -Agent lma5) }
    }

    AfterAll { Remove-DsmipAgent lma5, mag5, mag6 }

    It 'are sessions by several prefixes, one result for each peer' -Tag 'Rfc:5846-8.1-02' {
        $first = Connect-DsmipSubscriber mn1@example.net mag5 -Prefix 2001:db8:555:1::/64, 2001:db8:555:2::/64
        $first.Prefixes | ForEach-Object { "$_" } | Should -BeExactly '2001:db8:555:1::/64', '2001:db8:555:2::/64'
        $second = Connect-DsmipSubscriber mn1@example.net mag6 -HandoffIndicator Unknown
        $second.Prefixes.Count | Should -Be 2
        (Get-DsmipBinding mn1@example.net -Agent lma5).Count | Should -Be 2 -Because 'with NewSession an unknown handoff makes another session'
        (Get-Outcome { Invoke-BindingRevocation mn1@example.net -Prefix 2001:db8:555:1::/64, 2001:db8:555:2::1/64 }).Ids | Should -BeExactly PrefixHasHostBits
        $outcomes = Invoke-BindingRevocation mn1@example.net -Prefix 2001:db8:555:2::/64, $second.Prefixes[0] | Sort-Object Peer
        $outcomes.Peer | ForEach-Object { "$_" } | Should -BeExactly '127.31.50.51', '127.31.50.52'
        $outcomes.BindingsRevoked | Should -Be 1, 1
        Get-DsmipBinding mn1@example.net | Should -BeNullOrEmpty
    }

    It 'are IPv4 home addresses alone: the prefixes stay' {
        $attached = Connect-DsmipSubscriber mn1@example.net mag5 -IPv4HomeAddress 0.0.0.0
        "$($attached.IPv4HomeAddress)" | Should -BeExactly 192.0.2.2
        "$((Connect-DsmipSubscriber mn2@example.net mag6 -IPv4HomeAddress 192.0.2.77).IPv4HomeAddress)" | Should -BeExactly 192.0.2.77
        $null = Connect-DsmipSubscriber mn3@example.net mag6
        Get-DsmipBinding mn1@example.net -Agent lma5 | Format-List | Out-String | Should -Match 'IPv4HomeAddress +: 192\.0\.2\.2'

        $outcome = Invoke-BindingRevocation mn1@example.net -IPv4Only
        $outcome.Status | Should -Be Success
        $outcome.Trigger | Should -Be UserInitiatedSessionTermination
        $bindings = Get-DsmipBinding mn1@example.net -Agent lma5, mag5
        $bindings.State | Should -Be Active, Active
        $bindings.IPv4HomeAddress | Where-Object { $_ } | Should -BeNullOrEmpty
        "$($bindings[0].Prefixes)" | Should -BeExactly "$($attached.Prefixes)"

        (Get-Outcome { Invoke-BindingRevocation mn1@example.net -IPv4Only }).Ids | Should -BeExactly BindingNotFound
        (Get-Outcome { Invoke-BindingRevocation mn2@example.net -IPv4Only -Prefix 2001:db8:555:1::/64 }).Ids | Should -BeExactly InvalidArgument
        $piped = Get-Outcome { Get-DsmipBinding -Agent lma5 | Invoke-BindingRevocation -IPv4Only -Trigger AdministrativeReason }
        $piped.Objects.Peer | ForEach-Object { "$_" } | Should -BeExactly '127.31.50.52'
        $piped.Objects.Trigger | Should -Be AdministrativeReason
        $piped.Ids | Should -BeExactly BindingNotFound, BindingNotFound
        (Get-DsmipBinding -Agent lma5 -State Active).Count | Should -Be 3
    }

    It 'are piped bindings without a prefix: that session, and no other of the mobile node' {
        # The Sdk attaches for IPv4 alone.
        $request = [DsmipTools.Engine.ProxyMobileIPv6.AttachmentRequest] @{ Identifier = 'mn1@example.net'; IPv6 = $false; IPv4HomeAddress = '0.0.0.0' }
        (Get-DsmipAgent mag5).AttachAsync($request).GetAwaiter().GetResult().Result | Should -Be Accepted
        $null = Connect-DsmipSubscriber mn1@example.net mag6 -HandoffIndicator Unknown
        $alone = Get-DsmipBinding -Agent lma5 | Where-Object IPv4HomeAddress
        $alone.Prefixes.Count | Should -Be 0
        "$(($alone | Invoke-BindingRevocation).Peer)" | Should -BeExactly 127.31.50.51
        (Get-DsmipBinding mn1@example.net).Agent | Should -BeExactly lma5, mag6
    }

    It 'are all bindings of a gateway that is authorised' {
        $null = 'mn1@example.net', 'mn2@example.net' | Connect-DsmipSubscriber -MobileAccessGateway mag5
        $null = Connect-DsmipSubscriber mn3@example.net mag6
        $outcome = Invoke-BindingRevocation -MobileAccessGateway mag5
        $outcome.Agent | Should -BeExactly mag5
        "$($outcome.Peer)" | Should -BeExactly 127.31.50.50
        $outcome.Trigger | Should -Be PerPeerPolicy
        $outcome.Status | Should -Be Success
        $outcome.BindingsRevoked | Should -Be 2
        (Get-DsmipBinding -Agent lma5, mag5, mag6).Agent | Should -BeExactly lma5, mag6
    }

    It 'are not those of another gateway: status 130, and it is not tried again until the gateway is started anew' {
        $null = Connect-DsmipSubscriber mn1@example.net mag6
        $outcome = Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag6 }
        $outcome.Ids | Should -BeExactly RevocationRejected
        [int] $outcome.Objects.Status | Should -Be 130
        $outcome.Objects.BindingsKept | Should -Be 1
        (Get-DsmipBinding mn1@example.net).State | Should -Be Active, Active
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag6 }).Ids | Should -BeExactly InvalidAgentState
        $null = Get-DsmipBinding -Agent mag6 | Disconnect-DsmipSubscriber
        Stop-DsmipAgent mag6
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag6 }).Ids | Should -BeExactly InvalidAgentState
        Start-DsmipAgent mag6
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway mag6 }).Ids | Should -BeExactly RevocationRejected
    }

    It 'name gateways that exist' {
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway nobody }).Ids | Should -BeExactly AgentNotFound
        (Get-Outcome { Invoke-BindingRevocation -MobileAccessGateway lma5 }).Ids | Should -BeExactly WrongAgentKind
        (TabExpansion2 'Invoke-BindingRevocation -MobileAccessGateway mag5').CompletionMatches.CompletionText | Should -BeExactly mag5
        (Get-Outcome { New-DsmipLocalMobilityAnchor lma6 127.31.50.60 -PrefixPool 2001:db8:600::/40 -GlobalRevocation @{ mag6 = 'nowhere' } }).Ids | Should -BeExactly InvalidArgument
        (Get-Outcome { New-DsmipLocalMobilityAnchor lma6 127.31.50.60 -PrefixPool 2001:db8:600::/40 -IPv4HomeNetwork 192.0.2.1/24 }).Ids | Should -BeExactly InvalidArgument
        { New-DsmipLocalMobilityAnchor lma6 127.31.50.60 -PrefixPool 2001:db8:600::/40 -IPv4HomeNetwork 192.0.2.0 } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
        (Get-Outcome { New-DsmipMobileAccessGateway mag7 127.31.50.61 -LocalMobilityAnchor 127.31.50.60 -RevocationInitialDelay 100ms }).Ids | Should -BeExactly InvalidArgument
        Get-DsmipAgent lma6*, mag7* | Should -BeNullOrEmpty
    }

    It 'are not the bindings at a proxy care-of address over IPv4, which no indication can name' {
        $outcome = Get-Outcome { Invoke-BindingRevocation -Realm example.net -ProxyCareOfAddress 127.31.50.51 }
        $outcome.Ids | Should -BeExactly InvalidArgument
        $outcome.Message | Should -Match 'Alternate Care-of Address option holds an IPv6 address'
    }

    It 'are the bindings of a realm at one proxy care-of address (simulated: the loopback world carries no Mobility Headers over IPv6)' {
        Set-Content $TestDrive/subgroup.ps1 @'
            $null = New-DsmipLocalMobilityAnchor lma1 2001:db8:1::10 -PrefixPool 2001:db8:100::/40 -Peer 2001:db8:1::11, 2001:db8:1::12 -Start
            $null = New-DsmipMobileAccessGateway mag1 2001:db8:1::11 -LocalMobilityAnchor 2001:db8:1::10 -Start
            $null = New-DsmipMobileAccessGateway mag2 2001:db8:1::12 -LocalMobilityAnchor 2001:db8:1::10 -Start
            $null = 'mn1@example.com', 'mn2@example.org' | Connect-DsmipSubscriber -MobileAccessGateway mag1
            $null = 'mn3@example.com', 'mn4@example.com' | Connect-DsmipSubscriber -MobileAccessGateway mag2
            Step 'revoke a subgroup' {
                $outcome = Invoke-BindingRevocation -Realm example.com -ProxyCareOfAddress 2001:db8:1::12
                Expect Peer '2001:db8:1::12' { "$($outcome.Peer)" }
                Expect Status Success { $outcome.Status }
                Expect Bindings 2 { $outcome.BindingsRevoked }
                Expect Left 'mn1@example.com mn2@example.org' { "$((Get-DsmipBinding -Agent lma1 -State Active).Identifier)" }
            }
'@
        $result = Invoke-DsmipProcedure $TestDrive/subgroup.ps1
        $result.Steps | Where-Object Outcome -NE Passed | Out-String | Should -BeNullOrEmpty
        $result.Outcome | Should -Be Passed
        $result.Steps.Count | Should -Be 5 -Because "a step has four expectations"
    }

    It 'are counted with -WhatIf for each peer, and nothing changes' {
        $run = Invoke-PowerShellProcess "
            Import-Module '$root/DsmipTools.psd1'
            `$null = New-DsmipLocalMobilityAnchor lma1 127.31.52.10 -PrefixPool 2001:db8:100::/40 -IPv4HomeNetwork 192.0.2.0/24 -UnknownHandoff NewSession -Start
            `$null = New-DsmipMobileAccessGateway mag1 127.31.52.11 -LocalMobilityAnchor 127.31.52.10 -Start
            `$null = New-DsmipMobileAccessGateway mag2 127.31.52.12 -LocalMobilityAnchor 127.31.52.10 -Start
            `$null = 1..3 | % { `"mn`$_@example.com`" } | Connect-DsmipSubscriber -MobileAccessGateway mag1 -IPv4HomeAddress 0.0.0.0
            `$null = Connect-DsmipSubscriber mn1@example.com mag2 -HandoffIndicator Unknown
            Invoke-BindingRevocation mn1@example.com -Prefix (Get-DsmipBinding mn1@example.com -Agent lma1).Prefixes -WhatIf
            Invoke-BindingRevocation mn1@example.com, mn2@example.com -IPv4Only -WhatIf
            Invoke-BindingRevocation -MobileAccessGateway mag* -WhatIf
            @(Get-DsmipBinding -Agent lma1 -State Active | ? IPv4HomeAddress).Count"
        $run.Error | Should -BeNullOrEmpty
        $run.Output | Should -Match 'What if: Revoke bindings of mobile nodes at lma1 \(trigger 1 AdministrativeReason\):\r?\n  1 binding at peer 127\.31\.52\.11 \(mn1@example\.com, .*\)\r?\n  1 binding at peer 127\.31\.52\.12'
        $run.Output | Should -Match 'What if: Revoke IPv4 home addresses of mobile nodes at lma1 \(trigger 5 UserInitiatedSessionTermination\):\r?\n  2 bindings at peer 127\.31\.52\.11'
        $run.Output | Should -Match 'What if: Revoke all bindings of mobile access gateway mag1 \(trigger 128 PerPeerPolicy\):\r?\n  3 bindings at peer 127\.31\.52\.10'
        $run.Output | Should -Match 'What if: Revoke all bindings of mobile access gateway mag2 \(trigger 128 PerPeerPolicy\):\r?\n  1 binding at peer 127\.31\.52\.10'
        $run.Output.TrimEnd() | Should -BeLike '*3'
    }
}

Describe 'Bindings of a home agent' {
    BeforeAll {
        $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.9.1.7 -Key (New-TestKey)
        $null = New-DsmipHomeAgent ha9 127.31.50.90 -Port 4349 -HomeNetwork 10.9.1.0/24 -Start
        function Register-Node {
            Send-DsmipRegistration -HomeAgent 127.31.50.90 -Port 4349 -HomeAddress 10.9.1.7 -CareOfAddress 127.31.50.97 -Nai mn9@mobile.example -Spi 256
        }
    }

    AfterAll { Remove-DsmipAgent ha9; Remove-DsmipSecurityAssociation -HomeAddress 10.9.1.7 }

    It 'are revoked by <Name>, and it is said that nobody has agreed to be told' -Tag 'Rfc:3543-4.2.1-02' -ForEach @(
        @{ Name = 'realm'; Attempt = { Invoke-BindingRevocation -Realm mobile.example @warn } }
        @{ Name = 'identifier'; Attempt = { Invoke-BindingRevocation mn9@mobile.example @warn } }
        @{ Name = 'peer'; Attempt = { Invoke-BindingRevocation -Peer 127.31.50.97 -Agent ha9 @warn } }
        @{ Name = 'the pipeline'; Attempt = { Get-DsmipBinding -Agent ha9 | Invoke-BindingRevocation @warn } }
    ) {
        (Register-Node).Result | Should -Be Accepted
        $warn = @{ WarningVariable = 'warnings'; WarningAction = 'SilentlyContinue' }
        $outcome = . $Attempt
        "$($outcome.Agent) $($outcome.Peer) $($outcome.Result) $($outcome.BindingsRevoked)" | Should -BeExactly 'ha9 127.31.50.97 NotTold 1'
        "$warnings" | Should -BeLike '*has not agreed to be told of revocations (RFC 3543, 4.2.1)*'
        Get-DsmipBinding -Agent ha9 | Should -BeNullOrEmpty
    }

    It 'stay with -WhatIf' {
        $null = Register-Node
        Invoke-BindingRevocation -Realm mobile.example -WhatIf
        @(Get-DsmipBinding -Agent ha9).Count | Should -Be 1
    }
}
