#requires -Version 7.6
<#
.SYNOPSIS
    The tasks of DsmipTools.
.DESCRIPTION
    Build    compiles the solution and makes the module importable from this checkout (module/bin, help included).
    Demo     builds and runs docs/examples/demo.ps1.
    Test     builds, runs xunit and Pester, and ends with one line that counts both. Arguments go to dotnet test.
    Soak     builds and runs the xunit tests of category Soak with their long seeds. Arguments go to dotnet test.
    Bench    builds and runs the benchmarks. Arguments go to the benchmark program.
    Package  builds and writes the module (out/DsmipTools/VERSION) and the package of the SDK (out/*.nupkg).
    Clean    removes all that the other tasks made.
.EXAMPLE
    ./build.ps1 Test
#>
param(
    [ValidateSet('Build', 'Demo', 'Test', 'Soak', 'Bench', 'Package', 'Clean')]
    [string] $Task = 'Build'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # each call below decides itself what a non-zero exit means
$env:DOTNET_CLI_TELEMETRY_OPTOUT = $env:DOTNET_NOLOGO = $env:POWERSHELL_TELEMETRY_OPTOUT = '1'
$env:POWERSHELL_UPDATECHECK = 'Off'
$extra = $args # a simple script on purpose: an advanced one would take --filter and -v for its own parameters

# Ends the task with one plain line: the tool that failed has said the rest.
class BuildFailure : Exception {
    BuildFailure([string] $message) : base($message) { }
}

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw [BuildFailure]::new("dotnet $($args[0]) ended with exit code $LASTEXITCODE")
    }
}

# A child, so that this process never holds the module's assemblies and each user of them starts afresh.
function Invoke-PowerShell {
    # As a .NET tool, PowerShell runs inside dotnet and has no executable of its own.
    $isTool = [IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath) -eq 'dotnet'
    $command = $isTool ? @('dotnet', (Join-Path $PSHOME 'pwsh.dll')) : @([Environment]::ProcessPath)
    $command += @('-NoProfile', '-NonInteractive', '-File') + $args
    & $command[0] $command[1..($command.Count - 1)]
}

function Build-Module {
    Invoke-DotNet build DsmipTools.slnx -c Release
    Invoke-DotNet publish src/DsmipTools.PowerShell -c Release --no-build -o out/publish

    # New files instead of overwritten ones: a session that has the module loaded keeps what it has mapped.
    Remove-Item module/bin -Recurse -Force -ErrorAction Ignore
    $null = New-Item module/bin/en-US -ItemType Directory
    Copy-Item out/publish/DsmipTools*.dll -Destination module/bin

    Invoke-PowerShell docs/ConvertTo-Maml.ps1 -Module ./DsmipTools.psd1 -CmdletPath docs/cmdlets -AboutPath docs/about -OutputPath module/bin/en-US
    if ($LASTEXITCODE -ne 0) {
        throw [BuildFailure]::new('no help was made, for the reasons above')
    }
}

function New-Tally {
    [pscustomobject]@{ Passed = 0; Failed = 0; Skipped = 0; Reasons = [Collections.Generic.List[string]]::new() }
}

function Invoke-Xunit {
    param([pscustomobject] $Tally, [string[]] $Options)

    & dotnet test DsmipTools.slnx -c Release --no-build --logger 'trx;LogFilePrefix=xunit' --results-directory out/test-results @Options
    $status = $LASTEXITCODE
    foreach ($file in Get-ChildItem out/test-results -Filter *.trx -ErrorAction Ignore) {
        foreach ($result in ([xml](Get-Content -LiteralPath $file.FullName -Raw)).SelectNodes('//*[local-name()="UnitTestResult"]')) {
            switch ($result.GetAttribute('outcome')) {
                'Passed' { $Tally.Passed++ }
                'NotExecuted' {
                    $Tally.Skipped++
                    $reason = $result.SelectSingleNode('.//*[local-name()="Message"]')
                    $Tally.Reasons.Add("$($result.GetAttribute('testName')): $($reason ? ($reason.InnerText -split '\r?\n')[0] : 'no reason given')")
                }
                default { $Tally.Failed++ }
            }
        }
    }
    if ($status -ne 0 -and $Tally.Failed -eq 0) {
        Write-Host "dotnet test ended with exit code $status and names no failed test."
        $Tally.Failed++
    }
}

function Invoke-PesterSuite {
    param([pscustomobject] $Tally)

    if (-not (Get-Module Pester -ListAvailable | Where-Object { $_.Version.Major -ge 5 })) {
        $count = @(Get-ChildItem tests/Pester -Filter *.Tests.ps1 | Select-String -Pattern '^ *It +[''"]').Count
        $Tally.Skipped += $count
        $Tally.Reasons.Add("$count Pester tests: no Pester 5 here, and none to be installed")
        # With PowerShell here the cmdlets could have been tried: a run that tried none has not shown that they work.
        Write-Host 'PowerShell is here, and no Pester test ran.'
        $Tally.Failed++
        return
    }

    $summary = 'out/test-results/pester.json'
    Invoke-PowerShell tests/Pester/Invoke-Suite.ps1 -ResultPath out/test-results/pester.xml -SummaryPath $summary
    if (-not (Test-Path $summary)) {
        Write-Host "Pester's process ended with exit code $LASTEXITCODE and left no result."
        $Tally.Failed++
        return
    }

    $result = Get-Content $summary -Raw | ConvertFrom-Json
    $Tally.Passed += $result.Passed
    $Tally.Failed += $result.Failed
    $Tally.Skipped += $result.Skipped
    foreach ($reason in $result.Reasons) { $Tally.Reasons.Add($reason) }
    if ($result.Passed + $result.Failed -eq 0) {
        Write-Host 'PowerShell and Pester are here, and no Pester test ran.'
        $Tally.Failed++
    }
}

# Each part of the host that the tests have not left as it was is a failure.
function Compare-HostState {
    param([pscustomobject] $Tally, [object[]] $Before)

    $after = @(& tests/HostState.ps1 -Checkout $PSScriptRoot)
    if ($after.Count -eq 0) {
        $Tally.Skipped++
        $Tally.Reasons.Add("the host is as before: $($PSVersionTable.OS) is not Linux")
    }
    foreach ($part in $after) {
        $old = ($Before | Where-Object Name -EQ $part.Name).Lines
        # What processes of others end meanwhile is not the tests'.
        $changes = @(Compare-Object @($old) @($part.Lines) | Where-Object { $part.Name -ne 'processes' -or $_.SideIndicator -eq '=>' })
        if ($changes.Count -eq 0) { continue }
        $Tally.Failed++
        Write-Host "The host is not as before: $($part.Name)"
        foreach ($change in $changes) { Write-Host "  $($change.SideIndicator -eq '=>' ? 'new ' : 'gone') $($change.InputObject)" }
    }
}

function Complete-Tally {
    param([pscustomobject] $Tally)

    foreach ($reason in $Tally.Reasons) { Write-Host "Skipped: $reason" }
    if ($Tally.Passed + $Tally.Failed -eq 0) {
        Write-Host 'No test ran.'
        $Tally.Failed++
    }
    Write-Host "Total: $($Tally.Passed) passed, $($Tally.Failed) failed, $($Tally.Skipped) skipped"
    exit [int]($Tally.Failed -gt 0)
}

function Invoke-Test {
    Build-Module
    Remove-Item out/test-results -Recurse -Force -ErrorAction Ignore
    $tally = New-Tally
    $before = @(& tests/HostState.ps1 -Checkout $PSScriptRoot)
    Invoke-Xunit $tally $extra
    Invoke-PesterSuite $tally
    Compare-HostState $tally $before
    Complete-Tally $tally
}

function Invoke-Soak {
    Build-Module
    Remove-Item out/test-results -Recurse -Force -ErrorAction Ignore
    $env:DSMIP_SOAK = '1'
    $tally = New-Tally
    Invoke-Xunit $tally (@('--filter', 'Category=Soak') + $extra)
    Complete-Tally $tally
}

function Invoke-Demo {
    Build-Module
    Invoke-PowerShell docs/examples/demo.ps1 @extra
    exit $LASTEXITCODE
}

function Invoke-Bench {
    Build-Module
    Invoke-DotNet run --project tests/Benchmarks -c Release '--' @extra
}

function New-Package {
    Build-Module
    $version = (Import-PowerShellDataFile DsmipTools.psd1).ModuleVersion
    $target = "out/DsmipTools/$version"
    Remove-Item $target -Recurse -Force -ErrorAction Ignore
    $null = New-Item $target -ItemType Directory
    Get-Item DsmipTools.psd1, LICENSE, module, README.m[d] | Copy-Item -Destination $target -Recurse
    Invoke-DotNet pack src/DsmipTools -c Release -o out
    Write-Host "Module:  $target"
    Write-Host "Package: out/DsmipTools.$version.nupkg"
}

function Clear-Output {
    foreach ($path in 'out', 'module/bin', 'src/*/bin', 'src/*/obj', 'tests/*/bin', 'tests/*/obj') {
        Remove-Item $path -Recurse -Force -ErrorAction Ignore
    }
}

Push-Location $PSScriptRoot
try {
    switch ($Task) {
        'Build' { Build-Module }
        'Demo' { Invoke-Demo }
        'Test' { Invoke-Test }
        'Soak' { Invoke-Soak }
        'Bench' { Invoke-Bench }
        'Package' { New-Package }
        'Clean' { Clear-Output }
    }
}
catch [BuildFailure] {
    [Console]::Error.WriteLine("build.ps1: $($_.Exception.Message)")
    exit 1
}
finally {
    Pop-Location
}
