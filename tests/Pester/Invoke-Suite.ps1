<#
.SYNOPSIS
    Runs the Pester tests of this folder and leaves a summary that build.ps1 adds to the total.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)][string] $ResultPath,
    [Parameter(Mandatory)][string] $SummaryPath,
    [string] $Path = $PSScriptRoot
)

# No preference and no strict mode is set here: the tests would inherit it, and a user has neither.
$PSStyle.OutputRendering = [Console]::IsOutputRedirected ? 'PlainText' : 'Host'
Import-Module Pester -MinimumVersion 5.0 -ErrorAction Stop

$configuration = New-PesterConfiguration @{
    Run        = @{ Path = $Path; PassThru = $true }
    Output     = @{ Verbosity = 'Normal'; RenderMode = [Console]::IsOutputRedirected ? 'Plaintext' : 'Auto' }
    TestResult = @{ Enabled = $true; OutputPath = $ResultPath }
}
$result = Invoke-Pester -Configuration $configuration

$reasons = foreach ($test in $result.Tests | Where-Object Result -In 'Skipped', 'Inconclusive', 'NotRun') {
    $because = $test.ErrorRecord | ForEach-Object { ($_.Exception.Message -replace '^is (skipped|inconclusive), because ' -split '\r?\n')[0] }
    "$($test.ExpandedPath): $($because ? $because : 'no reason given')"
}

@{
    Passed  = $result.PassedCount
    # A file that cannot be read, or a BeforeAll that throws, is a failure too, whatever the tests in it are counted as.
    Failed  = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
    Skipped = @($reasons).Count
    Reasons = @($reasons)
} | ConvertTo-Json | Set-Content -LiteralPath $SummaryPath -ErrorAction Stop
