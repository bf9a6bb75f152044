# Runs a guide: every block of PowerShell in one session, in a folder of its own, with what it printed beside what the guide says.
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $ResultPath
)

$PSStyle.OutputRendering = 'PlainText'
Import-Module (Join-Path $PSScriptRoot ../../DsmipTools.psd1)
# What the host prints by itself, such as -WhatIf, comes to the console and to no stream. Both go to one writer, in order; the host keeps the first that it sees.
$printed = [IO.StringWriter]::new()
[Console]::SetOut($printed)
$text = Get-Content -LiteralPath $Path -Raw
Set-Location -LiteralPath (Split-Path $ResultPath)
$results = foreach ($match in [regex]::Matches($text, '(?ms)^```powershell\r?\n(?<code>.*?)^```\r?\n(\r?\n```text\r?\n(?<says>.*?)^```)?')) {
    $code = $match.Groups['code'].Value
    $null = $printed.GetStringBuilder().Clear()
    try {
        . ([scriptblock]::Create($code)) *>&1 | ForEach-Object { $_ -is [Management.Automation.WarningRecord] ? "WARNING: $_" : $_ } |
            Out-String -Width 112 -Stream | ForEach-Object { $printed.WriteLine($_) }
    }
    catch { $printed.WriteLine("$_") }
    [pscustomobject]@{
        Code  = $code.TrimEnd()
        Says  = ($match.Groups['says'].Value -split '\r?\n').TrimEnd() -join "`n"
        Shows = ("$printed" -split '\r?\n').TrimEnd() -join "`n"
    }
}
Get-DsmipAgent | Remove-DsmipAgent
ConvertTo-Json @($results) | Set-Content -LiteralPath $ResultPath
