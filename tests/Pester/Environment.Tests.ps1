# Test-DsmipEnvironment as root, and as users with fewer rights, each in a PowerShell of its own.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
    $nobody = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'
    $why = if (-not $IsLinux) { 'rights and namespaces are those of Linux' }
    elseif ((id -u) -ne 0) { 'to take rights away needs root' }
    elseif (-not (Get-Command setpriv, unshare -ErrorAction Ignore)) { 'there is no setpriv or unshare here' }

    # What PowerShell prints that a command starts, with the module imported.
    function Invoke-Under([string[]] $Command, [string] $Text) {
        $pwsh = [Environment]::ProcessPath
        $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
        $before = $env:HOME
        try {
            $env:HOME = $TestDrive
            $program, $rest = @($Command) + $pwsh + $arguments
            & $program @rest -NoProfile -NonInteractive -Command "Import-Module '$root/DsmipTools.psd1'; $Text"
        }
        finally {
            $env:HOME = $before
        }
    }
}

Describe 'Test-DsmipEnvironment' {
    It 'gives each ability once, with what helps where it is missing' {
        $all = @(Test-DsmipEnvironment)
        $all.Count | Should -BeGreaterThan 20
        @($all.Name | Sort-Object -Unique).Count | Should -Be $all.Count
        @($all | Where-Object { $_.IsAvailable -ne [string]::IsNullOrEmpty($_.Fix) }) | Should -BeNullOrEmpty
        @($all | Where-Object { $_.IsAvailable -ne [string]::IsNullOrEmpty($_.Prevents) }) | Should -BeNullOrEmpty
    }

    It 'takes names, wildcards and its own objects' {
        (Test-DsmipEnvironment tun, rawipv4-*).Name | Should -Be Tun, RawIPv4-4, RawIPv4-41, RawIPv4-47, RawIPv4-55
        ('Mtu', 'Libpcap' | Test-DsmipEnvironment).Name | Should -Be Mtu, Libpcap
        (Test-DsmipEnvironment *Forwarding | Test-DsmipEnvironment).Name | Should -Be IPv4Forwarding, IPv6Forwarding
        Test-DsmipEnvironment nothing* | Should -BeNullOrEmpty
    }

    It 'names what it does not know, and tests the rest' {
        $outcome = Get-Outcome { Test-DsmipEnvironment Teleport, Mtu }
        $outcome.Ids | Should -Be AbilityNotFound
        $outcome.Categories | Should -Be ObjectNotFound
        $outcome.Objects.Name | Should -Be Mtu
        Test-DsmipEnvironment Teleport -Quiet -ErrorAction Ignore | Should -BeExactly $false
    }

    It 'says yes or no' {
        $expected = @(Test-DsmipEnvironment | Where-Object IsAvailable).Name
        $expected | Test-DsmipEnvironment -Quiet | Should -BeExactly $true
        $all = -not (Test-DsmipEnvironment | Where-Object -Not IsAvailable)
        Test-DsmipEnvironment -Quiet | Should -BeExactly $all
    }

    It 'completes names' {
        $text = 'Test-DsmipEnvironment CAP_NET'
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Be CAP_NET_ADMIN, CAP_NET_RAW
    }

    It 'fits a window of 80 columns' {
        $lines = (Test-DsmipEnvironment | Out-String -Width 80).Trim() -split '\r?\n'
        $lines[0] | Should -Match '^Name +Available +Detail *$'
        @($lines | Where-Object Length -GT 80) | Should -BeNullOrEmpty
    }

    It 'is right for <Who>' -ForEach @(
        @{ Who = 'root in a network of its own'; Under = 'unshare', '--net'; AsNobody = $false
            Yes = 'CAP_*', 'NetworkNamespaces', 'Port434', 'Raw*', 'PacketSockets'; No = 'Mtu' }
        @{ Who = 'an ordinary user'; Under = @(); AsNobody = $true
            Yes = @(); No = 'CAP_*', 'NetworkNamespaces', 'Tun', 'Ebpf', 'Raw*', 'PacketSockets' }
        @{ Who = 'an ordinary user in unshare -Urnm'; Under = 'unshare', '-Urnm'; AsNobody = $true
            Yes = 'CAP_*', 'NetworkNamespaces', 'Port434', 'Raw*', 'PacketSockets'; No = 'Ebpf', 'Mtu' }
        @{ Who = 'root without CAP_NET_RAW'; Under = 'setpriv', '--bounding-set=-net_raw'; AsNobody = $false
            Yes = 'CAP_NET_ADMIN', 'NetworkNamespaces'; No = 'CAP_NET_RAW', 'Raw*', 'PacketSockets' }
    ) {
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $prefix = @($AsNobody ? $nobody : @()) + $Under
        $null = & $prefix[0] $prefix[1..99] test -r $root/module/bin/DsmipTools.dll 2>&1
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because "such a process cannot be started here, or not read $root"; return }
        $available = Invoke-Under $prefix '(Test-DsmipEnvironment | Where-Object IsAvailable).Name'
        $names = (Test-DsmipEnvironment).Name
        $available | Should -BeIn $names
        foreach ($pattern in $Yes) { $names | Where-Object { $_ -like $pattern } | Should -BeIn $available }
        foreach ($pattern in $No) { $names | Where-Object { $_ -like $pattern } | Should -Not -BeIn $available }
    }

    It 'leaves links and modules as they were' {
        if (-not $IsLinux) { Set-ItResult -Skipped -Because 'these are those of Linux'; return }
        # Other tests may make links of their own meanwhile, but in no namespace that is made for this.
        $state = { Get-ChildItem /sys/module -Name | Join-String -Separator ' ' }
        $null = Test-DsmipEnvironment
        $before = & $state
        $null = Test-DsmipEnvironment
        & $state | Should -Be $before
        if ($why) { Set-ItResult -Skipped -Because $why; return }
        $links = Invoke-Under ('unshare', '--net') '$a = ip -o link; $null = Test-DsmipEnvironment; $b = ip -o link; "$a" -ceq "$b"; @($b).Count'
        $links | Should -Be 'True', (unshare --net ip -o link | Measure-Object).Count
    }
}
