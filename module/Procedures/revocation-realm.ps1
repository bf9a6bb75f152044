<#
.SYNOPSIS
    Revokes all bindings of one realm at a local mobility anchor with three gateways (RFC 5846, 8.1), while one packet in ten is lost.
.DESCRIPTION
    Mobile nodes of example.com, example.org and sub.example.com attach to three mobile access gateways. The anchor revokes one
    realm: one Binding Revocation Indication to each gateway, trigger 129. Afterwards the bindings of that realm are gone at both
    ends, and all others are untouched, those of a sub-realm too. Some mobile nodes write the realm in capital letters, which is the same
    realm; some have two interfaces, each with a session at another gateway. Real sockets lose nothing, so loss is for the simulated world.
.FUNCTIONALITY
    Simulated, Loopback, Namespace
#>
param(
    # How many interfaces attach: of six in a row, three are of example.com, two of example.org, one of sub.example.com. The second of example.com
    # has the realm in capital letters, and the third is the second interface of the first mobile node.
    [ValidateRange(6, 6000)][int] $MobileNodes = 300,
    # The realm to revoke.
    [string] $Realm = 'example.com',
    # The share of packets that a simulated link loses.
    [ValidateRange(0, 0.5)][double] $Loss = 0.1
)

$realms = 'example.com', 'example.org', 'example.com', 'example.org', 'example.com', 'sub.example.com'
$network = $Lab.World -eq 'Namespace' ? '198.18.46' : '127.58.46'
$anchor = "$network.10"
$gateways = [ordered] @{ mag1 = "$network.11"; mag2 = "$network.12"; mag3 = "$network.13" }

# Who attaches where: every realm is at every gateway.
$subscribers = foreach ($number in 1..$MobileNodes) {
    $group, $place = [math]::Floor(($number - 1) / $realms.Count), (($number - 1) % $realms.Count)
    [pscustomobject] @{
        Identifier          = 'mn{0:d4}@{1}' -f ($place -eq 4 ? $number - 4 : $number), ($place -eq 2 ? $realms[$place].ToUpperInvariant() : $realms[$place])
        LinkLayerIdentifier = '02:00:5e:10:{0:x2}:{1:x2}' -f ($number -shr 8), ($number -band 255)
        Realm               = $realms[$place]
        Gateway             = @($gateways.Keys)[($group + $number) % $gateways.Count]
    }
}

# What a table of bindings should hold: the realms of one gateway, or of all.
function Get-Planned([string] $Gateway, [string] $Without) {
    $planned = [ordered] @{}
    foreach ($group in $subscribers | Where-Object { -not $Gateway -or $_.Gateway -eq $Gateway } | Where-Object Realm -NE $Without |
            Group-Object Realm | Sort-Object Name) {
        $planned[$group.Name] = $group.Count
    }
    $planned
}

# What the table of an agent holds.
function Get-Found([string] $Agent) {
    $found = [ordered] @{}
    foreach ($group in Get-DsmipBinding -Agent $Agent | Group-Object { ($_.Identifier -split '@')[-1].ToLowerInvariant() } | Sort-Object Name) {
        $found[$group.Name] = $group.Count
    }
    $found
}

# The bindings of all agents as rows of a table, for people.
function Get-Overview {
    foreach ($agent in @('lma1') + $gateways.Keys) {
        $row = [ordered] @{ Agent = $agent }
        $found = Get-Found $agent
        foreach ($name in $realms | Sort-Object -Unique) { $row[$name] = [int] $found[$name] }
        [pscustomobject] $row
    }
}

Step 'one anchor, three gateways' {
    # With so many retries the loss of every one of them is out of the question, whatever the seed.
    $null = New-DsmipLocalMobilityAnchor -Name lma1 -Address $anchor -PrefixPool 2001:db8:100::/40 -MaximumRetries 25 -Start
    foreach ($name in $gateways.Keys) {
        $null = New-DsmipMobileAccessGateway -Name $name -Address $gateways[$name] -LocalMobilityAnchor $anchor -MaximumRetries 25 -MaximumDelay 2s -Start
    }
}
Step 'lose packets' -World Simulated {
    $Lab.Link = @{ Loss = $Loss; Latency = [timespan]::FromMilliseconds(10) }
    "$($Loss * 100) %"
}
Step 'attach the mobile nodes' {
    $attached = $subscribers | ForEach-Object {
        Connect-DsmipSubscriber -Identifier $_.Identifier -MobileAccessGateway $_.Gateway -LinkLayerIdentifier $_.LinkLayerIdentifier
    }
    "$(@($attached | Where-Object Result -EQ 'Accepted').Count) of $MobileNodes"
}

Expect 'the anchor has all bindings' (Get-Planned) { Get-Found lma1 }
foreach ($name in $gateways.Keys) {
    Expect "$name has those of its mobile nodes" (Get-Planned -Gateway $name) { Get-Found $name }
}
Step 'bindings before' { Get-Overview }

Step "revoke the realm $Realm" {
    $outcomes = @(Invoke-BindingRevocation -Realm $Realm | Sort-Object { "$($_.Peer)" })
    $outcomes | Select-Object Peer, Trigger, Result, Status, BindingsRevoked, Attempts, RoundTripTime
}
Step 'bindings after' { Get-Overview }

Expect 'one outcome for each gateway' @($gateways.Values) { $outcomes.Peer }
Expect 'each gateway did it' { @($_ | Where-Object { $_ -notin 'Acknowledged', 'AlreadyGone' }).Count -eq 0 } { $outcomes.Result }
Expect 'by an indication that names the realm alone, each time with the same number' @($gateways.Keys | ForEach-Object { "$_ PG @$Realm MobileNodeIdentifier" }) {
    $Lab.Revocations | Where-Object Trigger -EQ RevokingMobilityNodeLocalPolicy | Sort-Object To, SequenceNumber -Unique |
        ForEach-Object { "$($_.To) $($_.Flags) $($_.Identifiers) $($_.Options)" }
}
Expect 'as many bindings revoked as there were' @($subscribers | Where-Object Realm -EQ $Realm).Count { ($outcomes | Measure-Object BindingsRevoked -Sum).Sum }
Expect 'no indication was sent more often than configured' { ($_ | Measure-Object -Maximum -Minimum).Minimum -ge 1 -and ($_ | Measure-Object -Maximum).Maximum -le 26 } { $outcomes.Attempts }
Expect 'the anchor has the other realms still' (Get-Planned -Without $Realm) { Get-Found lma1 }
foreach ($name in $gateways.Keys) {
    Expect "$name has the other realms still" (Get-Planned -Gateway $name -Without $Realm) { Get-Found $name }
}
Expect 'no revocation is in progress' 0 { @(Get-DsmipBinding -State RevocationInProgress).Count }

# For those who compare the capture with what the agents counted.
Step 'messages sent' {
    $sent = [ordered] @{}
    Get-DsmipStatistics -Counter | Where-Object { $_.Direction -in 'Sent', 'Retransmitted' -and $_.Drop -eq 'None' } | Sort-Object { "$($_.Message)" } |
        ForEach-Object { $sent["$($_.Message)"] += $_.Count }
    $sent
}
