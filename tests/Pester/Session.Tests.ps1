# docs/examples/session.ps1: the session of the README, as a user runs it.

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $root = (Resolve-Path $PSScriptRoot/../..).Path
}

Describe 'The session of the README' {
    BeforeAll {
        $written = Invoke-PowerShellProcess -File docs/examples/session.ps1 -WorkingDirectory $root
        # Once more for the objects; text alone would not tell their types.
        $run = Invoke-PowerShellProcess -WorkingDirectory $root '
            $objects = @(& ./docs/examples/session.ps1)
            $left = @(Get-DsmipAgent).Count
            [ordered]@{
                Left         = $left
                Registration = $objects | Where-Object { $_ -is [DsmipTools.Engine.MobileIPv4.RegistrationOutcome] } |
                    Select-Object @{ n = "Code"; e = { "$($_.Code)" } }, Attempts, @{ n = "Granted"; e = { $_.LifetimeGranted.TotalSeconds } },
                        @{ n = "RoundTrip"; e = { $_.RoundTripTime.TotalMilliseconds } }, @{ n = "Prefixes"; e = { @($_.Prefixes.ForEach{ "$_" }) } }
                Attachments  = @($objects | Where-Object { $_ -is [DsmipTools.Engine.ProxyMobileIPv6.AttachmentOutcome] } |
                    Select-Object Identifier, @{ n = "Result"; e = { "$($_.Result)" } }, @{ n = "Prefix"; e = { "$($_.Prefixes)" } })
                Revocations  = @($objects | Where-Object { $_ -is [DsmipTools.Engine.Revocation.RevocationOutcome] } |
                    Select-Object @{ n = "Peer"; e = { "$($_.Peer)" } }, @{ n = "Trigger"; e = { "$($_.Trigger)" } }, @{ n = "Status"; e = { "$($_.Status)" } },
                        BindingsRevoked, Attempts, @{ n = "RoundTrip"; e = { $_.RoundTripTime.TotalMilliseconds } })
                Bindings     = @($objects | Where-Object { $_ -is [DsmipTools.Engine.Bindings.BindingSnapshot] }).Count
                Events       = @($objects | Where-Object { $_ -is [DsmipTools.Engine.Diagnostics.AgentEvent] }).Count
                Statistics   = @($objects | Where-Object { $_ -is [DsmipTools.Hosting.AgentStatistics] } | Select-Object Agent -Unique).Agent
            } | ConvertTo-Json -Depth 4'
        $result = $run.Output -replace '(?s)^.*?(?=^\{)', '' -replace '(?m)^What if.*\r?\n(  .*\r?\n)*', '' | ConvertFrom-Json
    }

    It 'runs as written, without an error' {
        $written.Error | Should -BeNullOrEmpty
        $written.ExitCode | Should -Be 0
        $run.Error | Should -BeNullOrEmpty
    }

    It 'registers, with each prefix accepted or rejected by itself' -Tag 'Rfc:5454-3.2-03', 'Rfc:5454-3.3-02' {
        $result.Registration.Code | Should -BeExactly Accepted
        $result.Registration.Granted | Should -Be 300
        $result.Registration.Attempts | Should -BeGreaterOrEqual 1 -Because 'a busy machine may answer late'
        $result.Registration.RoundTrip | Should -BeGreaterThan 0
        $result.Registration.Prefixes | Should -BeExactly '2001:db8:7:1::/64 AcceptedCareOfAddress', '2001:db8:ffff::/64 RejectedProhibited'
    }

    It 'attaches all mobile nodes, each with its own prefix' {
        $result.Attachments.Count | Should -Be 101
        $result.Attachments.Result | Select-Object -Unique | Should -BeExactly Accepted
        ($result.Attachments.Prefix | Select-Object -Unique).Count | Should -Be 101
    }

    It 'says which peers and how many bindings before it revokes' {
        $written.Output | Should -Match 'What if: Revoke all bindings of realm example\.com at lma1'
        $written.Output | Should -Match '50 bindings at peer 127\.0\.0\.11'
        $written.Output | Should -Match '50 bindings at peer 127\.0\.0\.12'
    }

    It 'revokes the realm at each peer, and the other realm keeps its binding until it is meant' -Tag 'Rfc:5846-8.1-05' {
        $realm = $result.Revocations | Where-Object Trigger -EQ RevokingMobilityNodeLocalPolicy | Sort-Object Peer
        $realm.Peer | Should -BeExactly '127.0.0.11', '127.0.0.12'
        $realm.BindingsRevoked | Should -Be 50, 50
        $realm.Status | Should -BeExactly Success, Success
        $realm.Attempts | ForEach-Object { $_ | Should -BeGreaterOrEqual 1 }
        $realm.RoundTrip | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        $node = $result.Revocations | Where-Object Trigger -EQ AdministrativeReason
        $node.Peer | Should -BeExactly '127.0.0.11'
        $node.BindingsRevoked | Should -Be 1
    }

    It 'shows bindings, events and counters, and leaves no agent' {
        $result.Bindings | Should -Be 1
        $result.Events | Should -Be 20
        $result.Statistics | Should -BeExactly lma1
        $result.Left | Should -Be 0
        $written.Output | Should -Match 'Envelope +: MobileIPv4Udp 127\.0\.0\.7:\d+ > 127\.0\.0\.2:4340'
    }

    It 'shows the key nowhere' {
        "$($written.Output)$($run.Output)" | Should -Not -Match '1234567812345678'
    }
}
