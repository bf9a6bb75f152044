<#
.SYNOPSIS
    A gateway behind a NAT is found again after the NAT has rebooted, by its next update (RFC 5844, 4; RFC 5555, 3.1.2 and 4.1).
.DESCRIPTION
    The anchor sees the NAT's address and port, and the gateway says in its updates where it believes to be; the session stands with the
    gateway's own address, which the anchor's configuration allows it to name. After the reboot messages come from another address and port:
    the next renewal brings the anchor up to date, and an indication reaches the gateway again.
.FUNCTIONALITY
    Simulated, Loopback
#>
param(
    # The first three octets of all addresses; two runs over real sockets at once need different ones.
    [string] $Network = '127.58.67'
)

$node = 'mn1@example.com'
$simulated = $Lab.World -eq 'Simulated'

# The address that the anchor answers to, which is the NAT's, and not its port where the system chooses that.
function Get-Outside { (Get-DsmipBinding $node -Agent lma1).Envelope.Source.Address }

Step 'an anchor, a NAT, and a gateway behind it' {
    $null = New-DsmipLocalMobilityAnchor lma1 "$Network.10" -PrefixPool 2001:db8:100::/40 -CareOfAddress @{ "$Network.11" = '*' } -Start
    # On real sockets the gateway speaks to the NAT, which passes on to the anchor; in the simulated world the NAT stands in its way.
    $nat = $simulated ? $Lab.Host.Simulation.AddNat("$Network.20", [DsmipTools.Wire.Ip.Address[]] @("$Network.11"))
        : [DsmipTools.Worlds.LoopbackNat]::new([DsmipTools.Wire.Ip.Endpoint]::new("$Network.12", 5436), "$Network.20", [DsmipTools.Wire.Ip.Endpoint]::new("$Network.10", 5436))
    $null = New-DsmipMobileAccessGateway mag1 "$Network.11" -LocalMobilityAnchor ($simulated ? "$Network.10" : "$Network.12") -DetectNat -Lifetime 4 -Start
}
try {
    Step 'attach a mobile node' { $attached = Connect-DsmipSubscriber $node mag1; $attached }
    Expect 'the session stands with the gateway''s own address' "$Network.11" { (Get-DsmipBinding $node -Agent lma1).CareOfAddress }
    Expect 'and its messages come from the NAT' "$Network.20" { Get-Outside }
    Expect 'which the anchor has detected, and told the gateway: payload packets travel in UDP' 'Udp', 'Udp' { (Get-DsmipBinding $node).Tunnel.Encapsulation }

    Step 'the NAT reboots, with another address' { $nat.Rebind("$Network.21") }
    Expect 'the next renewal tells the anchor' "$Network.21" -Within 20s { Get-Outside }
    Expect 'it is the same session' @{ CareOfAddress = "$Network.11"; Prefixes = $attached.Prefixes; State = 'Active' } { Get-DsmipBinding -Agent lma1 }
    Step 'revoke it' { $outcome = Invoke-BindingRevocation $node; $outcome }
    Expect 'the indication finds its way' @{ Peer = "$Network.21"; Result = 'Acknowledged'; Status = 'Success'; BindingsRevoked = 1 } { $outcome }
    Expect 'no binding is left at either end' 0 { @(Get-DsmipBinding).Count }
}
finally {
    if ($nat -is [IDisposable]) { $nat.Dispose() }
}
