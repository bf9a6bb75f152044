# How procedures run: small ones written here that go wrong in each way. ModuleProcedures.Tests.ps1 runs those of the module.

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    Import-Module $root/DsmipTools.psd1 -Force

    # Runs a procedure that is given as text.
    function Invoke-Text([string] $Text, [hashtable] $With = @{}) {
        Set-Content $TestDrive/text.ps1 $Text
        Invoke-DsmipProcedure $TestDrive/text.ps1 @With
    }
    function Get-Step($Result, [string] $Name) { $Result.Steps | Where-Object Name -EQ $Name }
}

Describe 'Get-DsmipProcedure' {
    It 'lists name, synopsis, worlds and path' {
        $all = Get-DsmipProcedure
        $all.Name | Sort-Object | Should -BeExactly (Get-ChildItem $root/module/Procedures/*.ps1 | ForEach-Object BaseName | Sort-Object)
        foreach ($one in $all) {
            $one.Synopsis | Should -Match '\.$' -Because $one.Name
            $one.Worlds | Should -Contain Simulated -Because $one.Name
            $one.Path | Should -Exist
        }
        ($all | Where-Object Name -EQ revocation-realm).Parameters | Should -BeExactly MobileNodes, Realm, Loss
    }

    It 'takes wildcards and names, also through the pipeline' {
        (Get-DsmipProcedure *-realm).Name | Should -Be 'revocation-realm'
        ('revocation-realm', 'dsmip*' | Get-DsmipProcedure).Name | Should -Be 'revocation-realm', 'dsmipv4-foreign-agent', 'dsmipv4-registration'
        Get-DsmipProcedure nothing* | Should -BeNullOrEmpty
        { Get-DsmipProcedure nothing -ErrorAction Stop } | Should -Throw -ErrorId 'ProcedureNotFound,*'
    }

    It 'completes names' {
        foreach ($line in 'Get-DsmipProcedure revocation-realm-', 'Invoke-DsmipProcedure -Name revocation-realm-') {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'revocation-realm-subgroup'
        }
    }
}

Describe 'A procedure' {
    It 'runs steps and expectations in order and tells what was found' {
        $result = Invoke-Text @'
param($Number = 1)
Step 'first' { $kept = $Number * 2 }
Expect 'variables of a step stay' 84 { $kept }
Step 'second' { 'a'; 'b' }
'@ @{ Parameter = @{ Number = 42 } }
        $result | Should -BeOfType DsmipTools.Labs.ProcedureResult
        $result.Name | Should -Be 'text'
        "$($result.World) $($result.Seed) $($result.Outcome)" | Should -Be 'Simulated 1 Passed'
        $result.Steps.Name | Should -Be 'first', 'variables of a step stay', 'second'
        $result.Steps[1].Expected | Should -Be 84
        $result.Steps[1].Actual | Should -Be 84
        $result.Steps[2].Actual | Should -Be 'a', 'b'
        $result.Captures | Should -HaveCount 0
    }

    It 'goes on after an expectation that is not met, and fails' {
        $result = Invoke-Text "Expect 'one' 1 { 2 }; Expect 'error' 1 { throw 'no' }; Step 'after' { }"
        $result.Outcome | Should -Be Failed
        $result.Steps.Outcome | Should -Be Failed, Failed, Passed
        "$($result.Steps[0])" | Should -Be 'Failed: one: expected 1, found 2'
        $result.Steps[1].Actual | Should -Match '^no \(text\.ps1, line 1\)'
    }

    It 'stops after a step that fails, also from a non-terminating error' {
        $result = Invoke-Text "Step 'bad' { Get-DsmipAgent nobody }`nStep 'never' { }"
        $result.Outcome | Should -Be Failed
        $result.Steps.Name | Should -Be 'bad'
        $result.Steps[0].Actual | Should -Match 'nobody.*text\.ps1, line 1'
    }

    It 'runs finally blocks of a procedure that a step stops' {
        $global:cleaned = 0
        (Invoke-Text "try { Step 'bad' { throw 'x' } } finally { `$global:cleaned++ }").Outcome | Should -Be Failed
        $global:cleaned | Should -Be 1
        Remove-Variable cleaned -Scope Global
    }

    It 'notes an error outside of any step' {
        $result = Invoke-Text "Step 'good' { }`nGet-Item /no/such/thing"
        $result.Outcome | Should -Be Failed
        $result.Steps.Outcome | Should -Be Passed, Failed
        $result.Steps[1].Actual | Should -Match 'line 2'
    }

    It 'skips what its world cannot carry, with the reason' {
        $result = Invoke-Text "Step 'other' -World Loopback { throw }; Expect 'too' 1 { 2 } -World Loopback; Step 'here' -World Simulated, Loopback { }"
        $result.Steps.Outcome | Should -Be Skipped, Skipped, Passed
        $result.Steps[0].Actual | Should -Be 'Needs the world Loopback; this one is Simulated.'
        $result.Outcome | Should -Be Passed
    }

    It 'is skipped as a whole in a world that it does not list, and never passed without a step that passed' {
        $result = Invoke-Text "<#`n.FUNCTIONALITY`n    Loopback`n#>`nStep 'x' { }"
        $result.Outcome | Should -Be Skipped
        $result.Steps[0].Actual | Should -Match 'Needs the world Loopback'
        (Invoke-Text "Step 'other' -World Loopback { }").Outcome | Should -Be Skipped
    }

    It 'compares <Expected> with { <Actual> }: <Outcome>' -ForEach @(
        @{ Expected = "'Accepted'"; Actual = "[DsmipTools.Wire.MobileIPv4.RegistrationCode]::Accepted"; Outcome = 'Passed' }
        @{ Expected = "'accepted'"; Actual = "'Accepted'"; Outcome = 'Failed' }
        @{ Expected = '1, 2'; Actual = '1; 2'; Outcome = 'Passed' }
        @{ Expected = '1, 2'; Actual = '2; 1'; Outcome = 'Failed' }
        @{ Expected = '1'; Actual = '1; 1'; Outcome = 'Failed' }
        @{ Expected = ', @(1)'; Actual = '1'; Outcome = 'Passed' }
        @{ Expected = '@()'; Actual = ''; Outcome = 'Passed' }
        @{ Expected = '$null'; Actual = ''; Outcome = 'Passed' }
        @{ Expected = '$null'; Actual = '0'; Outcome = 'Failed' }
        @{ Expected = '0'; Actual = ''; Outcome = 'Failed' }
        @{ Expected = '@{ a = 1 }'; Actual = '@{ a = 1 }'; Outcome = 'Passed' }
        @{ Expected = '@{ a = 1 }'; Actual = '@{ a = 1; b = 2 }'; Outcome = 'Failed' }
        @{ Expected = '@{ a = 1 }'; Actual = '[pscustomobject] @{ a = 1; b = 2 }'; Outcome = 'Passed' }
        @{ Expected = '@{ a = 1 }'; Actual = '[pscustomobject] @{ b = 2 }'; Outcome = 'Failed' }
        @{ Expected = '{ $_ -gt 3 }'; Actual = '4'; Outcome = 'Passed' }
        @{ Expected = '{ $_ -gt 3 }'; Actual = '3'; Outcome = 'Failed' }
        @{ Expected = '{ $_.Count -eq 2 }'; Actual = '1; 2'; Outcome = 'Passed' }
        @{ Expected = '[timespan] "00:00:02"'; Actual = '[timespan]::FromSeconds(2)'; Outcome = 'Passed' }
    ) {
        $result = Invoke-Text "Expect 'it' ($Expected) { $Actual }"
        $result.Steps[0].Outcome | Should -Be $Outcome
        $result.Steps[0].Name | Should -Be 'it'
    }

    It 'lets time pass with -Within <Text>' -ForEach @(
        @{ Text = '2s'; Seconds = 2 }
        @{ Text = '500ms'; Seconds = 0.5 }
        @{ Text = '00:00:02'; Seconds = 2 }
        @{ Text = '3'; Seconds = 3 }
        @{ Text = '1h'; Seconds = 3600 }
        @{ Text = '([timespan]::FromSeconds(1.5))'; Seconds = 1.5 }
    ) {
        $result = Invoke-Text "Expect 'never' 1 { 0 } -Within $Text"
        $result.Steps[0].Duration.TotalSeconds | Should -Be $Seconds
        $result.Outcome | Should -Be Failed
    }

    It 'lets time pass before it looks, with -After' {
        $result = Invoke-Text "Step 'at' -After 2s { `$Lab.Elapsed.TotalSeconds }`nExpect 'then' 2.5 { `$Lab.Elapsed.TotalSeconds } -After 500ms`nExpect 'x' 1 { 1 } -After soon"
        $result.Steps[0].Actual | Should -Be 2
        $result.Steps[1].Outcome | Should -Be Passed
        "$($result.Steps[-1].Actual)" | Should -Match 'soon'
    }

    It 'sees what was sent, and loses or delays the next of it' {
        $result = Invoke-Text @'
Step 'an anchor and a gateway' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.0.1.10 -PrefixPool 2001:db8:100::/40 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.0.1.11 -LocalMobilityAnchor 127.0.1.10 -Start
}
Step 'lose one, delay one' {
    $Lab.Lose('ProxyBindingUpdate')
    $Lab.Delay('ProxyBindingAcknowledgement', '00:00:00.5', 1, 'lma1')
    $attached = Connect-DsmipSubscriber mn1@example.com mag1 -LinkLayerIdentifier 02:00:5e:10:00:01
}
Expect 'it took two attempts, and half a second more' @{ Attempts = 2; RoundTripTime = '00:00:00.5100000' } { $attached }
Expect 'all is seen' 'ProxyBindingUpdate', 'ProxyBindingUpdate', 'ProxyBindingAcknowledgement' { $Lab.Sent().Kind }
Step 'do not wait' { Invoke-BindingRevocation mn1@example.com -NoWait; Disconnect-DsmipSubscriber mn1@example.com -NoWait }
Expect 'so that both are under way at once' 'ProxyBindingUpdate', 'BindingRevocationIndication' { ($Lab.Sent() | Where-Object At -EQ $Lab.Elapsed | Sort-Object From -Descending).Kind }
Step 'nobody' { Disconnect-DsmipSubscriber nobody@example.com -NoWait }
'@
        $result.Steps.Outcome | Should -Be Passed, Passed, Passed, Passed, Passed, Passed, Failed
        "$($result.Steps[-1].Actual)" | Should -Match 'nobody@example\.com is not attached'
        "$((Invoke-Text "Step 'x' { `$Lab.Lose('ProxyBindingUpdate') }" @{ World = 'Loopback' }).Steps[0].Actual)" | Should -Match 'simulated world alone'
    }

    It 'stops waiting as soon as it is so' {
        $result = Invoke-Text "Expect 'half a second' { `$_ -ge 0.5 } { `$Lab.Elapsed.TotalSeconds } -Within 10s"
        $result.Outcome | Should -Be Passed
        $result.Steps[0].Duration.TotalSeconds | Should -BeLessThan 0.6
        $real = Invoke-Text "Expect 'half a second' { `$_ -ge 0.5 } { `$Lab.Elapsed.TotalSeconds } -Within 10s" @{ World = 'Loopback' }
        $real.Outcome | Should -Be Passed
        $real.Steps[0].Duration.TotalSeconds | Should -BeLessThan 5
    }

    It 'refuses a limit that is no duration' {
        $result = Invoke-Text "Expect 'x' 1 { 1 } -Within soon"
        $result.Outcome | Should -Be Failed
        "$($result.Steps[-1].Actual)" | Should -Match 'soon'
    }

    It 'has its lab, and real links have no faults' {
        (Invoke-Text 'Step "lose" { $Lab.Link = @{ Loss = 1 } }; Expect "set" 1 { $Lab.Link.Loss }').Outcome | Should -Be Passed
        $result = Invoke-Text 'Step "lose" { $Lab.Link = @{ Loss = 1 } }' @{ World = 'Loopback' }
        $result.Outcome | Should -Be Failed
        "$($result.Steps[0].Actual)" | Should -Match 'simulated world alone'
    }

    It 'may run another one' {
        Set-Content $TestDrive/inner.ps1 "Step 'inner' { }"
        $result = Invoke-Text "Step 'outer' { (Invoke-DsmipProcedure '$TestDrive/inner.ps1').Outcome }; Step 'still here' { `$Lab.Name }"
        $result.Steps.Name | Should -Be 'outer', 'still here'
        "$($result.Steps[0].Actual) $($result.Steps[1].Actual)" | Should -Be 'Passed text'
    }

    It 'sees global functions of the session' {
        function global:Get-Answer { 42 }
        (Invoke-Text "Expect 'the answer' 42 { Get-Answer }").Outcome | Should -Be Passed
        Remove-Item function:global:Get-Answer
    }

    It 'leaves nothing behind in the session, and is not seen there' {
        $null = Invoke-Text "`$left = 1; function Left-Over { }; Step 'x' { `$also = 1 }"
        Get-Variable left, also, Lab -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-Command Left-Over, Step, Expect, Invoke-DsmipStep, Assert-DsmipExpectation -ErrorAction Ignore | Should -BeNullOrEmpty
        { & (Get-Module DsmipTools) { Step 'outside' { } } } | Should -Throw -ErrorId 'NotInProcedure,*'
        { & (Get-Module DsmipTools) { Expect 'outside' 1 { 1 } } } | Should -Throw -ErrorId 'NotInProcedure,*'
    }

    It 'never touches the agents of the session' {
        $mine = New-DsmipLocalMobilityAnchor -Name lma1 -Address 127.58.46.10 -PrefixPool 2001:db8:100::/40
        try {
            $result = Invoke-Text @'
Step 'add' { $null = New-DsmipLocalMobilityAnchor -Name lma1 -Address 127.58.46.99 -PrefixPool 2001:db8:200::/40 -Start }
Expect 'its own alone' '127.58.46.99' { (Get-DsmipAgent).Address }
Step 'remove' { Get-DsmipAgent | Remove-DsmipAgent }
'@ @{ World = 'Loopback' }
            $result.Outcome | Should -Be Passed
            @(Get-DsmipAgent).Count | Should -Be 1
            "$((Get-DsmipAgent).Address) $((Get-DsmipAgent).State)" | Should -Be '127.58.46.10 Stopped'
        }
        finally {
            $mine | Remove-DsmipAgent
        }
    }

    It 'is refused with an id when it does not exist, is no script, or cannot write' {
        { Invoke-DsmipProcedure no-such-procedure -ErrorAction Stop } | Should -Throw -ErrorId 'ProcedureNotFound,*'
        { Invoke-DsmipProcedure ./no-such-file.ps1 -ErrorAction Stop } | Should -Throw -ErrorId 'ProcedureNotFound,*'
        { Invoke-Text 'Step {' @{ ErrorAction = 'Stop' } } | Should -Throw -ErrorId 'InvalidProcedure,*'
        { Invoke-DsmipProcedure revocation-realm -Parameter @{ MobileNode = 36 } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*' -ExpectedMessage '*MobileNodes, Realm, Loss*'
        { Invoke-Text "<#`n.FUNCTIONALITY`nMars`n#>" @{ ErrorAction = 'Stop' } } | Should -Throw -ErrorId 'InvalidProcedure,*'
        Set-Content $TestDrive/file 'in the way'
        { Invoke-Text "Step 'x' { }" @{ OutputPath = "$TestDrive/file/folder"; ErrorAction = 'Stop' } } | Should -Throw -ErrorId 'FileError,*'
    }

    It 'does nothing with -WhatIf' {
        Invoke-DsmipProcedure revocation-realm -OutputPath $TestDrive/whatif -WhatIf | Should -BeNullOrEmpty
        Test-Path $TestDrive/whatif | Should -BeFalse
    }

    It 'comes by path through the pipeline' {
        Set-Content $TestDrive/one.ps1 "Step 'x' { }"
        (Get-Item $TestDrive/one.ps1 | Invoke-DsmipProcedure).Outcome | Should -Be Passed
        ("$TestDrive/one.ps1" | Invoke-DsmipProcedure).Outcome | Should -Be Passed
    }

    It 'ends at once with Ctrl+C, and its agents with it' {
        Set-Content $TestDrive/long.ps1 @'
Step 'add' { $null = New-DsmipLocalMobilityAnchor -Name lma1 -Address 127.58.46.98 -PrefixPool 2001:db8:200::/40 -Start }
Expect 'never' 1 { 0 } -Within 1h
'@
        $socket = { [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress] '127.58.46.98', 5436)).Dispose() }
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$root/DsmipTools.psd1'; Invoke-DsmipProcedure '$TestDrive/long.ps1' -World Loopback")
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(60)
            while ($true) {
                try { & $socket } catch { break }
                if ([datetime]::UtcNow -gt $deadline) { throw 'the anchor never came up' }
                Start-Sleep -Milliseconds 50
            }
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
            $running.IsCompleted | Should -BeTrue
            $socket | Should -Not -Throw
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'The procedure revocation-realm' {
    It 'holds for any seed: <_>' -ForEach 2, 3, 5, 7, 11, 13, 17, 18446744073709551615 {
        $result = Invoke-DsmipProcedure revocation-realm -Seed $_ -Parameter @{ MobileNodes = 36; Loss = 0.3 }
        "$($result.Steps | Where-Object Outcome -EQ 'Failed')" | Should -BeNullOrEmpty
        $result.Outcome | Should -Be Passed
    }

    It 'revokes the sub-realm by itself too' {
        $result = Invoke-DsmipProcedure revocation-realm -Parameter @{ MobileNodes = 36; Realm = 'sub.example.com' }
        $result.Outcome | Should -Be Passed
        ((Get-Step $result 'bindings after').Actual | Where-Object Agent -EQ lma1).'example.com' | Should -Be 18
    }

    It 'carries bindings before and after' {
        $result = Invoke-DsmipProcedure revocation-realm -Parameter @{ MobileNodes = 36 }
        (Get-Step $result 'bindings before').Actual.Agent | Should -Be lma1, mag1, mag2, mag3
        ((Get-Step $result 'bindings before').Actual | Where-Object Agent -EQ lma1).'example.com' | Should -Be 18
        (Get-Step $result 'bindings after').Actual.'example.com' | Should -Be 0, 0, 0, 0
    }
}

Describe 'One seed' {
    It 'gives the same capture in two processes: <_>' -ForEach 'revocation-realm', 'dsmipv4-registration' {
        $hashes = foreach ($run in @('a', 42), @('b', 42), @('c', 43)) {
            $process = Invoke-PowerShellProcess -Command @"
Import-Module '$root/DsmipTools.psd1'
(Invoke-DsmipProcedure $_ -Seed $($run[1]) -OutputPath '$TestDrive/$($run[0])').Outcome
"@
            $process.Output.Trim() | Should -Be 'Passed' -Because $process.Error
            (Get-FileHash $TestDrive/$($run[0])/$_.pcapng).Hash
        }
        $hashes[1] | Should -Be $hashes[0]
        $hashes[2] | Should -Not -Be $hashes[0]
    }
}

Describe 'The demo' {
    It 'prints bindings before and after, the steps, and where the captures are' {
        $process = Invoke-PowerShellProcess -File $root/docs/examples/demo.ps1
        $process.ExitCode | Should -Be 0 -Because "$($process.Output)$($process.Error)"
        $process.Error | Should -BeNullOrEmpty
        foreach ($world in 'Simulated', 'Loopback') {
            $process.Output | Should -Match "== $world"
            "$root/out/demo/$($world.ToLower())/revocation-realm.pcapng" | Should -Exist
            $process.Output | Should -Match ([regex]::Escape("$($world.ToLower())/revocation-realm.pcapng"))
        }
        ([regex]::Matches($process.Output, 'lma1 +150 +100 +50')).Count | Should -Be 2
        ([regex]::Matches($process.Output, 'lma1 +0 +100 +50')).Count | Should -Be 2
        ([regex]::Matches($process.Output, '(?m)^ +127\.58\.46\.1[123] +Acknowledged')).Count | Should -Be 6
        $process.Output | Should -Not -Match 'Failed'
    }
}
