# What tests must leave as they found it: everything of the host's network and of /etc, and no process of this checkout.
# Gives one object per part: Name, and Lines. Linux; other systems give none.
param([Parameter(Mandatory)] [string] $Checkout)

if (-not $IsLinux) { return }

# Counts that move by themselves, and values that a kernel draws anew.
$restless = 'nf_conntrack_count$|/tcp_fastopen_key$|/stable_secret$|/flush$'

function Read-Command {
    param([string] $Command, [string[]] $Arguments)

    if (Get-Command $Command -CommandType Application -ErrorAction Ignore) { & $Command @Arguments 2>&1 | ForEach-Object { "$_" } }
}

function Read-Settings {
    foreach ($path in [IO.Directory]::EnumerateFiles('/proc/sys/net', '*', [IO.SearchOption]::AllDirectories)) {
        if ($path -notmatch $restless) {
            $value = try { [IO.File]::ReadAllText($path).Trim() } catch { 'cannot be read' }
            "$path $value"
        }
    }
}

function Read-Folder {
    param([string] $Path)

    $options = [IO.EnumerationOptions]@{ RecurseSubdirectories = $true; AttributesToSkip = 0 }
    foreach ($entry in ([IO.DirectoryInfo] $Path).EnumerateFileSystemInfos('*', $options)) {
        "$($entry.FullName) $($entry.LinkTarget) $(if ($entry -is [IO.FileInfo] -and -not $entry.LinkTarget) { "$($entry.Length) $($entry.LastWriteTimeUtc.Ticks)" })"
    }
}

# Those that run this, and those that had begun before, are no leftovers.
function Read-Process {
    foreach ($folder in [IO.Directory]::EnumerateDirectories('/proc')) {
        $id = [IO.Path]::GetFileName($folder)
        if ($id -match '^\d+$' -and $id -ne $PID) {
            try {
                $command = [IO.File]::ReadAllText("$folder/cmdline").Replace("`0", ' ').Trim()
                if ($command -like "*$Checkout/*") { "$id $command" }
            }
            catch { continue }
        }
    }
}

$parts = [ordered]@{
    'network namespaces' = { Read-Command ip netns }
    'links' = { (Read-Command ip '-o', 'link') -replace ' qlen \d+' }
    'addresses' = { (Read-Command ip '-o', 'address') -replace 'valid_lft \S+ preferred_lft \S+' }
    'rules' = { (Read-Command ip '-4', 'rule') + (Read-Command ip '-6', 'rule') }
    'routes' = { ((Read-Command ip '-4', 'route', 'show', 'table', 'all') + (Read-Command ip '-6', 'route', 'show', 'table', 'all')) -replace ' expires \S+' }
    'packet filter' = { Read-Command nft '-s', 'list', 'ruleset' }
    'network settings' = { Read-Settings }
    '/etc' = { Read-Folder /etc }
    'processes' = { Read-Process }
}
foreach ($part in $parts.GetEnumerator()) {
    [pscustomobject]@{ Name = $part.Key; Lines = @(& $part.Value | Sort-Object) }
}
