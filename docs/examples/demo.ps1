# Runs one procedure in two worlds: a realm's bindings revoked at an LMA, simulated in virtual time and then over loopback sockets.
$ErrorActionPreference = 'Stop'
$root = Resolve-Path (Join-Path $PSScriptRoot '..' '..')
Import-Module (Join-Path $root 'DsmipTools.psd1')

$runs = @(
    @{ Seed = 42; OutputPath = Join-Path $root 'out' 'demo' 'simulated' }
    @{ World = 'Loopback'; OutputPath = Join-Path $root 'out' 'demo' 'loopback' }
)
$results = foreach ($run in $runs) {
    $result = Invoke-DsmipProcedure revocation-realm @run
    # The steps say what each one expected and found, the bindings before and after the revocation among them.
    "$($result.Name) in the world $($result.World): $($result.Outcome) in $($result.Duration)" | Out-Host
    $result.Steps | Format-Table Name, Outcome, Expected, Actual, At -AutoSize -Wrap | Out-Host
    "Captures: $($result.Captures -join ', ')" | Out-Host
    $result
}
exit [int]($results.Outcome -contains 'Failed')
