# Two network namespaces that are joined by a pair of interfaces, for tests that send real packets: left has 2001:db8::1 and 192.0.2.1 on
# va, right has 2001:db8::2 and 192.0.2.2 on vb. All of it is gone with Remove-NetworkPair.

function Test-NetworkPair {
    $IsLinux -and (id -u) -eq 0 -and (Get-Command ip -ErrorAction Ignore)
}

function New-NetworkPair([string] $Name) {
    $left, $right = "$Name-left", "$Name-right"
    $commands = @(
        "netns add $left", "netns add $right"
        "-n $left link set lo up", "-n $right link set lo up"
        "-n $left link add va type veth peer name vb netns $right"
        "-n $left address add 2001:db8::1/64 dev va nodad", "-n $left address add 192.0.2.1/24 dev va"
        "-n $right address add 2001:db8::2/64 dev vb nodad", "-n $right address add 192.0.2.2/24 dev vb"
        "-n $left link set va up", "-n $right link set vb up"
    )
    foreach ($command in $commands) {
        $output = ip (-split $command) 2>&1
        if ($LASTEXITCODE -ne 0) { throw "ip ${command}: $output" }
    }
    [pscustomobject]@{ Left = $left; Right = $right }
}

function Skip-WithoutNetworkPair([pscustomobject] $Pair) {
    if (-not $Pair) { Set-ItResult -Skipped -Because 'network namespaces need Linux, root and ip(8)' }
}

function Remove-NetworkPair([pscustomobject] $Pair) {
    if ($Pair) { $Pair.Left, $Pair.Right | ForEach-Object { ip netns delete $_ } }
}

# Runs PowerShell text in a namespace, with the module imported, and gives what it prints.
function Invoke-InNamespace([string] $Namespace, [string] $Command) {
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    $pwsh = [Environment]::ProcessPath
    $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
    $text = "`$ErrorActionPreference = 'Stop'; `$PSStyle.OutputRendering = 'PlainText'; Import-Module '$root/DsmipTools.psd1'; $Command"
    $output = ip netns exec $Namespace $pwsh @arguments -NoProfile -NonInteractive -Command $text 2>&1
    if ($LASTEXITCODE -ne 0) { throw ($output -join "`n") }
    $output
}

# Starts a program in a namespace and waits for its first line.
function Start-InNamespace([string] $Namespace, [string[]] $Command, [switch] $WithInput) {
    $start = [Diagnostics.ProcessStartInfo]::new('ip')
    foreach ($argument in @('netns', 'exec', $Namespace) + $Command) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardInput = $WithInput
    $process = [Diagnostics.Process]::Start($start)
    $null = $process.StandardOutput.ReadLine()
    $process
}

# Starts a PowerShell in a namespace that has the module imported and runs one text after the other.
function Start-ShellInNamespace([string] $Namespace) {
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    $pwsh = [Environment]::ProcessPath
    $arguments = [IO.Path]::GetFileNameWithoutExtension($pwsh) -eq 'dotnet' ? @((Join-Path $PSHOME 'pwsh.dll')) : @()
    $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$root/DsmipTools.psd1'; [Console]::WriteLine('ready')" + ';' + {
        while ($line = [Console]::In.ReadLine()) {
            try {
                & ([scriptblock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)))) | ForEach-Object { [Console]::WriteLine("$_") }
            }
            catch { [Console]::WriteLine("failed: $_") }
            [Console]::WriteLine('done')
        }
    }
    Start-InNamespace $Namespace (@($pwsh) + $arguments + @('-NoProfile', '-NonInteractive', '-Command', $text)) -WithInput
}

# Runs PowerShell text in such a PowerShell, and gives what it puts out.
function Invoke-Shell([Diagnostics.Process] $Shell, [string] $Command) {
    $Shell.StandardInput.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Command)))
    while ('done' -ne ($line = $Shell.StandardOutput.ReadLine())) {
        if ($null -eq $line) { throw 'The process has ended.' }
        $line
    }
}
