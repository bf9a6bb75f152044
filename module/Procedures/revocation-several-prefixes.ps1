<#
.SYNOPSIS
    Revokes one of two sessions of a mobile node, each with two home network prefixes (RFC 5846, 8.1): all prefixes of it are named.
.DESCRIPTION
    A mobile node with two interfaces at one gateway has two sessions. An indication with its identifier alone would mean both (8.2), so
    that the anchor adds the Home Network Prefix options of the session that is meant, and of no other.
.FUNCTIONALITY
    Simulated
#>
$node = 'mn1@example.com'

Step 'an anchor that gives two prefixes to a session, and a gateway' {
    $null = New-DsmipLocalMobilityAnchor lma1 127.58.51.10 -PrefixPool 2001:db8:100::/40 -PrefixesPerSession 2 -Start
    $null = New-DsmipMobileAccessGateway mag1 127.58.51.11 -LocalMobilityAnchor 127.58.51.10 -Start
}
Step 'attach two interfaces of one mobile node' {
    $first = Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:01
    $second = Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:02
    $first, $second
}
Expect 'each session has two prefixes, and none is shared' 4 { @($first.Prefixes) + $second.Prefixes | Select-Object -Unique | Measure-Object | ForEach-Object Count }

Step 'revoke the first session by one of its prefixes' { $outcome = Invoke-BindingRevocation $node -Prefix $first.Prefixes[0]; $outcome }
Expect 'one session is gone' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1; BindingsKept = 0 } { $outcome }
Expect 'the indication names both of its prefixes' @{ Identifiers = @($node); Prefixes = $first.Prefixes; Flags = 'P' } { $Lab.Revocations[0] }
foreach ($agent in 'lma1', 'mag1') {
    Expect "$agent has the other session, with both of its prefixes" $second.Prefixes { (Get-DsmipBinding -Agent $agent).Prefixes }
}

Step 'attach the first interface again, and revoke both sessions by all of their prefixes' {
    $first = Connect-DsmipSubscriber $node mag1 -LinkLayerIdentifier 02:00:5e:10:00:01
    $outcome = Invoke-BindingRevocation $node -Prefix (@($first.Prefixes) + $second.Prefixes)
    $outcome
}
Expect 'one indication ends both' @{ Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 2 } { $outcome }
Expect 'it has four Home Network Prefix options' (@($first.Prefixes) + $second.Prefixes | Sort-Object) { $Lab.Revocations[-2].Prefixes | Sort-Object }
Expect 'no binding is left at either end' 0 { @(Get-DsmipBinding).Count }
