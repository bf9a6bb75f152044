# Runs one procedure in two worlds: a realm's bindings revoked at a local mobility anchor, simulated in virtual time and then over
# loopback sockets. Nothing outside of this folder is touched but out/demo, where the captures go.
$ErrorActionPreference = 'Stop'
$root = Resolve-Path (Join-Path $PSScriptRoot '..' '..')
Import-Module (Join-Path $root 'DsmipTools.psd1')

# Wide enough for addresses in a file and on a narrow terminal alike.
function Show([string] $Title, $Rows) {
    "  $Title"
    ($Rows | Format-Table -AutoSize | Out-String -Width 140).Trim("`r", "`n") -replace '(?m)^', '    '
    ''
}

$runs = @(
    @{ Title = '300 mobile nodes, one packet in ten lost, in virtual time (seed 42)'; Seed = 42; OutputPath = Join-Path $root 'out' 'demo' 'simulated' }
    @{ Title = 'the same over UDP sockets of this host, in real time'; World = 'Loopback'; OutputPath = Join-Path $root 'out' 'demo' 'loopback' }
)
$results = foreach ($run in $runs) {
    $title = $run.Title
    $run.Remove('Title')
    $result = Invoke-DsmipProcedure revocation-realm @run
    $step = @{}
    foreach ($one in $result.Steps) { $step[$one.Name] = $one.Actual }
    & {
        "== $($result.World): $title"
        ''
        Show 'Bindings of each realm before' $step['bindings before']
        Show 'The realm example.com is revoked: one indication to each gateway' (
            $step['revoke the realm example.com'] | Select-Object Peer, Result, Status, BindingsRevoked, Attempts, RoundTripTime)
        Show 'Bindings of each realm after' $step['bindings after']
        Show 'Steps' ($result.Steps | Select-Object @{ Name = 'At'; Expression = { $_.At.ToString('mm\:ss\.fff') } }, Outcome, Name, @{ Name = 'Found'; Expression = { $_.Found -like '@{*' ? 'see above' : $_.Found } })
        "  $($result.Outcome) in $($result.Duration.ToString('mm\:ss\.fff')) of its time. Packets: $($result.Captures -join ', ')"
        ''
    } | Out-Host
    $result
}
'Look into a capture with: ConvertFrom-DsmipPacket -Path out/demo/simulated/revocation-realm.pcapng' | Out-Host
exit [int]($results.Outcome -contains 'Failed')
