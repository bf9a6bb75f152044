# What the tests of the cmdlets share: the module from this checkout, and packets made by hand.
$root = (Resolve-Path $PSScriptRoot/../..).Path

function Import-TestModule {
    Import-Module (Join-Path $root 'DsmipTools.psd1') -Force
    Clear-Session
}

function Clear-Session {
    Get-DsmipAgent | Remove-DsmipAgent
    Get-DsmipSecurityAssociation | Remove-DsmipSecurityAssociation
}

function New-TestKey([string] $Text = '1234567812345678') { ConvertTo-SecureString $Text -AsPlainText -Force }

# The errors of a script block: id and category, and the objects that came all the same.
function Get-Outcome([scriptblock] $Script) {
    $objects = & { try { & $Script } catch { $_ } } 2>&1
    $errors = @($objects | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    [pscustomobject]@{
        Objects    = @($objects | Where-Object { $_ -isnot [Management.Automation.ErrorRecord] })
        Errors     = $errors
        Ids        = @($errors | ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] })
        Categories = @($errors | ForEach-Object { $_.CategoryInfo.Category })
        Message    = $errors | ForEach-Object { "$_" } | Join-String -Separator "`n"
    }
}

function Send-Datagram([string] $From, [int] $FromPort, [string] $To, [int] $Port, [byte[]] $Octets, [switch] $Answer) {
    $client = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress]$From, $FromPort))
    try {
        $null = $client.Send($Octets, $Octets.Length, $To, $Port)
        if ($Answer) {
            $client.Client.ReceiveTimeout = 30000
            $source = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
            , $client.Receive([ref] $source)
        }
    }
    finally {
        $client.Dispose()
    }
}

# A counter of an agent: what a drop or a message has been counted to.
function Get-Count([string] $Agent, [hashtable] $Where) {
    $found = Get-DsmipStatistics $Agent -Counter
    foreach ($name in $Where.Keys) { $found = $found | Where-Object { "$($_.$name)" -eq $Where[$name] } }
    ($found | Measure-Object Count -Sum).Sum ?? 0
}

function Wait-For([scriptblock] $Condition, [int] $Seconds = 60) {
    $end = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $end) { throw "Not so within $Seconds s: $Condition" }
        Start-Sleep -Milliseconds 20
    }
}
