# Agents on real networks: an anchor, a gateway, a mobile node and a correspondent in network namespaces that the test makes; the agents run in this
# process, each in its node. Real packets of the mobile node run through the real tunnel.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/NetworkNamespaces.ps1
    Import-TestModule

    $nodes = [ordered]@{}
    foreach ($name in 'lma', 'mag', 'mn', 'cn') { $nodes[$name] = "dsmip-net-$PID-$name" }

    function Invoke-Ip([string] $Command) {
        $output = ip (-split $Command) 2>&1
        if ($LASTEXITCODE -ne 0) { throw "ip ${Command}: $output" }
    }

    function Set-Setting([string] $Node, [string] $Name, [int] $Value) {
        ip netns exec $Node sh -c "echo $Value > /proc/sys/net/$Name"
        if ($LASTEXITCODE -ne 0) { throw "$Name cannot be set" }
    }

    function New-Domain {
        foreach ($node in $nodes.Values) {
            Invoke-Ip "netns add $node"
            Invoke-Ip "-n $node link set lo up"
            foreach ($of in 'all', 'default') {
                Set-Setting $node "ipv6/conf/$of/accept_dad" 0
                Set-Setting $node "ipv4/conf/$of/rp_filter" 0
            }
        }
        foreach ($node in $nodes.lma, $nodes.mag) { Set-Setting $node ipv6/conf/all/forwarding 1 }
        foreach ($link in @(
                @($nodes.lma, 'core', $nodes.mag, 'core'), @($nodes.lma, 'cn', $nodes.cn, 'eth0'), @($nodes.mag, 'access', $nodes.mn, 'wlan0')
            )) {
            Invoke-Ip "-n $($link[0]) link add name $($link[1]) type veth peer name $($link[3]) netns $($link[2])"
            Invoke-Ip "-n $($link[0]) link set dev $($link[1]) up"
            Invoke-Ip "-n $($link[2]) link set dev $($link[3]) up"
        }
        Invoke-Ip "-n $($nodes.mag) link set dev access address 02:00:00:52:13:01"
        Invoke-Ip "-n $($nodes.lma) address add 192.0.2.1/24 dev core"
        Invoke-Ip "-n $($nodes.mag) address add 192.0.2.2/24 dev core"
        Invoke-Ip "-n $($nodes.lma) address add 2001:db8:c::1/64 dev cn"
        Invoke-Ip "-n $($nodes.cn) address add 2001:db8:c::2/64 dev eth0"
        Invoke-Ip "-n $($nodes.cn) -6 route add default via 2001:db8:c::1"
    }

    # Devices, routes and rules of DsmipTools in a node.
    function Get-Trace([string] $Node) {
        @(ip -n $Node -o link show type tun) + @(ip -n $Node -6 route show table all proto 54) + @((ip -n $Node -6 rule) -match 'proto 54')
    }

    # How many of so many echo requests of the mobile node to the correspondent are answered.
    function Get-Answers([int] $Count) {
        $command = "1..$Count | ForEach-Object { try { [Net.NetworkInformation.Ping]::new().Send('2001:db8:c::2', 500).Status } catch { 'Unreachable' } } | Where-Object { `$_ -eq 'Success' } | Measure-Object | ForEach-Object Count"
        [int](Invoke-InNamespace $nodes.mn $command)
    }

    $agents = {
        param($Lma, $Mag)
        New-DsmipLocalMobilityAnchor lma1 192.0.2.1 -PrefixPool 2001:db8:7::/48 -Peer 192.0.2.2 -Node $Lma -Start
        New-DsmipMobileAccessGateway mag1 192.0.2.2 -LocalMobilityAnchor 192.0.2.1 -Node $Mag -Start
    }

    # A process of its own with both agents and a mobile node; it has said that it is ready.
    function Start-Agents {
        $pwsh = [Environment]::ProcessPath
        $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
        $root = (Resolve-Path $PSScriptRoot/../..).Path
        $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$root/DsmipTools.psd1'; `$null = & { $agents } $($nodes.lma) $($nodes.mag);" +
            "`$null = Connect-DsmipSubscriber mn1@example.com mag1 -Interface access; 'ready'; [Threading.Thread]::Sleep(-1)"
        Start-InNamespace $nodes.cn (@($pwsh) + $arguments + @('-NoProfile', '-NonInteractive', '-Command', $text))
    }

    $isPossible = Test-NetworkPair
    if ($isPossible) { New-Domain }
}

AfterAll {
    Get-DsmipAgent | Remove-DsmipAgent
    if ($isPossible) { $nodes.Values | ForEach-Object { ip netns delete $_ } }
}

Describe 'Agents in network namespaces' {
    BeforeEach { if (-not $isPossible) { Set-ItResult -Skipped -Because 'network namespaces need Linux, root and ip(8)' } }
    AfterEach { Get-DsmipAgent | Remove-DsmipAgent }

    It 'carry the packets of a mobile node until its binding is revoked, and leave nothing' {
        & $agents $nodes.lma $nodes.mag | ForEach-Object { "$($_.World) $($_.Node)" } | Should -Be "Namespace $($nodes.lma)", "Namespace $($nodes.mag)"
        (Connect-DsmipSubscriber mn1@example.com mag1 -Interface access).Result | Should -Be Accepted
        Wait-For { (ip -n $nodes.mn -6 -o address show dev wlan0 scope global) -match '2001:db8:7:' }
        Get-Answers 5 | Should -BeGreaterThan 0

        $tunnel = Get-DsmipTunnel lma1:*
        "$($tunnel.Name) $($tunnel.Owner) $($tunnel.State) $($tunnel.Prefix) $($tunnel.Dropped)" | Should -Be 'lma1:1 lma1 Enabled 2001:db8:7::/64 0'
        $tunnel.PacketsIn | Should -BeGreaterThan 0
        $tunnel.PacketsOut | Should -BeGreaterThan 0
        (Get-DsmipTunnel -Owner mag*).Name | Should -Be 'mag1:1'
        (Get-DsmipBinding -Agent lma1).Tunnel | Should -Be 'IpInIp 192.0.2.1 > 192.0.2.2'
        { $tunnel | Remove-DsmipTunnel -ErrorAction Stop } | Should -Throw '*comes and goes with the bindings that lma1 has.'

        (Invoke-BindingRevocation -Realm example.com).Result | Should -Be Acknowledged
        Get-Answers 2 | Should -Be 0
        Get-DsmipTunnel | Should -BeNullOrEmpty
        Get-DsmipAgent | Stop-DsmipAgent
        $nodes.lma, $nodes.mag | ForEach-Object { Get-Trace $_ } | Should -BeNullOrEmpty
    }

    It 'leave nothing when their process is told to end by SIG<_>' -ForEach TERM, HUP {
        $process = Start-Agents
        try {
            Get-Trace $nodes.mag | Should -Not -BeNullOrEmpty
            kill "-$_" $process.Id
            $process.WaitForExit(30000) | Should -BeTrue
            $nodes.lma, $nodes.mag | ForEach-Object { Get-Trace $_ } | Should -BeNullOrEmpty
        }
        finally {
            if (-not $process.HasExited) { $process.Kill($true) }
            $process.Dispose()
        }
    }

    It 'leave rules behind when their process is killed, which are found and removed' {
        $process = Start-Agents
        try { Get-Trace $nodes.mag | Should -Not -BeNullOrEmpty }
        finally {
            $process.Kill($true)
            $process.WaitForExit()
            $process.Dispose()
        }
        Get-Trace $nodes.lma | Should -BeNullOrEmpty -Because 'the kernel removes the device of an anchor with its process, and the routes with the device'
        $output = Invoke-InNamespace $nodes.mag ('Get-DsmipTunnel -Orphaned | ForEach-Object { "$_" -replace "\d{9}", "N" }; Get-DsmipTunnel -Orphaned | Remove-DsmipTunnel; @(Get-DsmipTunnel -Orphaned).Count')
        $output | Should -Be 'route to 2001:db8:7::/64 by access', "rule 'from all iif dsmip0 lookup N'", "rule 'from all iif lo lookup N'",
            "rule 'from 2001:db8:7::/64 iif access lookup N'", "rule 'from all iif access prohibit'", '0'
        Get-Trace $nodes.mag | Should -BeNullOrEmpty
    }

    It 'say what is wrong with their place' {
        { New-DsmipLocalMobilityAnchor a 192.0.2.1 -PrefixPool 2001:db8:7::/48 -World Host -Node $nodes.lma -ErrorAction Stop } |
            Should -Throw '*is in the world of network namespaces, and not in Host.' -ErrorId 'InvalidArgument*'
        { New-DsmipLocalMobilityAnchor a 192.0.2.1 -PrefixPool 2001:db8:7::/48 -World Namespace -ErrorAction Stop } | Should -Throw '*say in which.*' -ErrorId 'InvalidArgument*'
        { New-DsmipLocalMobilityAnchor a 192.0.2.1 -PrefixPool 2001:db8:7::/48 -Peer 192.0.2.2 -Node dsmip-nowhere -Start -ErrorAction Stop } |
            Should -Throw 'The network namespace dsmip-nowhere is not there.*' -ErrorId 'InterfaceNotFound*'
        { New-DsmipLocalMobilityAnchor a 192.0.2.1 -PrefixPool 2001:db8:7::/48 -Peer 192.0.2.2 -World Simulated -ErrorAction Stop } | Should -Throw '*simulated time is not that of real networks.'
        $null = & $agents $nodes.lma $nodes.mag
        { Connect-DsmipSubscriber mn1@example.com mag1 -Interface eth9 -ErrorAction Stop } | Should -Throw 'There is no interface eth9 where mag1 runs.' -ErrorId 'InterfaceNotFound*'
        { Connect-DsmipSubscriber mn1@example.com mag1 -Interface core -ErrorAction Stop } | Should -Throw "*'ip link set dev core address 02:00:00:52:13:01'.*" -ErrorId 'InvalidArgument*'
        Get-DsmipAgent a -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'run on the loopback interface besides, where no interface is an access link' {
        $null = New-DsmipMobileAccessGateway mag2 127.31.9.2 -LocalMobilityAnchor 127.31.9.1 -Start
        { Connect-DsmipSubscriber mn1@example.com mag2 -Interface lo -ErrorAction Stop } | Should -Throw '*where no interface of this host is an access link.' -ErrorId 'NotSupported*'
    }
}
