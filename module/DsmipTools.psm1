# The cmdlets are C#: this script only finds their assembly, so that a checkout that was never built says what to do about it.
$assembly = Join-Path $PSScriptRoot 'bin' 'DsmipTools.PowerShell.dll'
if (-not (Test-Path -LiteralPath $assembly -PathType Leaf)) {
    throw [System.IO.FileNotFoundException]::new("DsmipTools is not built: '$assembly' is missing. Run ./build.sh first.", $assembly)
}
Import-Module -Name $assembly -ErrorAction Stop
Export-ModuleMember -Cmdlet *
