# Labs: the cmdlets in this process, with network namespaces where this machine lets the test make them, and what is left when a process is killed.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    . $PSScriptRoot/NetworkNamespaces.ps1
    Import-TestModule

    # What labs could change on this machine: namespaces and folders by their names, because other processes have some too.
    function Get-LabState([int] $Process = $PID) {
        Get-ChildItem /run/netns, /etc/netns, /run/dsmip -Filter "dsmip-$Process.*" -ErrorAction Ignore | ForEach-Object FullName
        Get-Content /proc/self/mounts | Where-Object { $_ -match "dsmip-$Process\." }
    }

    # The rest of it, which nobody else changes.
    function Get-MachineState {
        Get-FileHash /etc/resolv.conf, /etc/hosts | ForEach-Object Hash
        Get-ChildItem /etc | ForEach-Object FullName | Where-Object { $_ -ne '/etc/netns' }
        Get-Content /proc/sys/net/ipv4/ip_forward, /proc/sys/net/ipv6/conf/all/forwarding, /proc/sys/net/ipv4/conf/all/rp_filter
        ip -o link | ForEach-Object { ($_ -split ': ')[1] } | Where-Object { $_ -notmatch '^(veth|dsmip)' }
        if (Get-Command nft -ErrorAction Ignore) { nft -s list ruleset }
    }

    function Skip-WithoutNamespaces { if (-not (Test-NetworkPair)) { Set-ItResult -Skipped -Because 'network namespaces need Linux, root and ip(8)' } }

    # Starts PowerShell that makes a lab, and waits for what it says first.
    function Start-LabProcess([string] $Command, [string[]] $Under = @()) {
        $pwsh = [Environment]::ProcessPath
        $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
        $all = $Under + @($pwsh) + $arguments + @('-NoProfile', '-NonInteractive', '-Command', "`$ErrorActionPreference = 'Stop'; Import-Module '$root/DsmipTools.psd1'; $Command")
        $start = [Diagnostics.ProcessStartInfo]::new($all[0])
        $all | Select-Object -Skip 1 | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardOutput.ReadLine() | Should -Be 'ready'
        $process
    }

    function New-PairLab([string] $Name = 'pair') {
        $null = New-DsmipLab $Name -World Namespace
        $null = Add-DsmipLabNode a, b -Lab $Name
        Add-DsmipLabLink lan a, b -Lab $Name -Prefix 10.0.0.0/24
    }

    $before = $IsLinux ? (Get-MachineState) : @()
}

AfterAll {
    Get-DsmipLab | Remove-DsmipLab
    if ($IsLinux) {
        Get-MachineState | Should -Be $before -Because 'the machine is left as it was found'
        Get-LabState | Should -BeNullOrEmpty
    }
}

Describe 'A lab of namespaces' {
    BeforeEach { Skip-WithoutNamespaces }
    AfterEach { Get-DsmipLab | Remove-DsmipLab }

    It 'has nodes and links that programs run in and over' {
        New-DsmipLab -Name t -World Namespace | Add-DsmipLabNode -Name mn, server | ForEach-Object Name | Should -Be 'mn', 'server'
        Add-DsmipLabNode r -Kind Router | ForEach-Object Kind | Should -Be Router
        Add-DsmipLabLink home r, mn -Prefix 10.1.0.0/24, 2001:db8:1::/64 -Gateway r | ForEach-Object { "$($_.Attachments)" } |
            Should -Be 'home 10.1.0.1/24 2001:db8:1::1/64 home 10.1.0.2/24 2001:db8:1::2/64'
        $null = Add-DsmipLabLink core r, server -Gateway r -Address @{ r = '10.3.0.1/24'; server = '10.3.0.9/24' } -Route @{ server = '10.9.0.0/16 via 10.3.0.1' } -Latency 1ms
        $run = Invoke-DsmipLabCommand server ip route
        $run.ExitCode | Should -Be 0
        $run.StandardOutput.Trim() | Should -Contain '10.9.0.0/16 via 10.3.0.1 dev eth0 proto 54'
        $run.StandardOutput.Trim() | Should -Contain 'default via 10.3.0.1 dev eth0 proto 54'
        # TCP from one end to the other, by bash alone.
        $null = Invoke-DsmipLabCommand mn bash '-c', 'exec 3<>/dev/tcp/10.3.0.9/7' | ForEach-Object { $_.StandardError -join '' | Should -Match 'refused' }
        (Get-DsmipLab t).Links[1].Counters[1].Sent | Should -BeGreaterThan 0
    }

    It 'is seen by ip, and gone when it is removed' {
        $null = New-PairLab
        Get-LabState | Should -Contain "/run/netns/dsmip-$PID.pair.a"
        ip netns exec "dsmip-$PID.pair.a" ip -br address show eth0 | Should -Match '10\.0\.0\.1/24'
        Test-Path "/etc/netns/dsmip-$PID.pair.a/resolv.conf" | Should -BeTrue
        Remove-DsmipLab pair -WhatIf
        Get-LabState | Should -Not -BeNullOrEmpty
        Remove-DsmipLab pair
        Get-LabState | Should -BeNullOrEmpty
        Get-DsmipLab | Should -BeNullOrEmpty
    }

    It 'has links that change while they run' {
        $link = New-PairLab
        $link.Conditions.ToString() | Should -BeNullOrEmpty
        $link | Set-DsmipLabLink -Latency 30ms -Loss 0.25 -Rate 64kbit | ForEach-Object { "$($_.Conditions)" } | Should -Be '30 ms, 64000 bit/s, 25% lost'
        Set-DsmipLabLink l* -Loss 0 -Rate Unlimited -Mtu 1400 | ForEach-Object { "$($_.Conditions) $($_.Mtu)" } | Should -Be '30 ms 1400'
        $timing = Measure-Command { Invoke-DsmipLabCommand a bash '-c', 'exec 3<>/dev/tcp/10.0.0.2/7' }
        $timing.TotalMilliseconds | Should -BeGreaterThan 60
        $null = Set-DsmipLabLink lan -State Down
        (Invoke-DsmipLabCommand a ip link show eth0).StandardOutput -join '' | Should -Match 'NO-CARRIER.*mtu 1400'
    }

    It 'hands a node over' {
        $null = New-PairLab
        $null = Add-DsmipLabLink other b -Prefix 10.2.0.0/24 -Gateway b
        $node = Move-DsmipLabNode a other
        "$($node.Attachments)" | Should -Be 'other 10.2.0.2/24'
        (Invoke-DsmipLabCommand a ip route).StandardOutput.Trim() | Should -Be 'default via 10.2.0.1 dev eth0 proto 54', '10.2.0.0/24 dev eth0 proto kernel scope link src 10.2.0.2'
        (Get-Outcome { Move-DsmipLabNode a other }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Move-DsmipLabNode b lan }).Message | Should -Match 'on the link lan already'
        $null = Move-DsmipLabNode a lan -Address 10.0.0.77/24 -Route '10.7.0.0/16 via 10.0.0.2'
        (Invoke-DsmipLabCommand a ip route).StandardOutput.Trim() | Should -Contain '10.7.0.0/16 via 10.0.0.2 dev eth0 proto 54'
    }

    It 'gives what programs print and how they end' {
        $null = New-PairLab
        $runs = Get-DsmipLab pair | ForEach-Object Nodes | Invoke-DsmipLabCommand -FilePath sh -ArgumentList '-c', 'echo one; echo two; echo oh >&2; exit 3'
        $runs.Node | Should -Be 'a', 'b'
        $runs[0].StandardOutput | Should -Be 'one', 'two'
        $runs[0].StandardError | Should -Be 'oh'
        $runs[0].ExitCode | Should -Be 3
        $outcome = Get-Outcome { Invoke-DsmipLabCommand a sh '-c', 'echo first; sleep 100' -TimeoutSeconds 0.3 }
        $outcome.Ids | Should -Be Timeout
        $outcome.Objects.StandardOutput | Should -Be first
        $outcome.Objects.TimedOut | Should -BeTrue
        (Get-Outcome { Invoke-DsmipLabCommand a no-such-program }).Message | Should -Match "no program 'no-such-program'"
    }

    It 'keeps nothing of a program that has ended' {
        $null = New-DsmipLab fds -World Namespace | Add-DsmipLabNode -Name a
        $null = Invoke-DsmipLabCommand a true
        $before = [IO.Directory]::GetFiles('/proc/self/fd').Count
        1..20 | ForEach-Object { $null = Invoke-DsmipLabCommand a true }
        [IO.Directory]::GetFiles('/proc/self/fd').Count | Should -BeLessThan ($before + 20)
    }

    It 'kills a program and its children on Ctrl+C' {
        $null = New-PairLab
        $shell = [powershell]::Create().AddScript("Import-Module '$root/DsmipTools.psd1'; Invoke-DsmipLabCommand a sh '-c', 'sleep 42$PID & sleep 42$PID'")
        $running = $shell.BeginInvoke()
        Wait-For { @(pgrep -f "sleep 42$PID").Count -ge 2 }
        $shell.Stop()
        { $shell.EndInvoke($running) } | Should -Throw
        Wait-For { -not (pgrep -f "^sleep 42$PID") }
        $shell.Dispose()
    }

    It 'is captured, one file for each link' {
        $null = New-DsmipLab cap -World Namespace -Capture $TestDrive/captures
        $null = Add-DsmipLabNode a, b
        $null = Add-DsmipLabLink lan a, b -Prefix 10.0.0.0/24 -Loss 0.0001
        $null = Add-DsmipLabLink own a, b -Prefix 10.1.0.0/24 -Capture $TestDrive/own.pcapng
        $null = Invoke-DsmipLabCommand a bash '-c', 'exec 3<>/dev/tcp/10.0.0.2/7; exec 3<>/dev/tcp/10.1.0.2/7'
        Remove-DsmipLab cap
        foreach ($file in "$TestDrive/captures/cap-lan.pcapng", "$TestDrive/own.pcapng") {
            $packets = @(ConvertFrom-DsmipPacket -Path $file)
            $tcp = @($packets | Where-Object { $_.Layers.Name -contains 'IPv4' -and "$($_.Source)$($_.Destination)" -match '10\.[01]\.0\.2' })
            $interface = $file -match 'own' ? 'eth1' : 'eth0'
            $tcp.Interface.Name | Should -Be "a:$interface", "b:$interface"
        }
    }

    It 'goes with the module, and with the process' {
        $output = Invoke-PowerShellProcess "Import-Module '$root/DsmipTools.psd1'; `$null = New-DsmipLab t -World Namespace | Add-DsmipLabNode -Name a; Remove-Module DsmipTools; ls /run/netns | Where-Object { `$_ -match `"dsmip-`$PID\.`" }; `$PID"
        @($output.Output -split '\s+' -ne '').Count | Should -Be 1
        $output = Invoke-PowerShellProcess "Import-Module '$root/DsmipTools.psd1'; `$null = New-DsmipLab t -World Namespace | Add-DsmipLabNode -Name a; `$PID"
        $output.ExitCode | Should -Be 0
        Get-LabState ([int]$output.Output) | Should -BeNullOrEmpty
    }

    It 'goes with a process that is told to end by SIG<_>' -ForEach TERM, HUP {
        $process = Start-LabProcess '$null = New-DsmipLab t -World Namespace | Add-DsmipLabNode -Name a; "ready"; [Threading.Thread]::Sleep(-1)'
        Get-LabState $process.Id | Should -Not -BeNullOrEmpty
        kill "-$_" $process.Id
        $process.WaitForExit(30000) | Should -BeTrue
        Get-LabState $process.Id | Should -BeNullOrEmpty
    }

    It 'is found and removed where its process was killed' {
        $process = Start-LabProcess '$null = New-DsmipLab t -World Namespace | Add-DsmipLabNode -Name a, b; $null = Add-DsmipLabLink lan a, b -Prefix 10.0.0.0/24 -Latency 1ms; $null = Invoke-DsmipLabCommand a sh "-c", "sleep 43$PID >/dev/null 2>&1 &"; "ready"; [Threading.Thread]::Sleep(-1)'
        try {
            # As long as it is there, it is no orphan.
            Get-DsmipLab -Orphaned | Where-Object ProcessId -EQ $process.Id | Should -BeNullOrEmpty
        }
        finally {
            $process.Kill()
            $process.WaitForExit()
        }
        $left = Get-DsmipLab -Orphaned | Where-Object ProcessId -EQ $process.Id
        $left.Name | Should -Be t
        $left.Namespaces | Should -Be "dsmip-$($process.Id).t", "dsmip-$($process.Id).t.a", "dsmip-$($process.Id).t.b"
        pgrep -f "^sleep 43$($process.Id)" | Should -Not -BeNullOrEmpty
        $left | Remove-DsmipLab -WhatIf
        Get-LabState $process.Id | Should -Not -BeNullOrEmpty
        $left | Remove-DsmipLab
        Get-LabState $process.Id | Should -BeNullOrEmpty
        pgrep -f "^sleep 43$($process.Id)" | Should -BeNullOrEmpty
        Get-DsmipLab -Orphaned | Where-Object ProcessId -EQ $process.Id | Should -BeNullOrEmpty
    }

    It 'is there for an ordinary user inside unshare too' {
        $under = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', 'unshare', '-Urnm'
        & $under[0] ($under | Select-Object -Skip 1) test -r "$root/DsmipTools.psd1" 2> $null
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because 'an ordinary user cannot read this checkout, or may not make user namespaces here'; return }
        $process = Start-LabProcess '$null = New-DsmipLab t -World Namespace | Add-DsmipLabNode -Name a, b; $null = Add-DsmipLabLink lan a, b -Prefix 10.0.0.0/24 -Latency 1ms; "ready"; "$((Get-DsmipLab).Nodes[0].Namespace.Name)|"; (Invoke-DsmipLabCommand a sh "-c", "ip -br -4 address show eth0; cat /etc/resolv.conf; exec bash -c ''exec 3<>/dev/tcp/10.0.0.2/7'' 2>&1").StandardOutput' $under
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $output | Should -Match '^\|'
        $output | Should -Match '10\.0\.0\.1/24'
        $output | Should -Match 'refused'
        Get-LabState $process.Id | Should -BeNullOrEmpty
    }

    It 'says what is missing without the rights' {
        $under = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all'
        & $under[0] ($under | Select-Object -Skip 1) test -r "$root/DsmipTools.psd1" 2> $null
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because 'an ordinary user cannot read this checkout'; return }
        $process = Start-LabProcess '"ready"; try { New-DsmipLab t -World Namespace -ErrorAction Stop } catch { $_.FullyQualifiedErrorId; "$_" }' $under
        $output = $process.StandardOutput.ReadToEnd()
        $output | Should -Match '^AccessDenied,'
        $output | Should -Match 'CAP_SYS_ADMIN'
        $output | Should -Match 'unshare -Urnm'
    }
}

Describe 'The guide of labs' {
    BeforeAll {
        $missing = @('nft', 'python3', 'curl' | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) })
        if ((Test-NetworkPair) -and -not $missing) {
            $folder = New-Item $TestDrive/guide -ItemType Directory
            $run = Invoke-PowerShellProcess -WorkingDirectory $root "& ./tests/Pester/Guide.ps1 -Path docs/guides/namespace-labs.md -ResultPath '$folder/result.json'"
            $blocks = @(Get-Content "$folder/result.json" -Raw -ErrorAction Ignore | ConvertFrom-Json)
        }
    }
    BeforeEach {
        Skip-WithoutNamespaces
        if ($missing) { Set-ItResult -Skipped -Because "$missing is not installed" }
    }

    It 'runs to its end' {
        $run.Error | Should -BeNullOrEmpty
        $blocks.Count | Should -BeGreaterThan 6
    }

    It 'shows what it says' {
        $wrong = @($blocks | Where-Object { $_.Says.Trim("`n") -cne $_.Shows.Trim("`n") })
        $wrong | ForEach-Object { "$($_.Code)`n--- says`n$($_.Says)`n--- shows`n$($_.Shows)" } | Should -BeNullOrEmpty
    }
}

Describe 'A simulated lab' {
    AfterEach { Get-DsmipLab | Remove-DsmipLab }

    It 'has links with faults, and time that passes by steps' {
        $lab = New-DsmipLab sim -Seed 7
        $null = $lab | Add-DsmipLabNode -Name lma, mag
        $null = Add-DsmipLabLink core lma, mag -Prefix 192.0.2.0/24 -Latency 100ms
        $null = $lab.Host.Add([DsmipTools.Engine.ProxyMobileIPv6.LocalMobilityAnchorOptions]@{ Name = 'lma'; Address = '192.0.2.1'; PrefixPool = '2001:db8:100::/40' })
        $gateway = $lab.Host.Add([DsmipTools.Engine.ProxyMobileIPv6.MobileAccessGatewayOptions]@{ Name = 'mag'; Address = '192.0.2.2'; LocalMobilityAnchor = '192.0.2.1' })
        $null = $gateway.AttachAsync('mn1@example.com', [Threading.CancellationToken]::None).GetAwaiter().GetResult()
        $lab.Elapsed.TotalMilliseconds | Should -Be 200
        $lab.Links[0].Counters | ForEach-Object { "$_" } | Should -Be 'lma: 1 sent, 1 received, 0 lost', 'mag: 1 sent, 1 received, 0 lost'
        (Step-DsmipLab 10m -Lab sim).Elapsed.TotalMinutes | Should -BeGreaterOrEqual 10
    }

    It 'refuses what it cannot carry' {
        $null = New-DsmipLab sim | Add-DsmipLabNode -Name a, b
        (Get-Outcome { Add-DsmipLabNode r -Kind Router }).Ids | Should -Be NotSupported
        (Get-Outcome { Invoke-DsmipLabCommand a ip }).Ids | Should -Be NotSupported
        (Get-Outcome { Add-DsmipLabLink l a, b -Mtu 1400 }).Ids | Should -Be NotSupported
        (Get-Outcome { Add-DsmipLabLink l a, b -Capture $TestDrive/l.pcapng }).Ids | Should -Be NotSupported
    }
}

Describe 'Labs, nodes and links' {
    AfterEach { Get-DsmipLab | Remove-DsmipLab }

    It 'are named, and the error says which is not there' {
        (Get-Outcome { Add-DsmipLabNode a }).Message | Should -Match 'New-DsmipLab makes one'
        $null = New-DsmipLab
        (New-DsmipLab).Name | Should -Be lab2
        (Get-Outcome { New-DsmipLab LAB1 }).Ids | Should -Be LabNameTaken
        (Get-Outcome { Add-DsmipLabNode a }).Message | Should -Match 'several labs \(lab1, lab2\)'
        (Get-Outcome { Get-DsmipLab nope }).Ids | Should -Be LabNotFound
        (Get-Outcome { Add-DsmipLabNode a -Lab nope }).Ids | Should -Be LabNotFound
        Remove-DsmipLab lab2
        $null = Add-DsmipLabNode a, b
        (Get-Outcome { Add-DsmipLabNode A }).Ids | Should -Be LabNodeNameTaken
        (Get-Outcome { Add-DsmipLabLink l a, c }).Ids | Should -Be LabNodeNotFound
        (Get-Outcome { Set-DsmipLabLink l -Loss 0 }).Ids | Should -Be LabLinkNotFound
        $null = Add-DsmipLabLink l a, b -Prefix 10.0.0.0/24
        (Get-Outcome { Add-DsmipLabLink L a, b }).Ids | Should -Be LabLinkNameTaken
        (Get-Outcome { Add-DsmipLabLink m a, b -Prefix 10.0.0.1/24 }).Message | Should -Match 'Did you mean 10\.0\.0\.0/24'
        (Get-Outcome { Add-DsmipLabLink m a -Address @{ b = '10.0.0.1/24' } }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Add-DsmipLabLink m a -Address @{ a = '10.0.0.1' } }).Message | Should -Match 'length of its prefix'
        (Get-Outcome { New-DsmipLab x -World Loopback }).Ids | Should -Be InvalidArgument
    }

    It 'are completed' {
        $null = New-DsmipLab lab1 | Add-DsmipLabNode -Name alpha, beta
        $null = Add-DsmipLabLink first alpha, beta
        (TabExpansion2 'Remove-DsmipLab la').CompletionMatches.CompletionText | Should -Be lab1
        (TabExpansion2 'Add-DsmipLabNode x -Lab ').CompletionMatches.CompletionText | Should -Contain lab1
        (TabExpansion2 'Move-DsmipLabNode al').CompletionMatches.CompletionText | Should -Be alpha
        (TabExpansion2 'Set-DsmipLabLink ').CompletionMatches.CompletionText | Should -Contain first
    }

    It 'change nothing with -WhatIf' {
        New-DsmipLab x -World Namespace -WhatIf | Should -BeNullOrEmpty
        $null = New-DsmipLab lab1 | Add-DsmipLabNode -Name a
        Add-DsmipLabNode b -WhatIf | Should -BeNullOrEmpty
        Add-DsmipLabLink l a -WhatIf | Should -BeNullOrEmpty
        Step-DsmipLab 1h -WhatIf | Should -BeNullOrEmpty
        Invoke-DsmipLabCommand a ip -WhatIf | Should -BeNullOrEmpty
        $lab = Get-DsmipLab lab1
        "$($lab.Nodes) $($lab.Links)|$($lab.Elapsed)" | Should -Be 'a |00:00:00'
    }
}
