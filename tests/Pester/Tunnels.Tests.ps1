# Tunnels of this machine that are configured by hand: the cmdlets in this process, and packets between two network namespaces that the test makes.

BeforeDiscovery {
    $ways = @(
        @{ Encapsulation = 'IPv4InIPv4'; Outer = 4; Inner = @(4) }
        @{ Encapsulation = 'IPv6InIPv4'; Outer = 4; Inner = @(6) }
        @{ Encapsulation = 'IPv4InIPv6'; Outer = 6; Inner = @(4) }
        @{ Encapsulation = 'IPv6InIPv6'; Outer = 6; Inner = @(6) }
        @{ Encapsulation = 'Gre'; Outer = 4; Inner = @(4, 6); More = '-Key 4711' }
        @{ Encapsulation = 'Gre'; Outer = 6; Inner = @(4, 6) }
        @{ Encapsulation = 'UdpMobileIPv4'; Outer = 4; Inner = @(4, 6) }
        @{ Encapsulation = 'UdpMobileIPv6'; Outer = 4; Inner = @(4, 6); More = '-HopLimit 9' }
        @{ Encapsulation = 'Minimal'; Outer = 4; Inner = @(4) }
        @{ Encapsulation = 'Udp'; Outer = 4; Inner = @(4, 6); More = '-Port 4500' }
        @{ Encapsulation = 'Gre'; Outer = 4; Inner = @(4, 6); More = '-DynamicMtu' }
        @{ Encapsulation = 'Udp'; Outer = 6; Inner = @(4, 6) }
    ).ForEach{
        $_ + @{ Backend = 'UserSpace' }
        if ($_.Encapsulation -notin 'Minimal', 'UdpMobileIPv4' -and $_.More -notlike '*-DynamicMtu*' -and ($_.Encapsulation -ne 'Udp' -or $_.Outer -eq 4)) { $_ + @{ Backend = 'Ebpf' } }
        if ($_.Encapsulation -notmatch 'Udp|Minimal' -and $_.More -notlike '*-DynamicMtu*') { $_ + @{ Backend = 'Kernel' } }
    }
}

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    . $PSScriptRoot/NetworkNamespaces.ps1
    Import-TestModule

    function Get-HostState([string] $Namespace) {
        $in = $Namespace ? @('-n', $Namespace) : @()
        # Without what the kernel does by itself: link-local addresses, the lifetimes of others, the state of carriers.
        (ip @in -o link | ForEach-Object { ($_ -split ': ')[1] }), (ip @in -o address show scope global | ForEach-Object { ($_ -split '\s+')[1..3] -join ' ' }),
        (ip @in rule), (ip @in -6 rule), (ip @in route | ForEach-Object { $_ -replace ' linkdown' }), (ip @in -6 route show proto 54) | ForEach-Object { $_ }
    }

    function Get-PowerShell {
        $pwsh = [Environment]::ProcessPath
        @($pwsh) + ([IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @())
    }

    # Runs PowerShell in a namespace until it is killed; it has said that it is ready.
    function Start-Session([string] $Namespace, [string] $Command) {
        $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$root/DsmipTools.psd1'; $Command; 'ready'; [Threading.Thread]::Sleep(-1)"
        Start-InNamespace $Namespace (@(Get-PowerShell) + @('-NoProfile', '-NonInteractive', '-Command', $text))
    }

    function Skip-WithoutBackend([string] $Backend, [string] $Encapsulation, [int] $Outer) {
        $name = switch ($Backend) {
            Ebpf { 'Ebpf' }
            Kernel { @{ IPv4InIPv4 = 'KernelIpip'; IPv6InIPv4 = 'KernelSit'; Gre = $Outer -eq 4 ? 'KernelGre' : 'KernelIp6Gre' }[$Encapsulation] ?? 'KernelIp6Tnl' }
        }
        $ability = if ($name) { Test-DsmipEnvironment $name }
        if ($ability.IsAvailable -eq $false) { Set-ItResult -Skipped -Because "there is no backend $Backend for it: $($ability.Detail)" }
    }

    function Stop-Session($Process) {
        if (-not $Process) { return }
        $Process.Kill($true)
        $Process.WaitForExit()
        $Process.Dispose()
    }

    $outside = (Test-NetworkPair) ? (Get-HostState) : @()
    $pair = (Test-NetworkPair) ? (New-NetworkPair "dsmip-tun-$PID") : $null
    $clean = $pair ? (Get-HostState $pair.Left) : @()
    $leftShell, $rightShell = $pair ? (Start-ShellInNamespace $pair.Left), (Start-ShellInNamespace $pair.Right) : @()
    $local, $remote = @{ 4 = '192.0.2.1'; 6 = '2001:db8::1' }, @{ 4 = '192.0.2.2'; 6 = '2001:db8::2' }
    $near, $far = @{ 4 = '10.7.1.1'; 6 = '2001:db8:7:1::1' }, @{ 4 = '10.7.2.1'; 6 = '2001:db8:7:2::1' }
    $nearPrefix, $farPrefix = @{ 4 = '10.7.1.0/24'; 6 = '2001:db8:7:1::/64' }, @{ 4 = '10.7.2.0/24'; 6 = '2001:db8:7:2::/64' }

    function Get-Way([string] $Name, $From, $To, $Address, $Prefix, [int[]] $Inner, [string] $Encapsulation, [int] $Outer, [string] $More) {
        "New-DsmipTunnel $Name -Local $($From[$Outer]) -Remote $($To[$Outer]) -Encapsulation $Encapsulation $More " +
        "-Address $($Inner.ForEach{ $Address[$_] } -join ', ') -Prefix $($Inner.ForEach{ $Prefix[$_] } -join ', ') | Enable-DsmipTunnel"
    }

    # Sends so many echo requests and gives back how many came back; the first may be early.
    $ping = 'function Ping([string] $To) { foreach ($i in 1..20) { $answer = [Net.NetworkInformation.Ping]::new().Send($To, 1000); if ($answer.Status -eq "Success") { return "$($answer.Address)" } } };'
}

AfterAll {
    Stop-Session $leftShell
    Stop-Session $rightShell
    Remove-NetworkPair $pair
    Get-DsmipTunnel | Remove-DsmipTunnel
    if ($pair) {
        Get-HostState | Should -Be $outside -Because 'the host is left as it was found'
        @(ip netns list) -match "dsmip-tun-$PID" | Should -BeNullOrEmpty
    }
}

Describe 'Tunnels between two hosts' {
    BeforeEach { Skip-WithoutNetworkPair $pair }

    It 'carry <Inner> in <Encapsulation> over IPv<Outer> <More> by <Backend>' -ForEach $ways {
        Skip-WithoutBackend $Backend $Encapsulation $Outer
        $common = @{ Inner = $Inner; Encapsulation = $Encapsulation; Outer = $Outer; More = "$More -Backend $Backend" }
        try {
            Invoke-Shell $rightShell ('$null = ' + (Get-Way far -From $remote -To $local -Address $far -Prefix $nearPrefix @common)) | Should -BeNullOrEmpty
            # What came is counted a moment after the host has it.
            $answers = Invoke-Shell $leftShell ($ping + (Get-Way near -From $local -To $remote -Address $near -Prefix $farPrefix @common) + ' | Out-Null;' +
                ($Inner.ForEach{ "Ping $($far[$_])" } -join ';') + '; $tunnel = Get-DsmipTunnel near; [Threading.SpinWait]::SpinUntil({ $tunnel.PacketsIn -gt 0 }, 5000); $tunnel.PacketsOut -gt 0; $tunnel.State; "$($tunnel.Backend)"; Disable-DsmipTunnel near | Out-Null; (ip link) -match "dsmipk?0"')
            $answers | Should -Be (@($Inner.ForEach{ $far[$_] }) + 'True', 'True', 'Enabled', $Backend)
            Get-HostState $pair.Left | Should -Be $clean
        }
        finally { $leftShell, $rightShell | ForEach-Object { Invoke-Shell $_ 'Get-DsmipTunnel | Remove-DsmipTunnel' } }
    }

    It 'are made by one line, and routed by the prefix' {
        $output = Invoke-InNamespace $pair.Left ('New-DsmipTunnel -Name tun-mn1 -Local 192.0.2.1 -Remote 203.0.113.7 -Encapsulation IPv6InIPv4 -Prefix 2001:db8:7:1::/64 | Enable-DsmipTunnel | ForEach-Object State;' +
            'ip -6 route show proto 54')
        $output | Should -Be 'Enabled', '2001:db8:7:1::/64 dev dsmip0 metric 1024 mtu lock 1280 pref medium'
    }

    It 'leave nothing when their process is killed, by <Backend>' -ForEach @{ Backend = 'UserSpace' }, @{ Backend = 'Ebpf' } {
        Skip-WithoutBackend $Backend
        $session = Start-Session $pair.Left "`$null = New-DsmipTunnel t -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation Gre -Prefix 10.7.2.0/24, 2001:db8:7:2::/64 -Address 10.7.1.1 -Backend $Backend | Enable-DsmipTunnel"
        try {
            (Get-HostState $pair.Left) -match 'dsmip0' | Should -Not -BeNullOrEmpty
            # Others carry it: nothing is orphaned.
            Invoke-InNamespace $pair.Left 'Get-DsmipTunnel -Orphaned' | Should -BeNullOrEmpty
        }
        finally { Stop-Session $session }
        Get-HostState $pair.Left | Should -Be $clean
        Invoke-InNamespace $pair.Left 'Get-DsmipTunnel -Orphaned' | Should -BeNullOrEmpty
    }

    It 'are IPv6 links, and notice whether the other end is there' -Tag 'Rfc:4213-3.7-01', 'Rfc:4213-3.7-02', 'Rfc:4213-3.8-02' {
        $common = @{ Inner = 4, 6; Encapsulation = 'Gre'; Outer = 4; More = '-Key 9 -Backend UserSpace' }
        $send = '$tunnel = ' + (Get-Way near -From $local -To $remote -Address $near -Prefix $farPrefix @common) + '; "$($tunnel.LinkLocalAddress) $($tunnel.RemoteLinkLocalAddress) $($tunnel.Neighbour)";' +
            '$clock = [Diagnostics.Stopwatch]::StartNew(); while ("$($tunnel.Neighbour)" -in "Unknown", "Probing" -and $clock.Elapsed.TotalSeconds -lt 60) ' +
            "{ `$null = [Net.NetworkInformation.Ping]::new().Send('$($far[6])', 100) }; `"`$(`$tunnel.Neighbour)`"; Disable-DsmipTunnel near | ForEach-Object { `"`$(`$_.LinkLocalAddress)`$(`$_.Neighbour)`" }"
        Invoke-InNamespace $pair.Left $send | Should -Be 'fe80::c000:201 fe80::c000:202 Unknown', Unreachable, ''
        $session = Start-Session $pair.Right ('$null = ' + (Get-Way far -From $remote -To $local -Address $far -Prefix $nearPrefix @common))
        try { Invoke-InNamespace $pair.Left $send | Should -Be 'fe80::c000:201 fe80::c000:202 Unknown', Reachable, '' }
        finally { Stop-Session $session }
    }

    It 'drop and count in the kernel what comes from a forged source' {
        Skip-WithoutBackend Ebpf
        $common = @{ Inner = 6; Encapsulation = 'IPv6InIPv4'; Outer = 4; More = '-Backend Ebpf' }
        ip -n $pair.Left -6 address add 2001:db8:bad::1/128 dev lo nodad
        $session = Start-Session $pair.Left ('$null = ' + (Get-Way near -From $local -To $remote -Address $near -Prefix $farPrefix @common))
        $send = "foreach (`$from in '2001:db8:bad::1', '$($near[6])') { `$socket = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([Net.IPAddress] `$from, 0)); foreach (`$i in 1..3) { `$null = `$socket.Send([byte[]] 1, 1, '$($far[6])', 9) } }"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($send))
        try {
            $output = Invoke-InNamespace $pair.Right ('$null = ' + (Get-Way far -From $remote -To $local -Address $far -Prefix $nearPrefix @common) + ';' +
                "ip netns exec $($pair.Left) $((Get-PowerShell) -join ' ') -NoProfile -NonInteractive -EncodedCommand $encoded;" +
                '$tunnel = Get-DsmipTunnel far; "$($tunnel.Drops)"; $tunnel.PacketsIn; $tunnel.Backend')
            $output | Should -Be 'ForeignSource 3', 3, Ebpf
        }
        finally {
            Stop-Session $session
            ip -n $pair.Left -6 address delete 2001:db8:bad::1/128 dev lo
        }
    }

    It 'say why the kernel cannot carry them' {
        Skip-WithoutBackend Ebpf
        $output = Invoke-InNamespace $pair.Left ('$ErrorActionPreference = "Continue"; New-DsmipTunnel a -Local 2001:db8::1 -Remote 2001:db8::2 -Encapsulation Udp -Backend Ebpf | Enable-DsmipTunnel -ErrorVariable wrong 2> $null;' +
            '($wrong.FullyQualifiedErrorId -split ",")[0]; "$wrong"; Remove-DsmipTunnel a;' +
            '$tunnel = New-DsmipTunnel a -Local 2001:db8::1 -Remote 2001:db8::2 -Encapsulation Udp | Enable-DsmipTunnel; "$($tunnel.Backend): $($tunnel.BackendReason)"')
        $output[0] | Should -Be NotSupported
        $output[1] | Should -BeLike 'No program in the kernel can carry this tunnel: UDP over IPv6 has a checksum*Use -Backend UserSpace, or Auto.'
        $output[2] | Should -BeLike 'UserSpace: UDP over IPv6 has a checksum*'
    }

    It 'run in user space without CAP_BPF, and say so' {
        Skip-WithoutBackend Ebpf
        if (-not (Get-Command setpriv -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'setpriv(1) is not installed'; return }
        $text = "Import-Module '$root/DsmipTools.psd1'; `$common = @{ Local = '192.0.2.1'; Encapsulation = 'Gre' };" +
            '$tunnel = New-DsmipTunnel a @common -Remote 192.0.2.2 | Enable-DsmipTunnel; "$($tunnel.State) $($tunnel.Backend): $($tunnel.BackendReason)";' +
            'New-DsmipTunnel b @common -Remote 192.0.2.3 -Backend Ebpf | Enable-DsmipTunnel -ErrorVariable wrong 2> $null; ($wrong.FullyQualifiedErrorId -split ",")[0]; "$wrong"; (Get-DsmipTunnel b).State'
        $output = ip netns exec $pair.Left setpriv --inh-caps=-bpf,-sys_admin --bounding-set=-bpf,-sys_admin @(Get-PowerShell) -NoProfile -NonInteractive -Command $text
        $output[0] | Should -BeLike 'Enabled UserSpace: Making a table in the kernel needs the capability CAP_BPF*'
        $output[1] | Should -Be AccessDenied
        $output[2] | Should -BeLike 'Making a table in the kernel needs the capability CAP_BPF: run the process as root*Use -Backend UserSpace, or Auto.*'
        $output[3] | Should -Be Disabled
    }

    It 'go with the module' {
        $output = Invoke-InNamespace $pair.Left ('$tunnel = New-DsmipTunnel t -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation Udp -Prefix 10.7.2.0/24 | Enable-DsmipTunnel;' +
            'Remove-Module DsmipTools; "$($tunnel.State)"; (ip link) -match "dsmip0"')
        $output | Should -Be Disabled
    }

    It 'are found and removed where nobody carries them' {
        ip -n $pair.Left tuntap add mode tun name dsmip7
        ip -n $pair.Left route add 198.18.7.0/24 dev va proto 54
        $output = Invoke-InNamespace $pair.Left ('Get-DsmipTunnel -Orphaned | ForEach-Object { "$_" }; Get-DsmipTunnel -Orphaned | Remove-DsmipTunnel -WhatIf; @(Get-DsmipTunnel -Orphaned).Count;' +
            'Get-DsmipTunnel -Orphaned | Remove-DsmipTunnel; @(Get-DsmipTunnel -Orphaned).Count')
        $output -notmatch '^What if' | Should -Be 'interface dsmip7', 'route to 198.18.7.0/24 by va', '2', '0'
        Get-HostState $pair.Left | Should -Be $clean
    }

    It 'say what the host refuses, and leave nothing' {
        ip -n $pair.Left -6 route add 2001:db8:7:9::/64 dev va proto static
        $output = Invoke-InNamespace $pair.Left ('$ErrorActionPreference = "Continue"; New-DsmipTunnel a -Local 192.0.2.77 -Remote 192.0.2.2 -Encapsulation IPv4InIPv4 | Enable-DsmipTunnel -ErrorVariable +wrong 2> $null;' +
            'New-DsmipTunnel b -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation IPv6InIPv4 -Prefix 2001:db8:7:9::/64 | Enable-DsmipTunnel -ErrorVariable +wrong 2> $null;' +
            '$wrong | ForEach-Object { ($_.FullyQualifiedErrorId -split ",")[0] }; Get-DsmipTunnel | ForEach-Object { "$($_.State)" }; (ip link) -match "dsmip0"')
        ip -n $pair.Left -6 route delete 2001:db8:7:9::/64 dev va proto static
        $output | Should -Be AddressNotAvailable, AlreadyExists, Disabled, Disabled
    }
}

Describe 'The guide tunnels-by-hand' {
    BeforeAll {
        $guide = Get-Content $root/docs/guides/tunnels-by-hand.md -Raw
        $hosts = $null
        if (Test-NetworkPair) {
            $hosts = New-NetworkPair "dsmip-guide-$PID"
            ip -n $hosts.Left address add 198.51.100.1/32 dev va
            ip -n $hosts.Right address add 203.0.113.7/32 dev vb
            # IPv6 has no other way between the two.
            ip -n $hosts.Left address delete 2001:db8::1/64 dev va
            ip -n $hosts.Right address delete 2001:db8::2/64 dev vb
            ip -n $hosts.Left address add 2001:db8:1::1/128 dev lo nodad
            ip -n $hosts.Left route add 203.0.113.0/24 dev va src 198.51.100.1
            ip -n $hosts.Right route add 198.51.100.0/24 dev vb src 203.0.113.7
            $there = [regex]::Match($guide, '(?ms)^```powershell 203\.0\.113\.7\r?\n(.*?)^```').Groups[1].Value.Trim()
            $session = Start-Session $hosts.Right "`$null = $there"
            Invoke-InNamespace $hosts.Left "& '$root/tests/Pester/Guide.ps1' -Path '$root/docs/guides/tunnels-by-hand.md' -ResultPath '$TestDrive/result.json'"
            $blocks = @(Get-Content $TestDrive/result.json -Raw | ConvertFrom-Json)
        }
    }

    AfterAll {
        if ($hosts) { Stop-Session $session }
        Remove-NetworkPair $hosts
    }

    It 'shows what it says' {
        Skip-WithoutNetworkPair $hosts
        $blocks.Count | Should -Be 7
        $wrong = @($blocks | Where-Object { $_.Says.Trim("`n") -cne $_.Shows.Trim("`n") })
        $wrong | ForEach-Object { "$($_.Code)`n--- says`n$($_.Says)`n--- shows`n$($_.Shows)" } | Should -BeNullOrEmpty
    }
}

Describe 'Tunnels in a session' {
    BeforeEach { Get-DsmipTunnel | Remove-DsmipTunnel }

    It 'are objects, found by name and wildcard, and piped' {
        $tunnel = New-DsmipTunnel t1 -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation Gre -Key 7 -Prefix 10.7.0.0/16, 2001:db8:7::/48 -Address 10.6.0.1
        "$($tunnel.Local) $($tunnel.Remote) $($tunnel.Prefix) $($tunnel.Address) $($tunnel.GreKey) $($tunnel.Mtu)" | Should -Be '192.0.2.1 192.0.2.2 10.7.0.0/16 2001:db8:7::/48 10.6.0.1 7 1280'
        $tunnel.State, $tunnel.Backend | Should -Be Disabled, Auto
        $udp = [pscustomobject]@{ Name = 't2'; Local = '2001:db8::1'; Remote = '2001:db8::2'; Encapsulation = 'Udp'; RemotePort = 4191 } | New-DsmipTunnel
        $udp.Port, $udp.RemotePort | Should -Be 5437, 4191
        (Get-DsmipTunnel t*).Name | Should -Be t1, t2
        (Get-DsmipTunnel T2).Name | Should -Be t2
        ('t2' | Get-DsmipTunnel | Get-DsmipTunnel).Name | Should -Be t2
        Get-DsmipTunnel none* | Should -BeNullOrEmpty
        (TabExpansion2 'Enable-DsmipTunnel t').CompletionMatches.CompletionText | Should -Be t1, t2
        (TabExpansion2 'New-DsmipTunnel x -Local 127').CompletionMatches.CompletionText | Should -Contain 127.0.0.1
        ($tunnel, $udp | Out-String) | Should -Match 'key 7'
        (Disable-DsmipTunnel t1).State | Should -Be Disabled
        $tunnel | Remove-DsmipTunnel
        Remove-DsmipTunnel t2
        Get-DsmipTunnel | Should -BeNullOrEmpty
    }

    It 'say with an id what is wrong' {
        $null = New-DsmipTunnel t1 -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation Gre -Prefix 10.7.0.0/16
        $common = @{ Local = '192.0.2.1'; Remote = '192.0.2.3' }
        (Get-Outcome { New-DsmipTunnel T1 @common -Encapsulation Gre }).Ids | Should -Be TunnelNameTaken
        (Get-Outcome { New-DsmipTunnel t2 @common -Encapsulation IPv6InIPv6 }).Message | Should -BeLike '*IPv6InIPv6 runs over IPv6: 192.0.2.1*'
        (Get-Outcome { New-DsmipTunnel t2 @common -Encapsulation IPv4InIPv4 -Key 7 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { New-DsmipTunnel t2 @common -Encapsulation Gre -Port 7 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { New-DsmipTunnel t2 @common -Encapsulation Gre -Prefix 10.7.0.0/16 }).Message | Should -BeLike '*behind the tunnel t1 already*'
        $stray = Get-Outcome { New-DsmipTunnel t2 @common -Encapsulation Gre -Prefix 10.8.0.1/16 }
        $stray.Ids | Should -Be PrefixHasHostBits
        $stray.Message | Should -BeLike '*Did you mean 10.8.0.0/16?*'
        foreach ($cmdlet in 'Get', 'Enable', 'Disable', 'Remove') { (Get-Outcome { & "$cmdlet-DsmipTunnel" nosuch }).Ids | Should -Be TunnelNotFound }
        (Get-DsmipTunnel).Name | Should -Be t1
    }

    It 'run over each other' {
        $null = New-DsmipTunnel coa -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation IPv4InIPv4 -Mtu 1300
        $hoa = New-DsmipTunnel hoa -Local 192.0.2.1 -Remote 10.9.2.1 -Encapsulation IPv6InIPv4 -Over coa -HopLimit 9 -DynamicMtu -Mtu 1280
        "$($hoa.Over) $($hoa.HopLimit) $($hoa.DynamicMtu) $($hoa.PathMtu) $($hoa.Mtu)" | Should -Be 'coa 9 True  1280'
        (TabExpansion2 'New-DsmipTunnel x -Over c').CompletionMatches.CompletionText | Should -Be coa
        (Get-Outcome { New-DsmipTunnel x -Local 192.0.2.1 -Remote 10.9.2.2 -Encapsulation Gre -Over x }).Message | Should -BeLike '*cannot run over itself*'
        (Get-Outcome { Enable-DsmipTunnel hoa }).Message | Should -BeLike '*coa, which is not enabled*'
    }

    It 'have a port for each way through UDP' {
        'Udp', 'UdpMobileIPv4', 'UdpMobileIPv6' | ForEach-Object { (New-DsmipTunnel $_ -Local 192.0.2.1 -Remote 192.0.2.2 -Encapsulation $_).Port } | Should -Be 5437, 434, 4191
    }

    It 'change nothing with -WhatIf' {
        New-DsmipTunnel t1 -Local 127.0.0.1 -Remote 127.0.0.2 -Encapsulation Gre -WhatIf
        Get-DsmipTunnel | Should -BeNullOrEmpty
        $tunnel = New-DsmipTunnel t1 -Local 127.0.0.1 -Remote 127.0.0.2 -Encapsulation Gre
        $tunnel | Enable-DsmipTunnel -WhatIf
        $tunnel.State | Should -Be Disabled
        Remove-DsmipTunnel t1 -WhatIf
        (Get-DsmipTunnel).Name | Should -Be t1
    }

    It 'need a privilege, and say which' {
        if (-not $IsLinux) { Set-ItResult -Skipped -Because 'capabilities are those of Linux'; return }
        if ((id -u) -eq 0 -and -not (Get-Command setpriv -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'setpriv(1) is not installed'; return }
        $drop = (id -u) -eq 0 ? @('setpriv', '--inh-caps=-all', '--bounding-set=-all') : @('env')
        $pwsh = [Environment]::ProcessPath
        $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
        $text = "Import-Module '$root/DsmipTools.psd1'; New-DsmipTunnel t -Local 127.0.0.1 -Remote 127.0.0.2 -Encapsulation Gre | Enable-DsmipTunnel -ErrorVariable wrong 2> `$null; (`$wrong.FullyQualifiedErrorId -split ',')[0]; `"`$wrong`""
        $program, $before = $drop
        $output = & $program @before $pwsh @arguments -NoProfile -NonInteractive -Command $text
        $output[0] | Should -Be AccessDenied
        $output[1] | Should -BeLike 'Making a TUN device needs the capability CAP_NET_ADMIN: run the process as root*'
    }
}
