# The Send- cmdlets for messages and packets: over UDP to a socket of the test, and raw between network namespaces.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/NetworkNamespaces.ps1
    Import-TestModule

    $indication = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{ SequenceNumber = 4711; ProxyBinding = $true; Trigger = 'AdministrativeReason' }
    $acknowledgement = [DsmipTools.Wire.MobilityHeader.BindingRevocationAcknowledgement] @{ SequenceNumber = 4711; ProxyBinding = $true }
    $update = [DsmipTools.Wire.MobilityHeader.BindingUpdate] @{ SequenceNumber = 7; Lifetime = 75; Acknowledge = $true }

    function Get-Hex([byte[]] $Octets) { [Convert]::ToHexString($Octets).ToLower() }

    # What arrived at the peer, and from where.
    function Receive-Datagram {
        $from = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
        $octets = $peer.Receive([ref] $from)
        [pscustomobject]@{ Hex = Get-Hex $octets; From = $from }
    }

    # A peer that answers each datagram with some octets until it is disposed.
    function Start-Answering([byte[]] $Octets, [int] $Times = 1) {
        [powershell]::Create().AddScript({
                param($peer, $octets, $times)
                $from = [Net.IPEndPoint]::new([ipaddress]::Any, 0)
                $null = $peer.Receive([ref] $from)
                foreach ($time in 1..$times) { $null = $peer.Send($octets, $octets.Length, $from) }
            }).AddArgument($peer).AddArgument($Octets).AddArgument($Times)
    }
}

AfterAll { Clear-Session }

Describe 'Sending over UDP' {
    BeforeEach {
        $peer = [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress]'127.31.85.2', 0))
        $peer.Client.ReceiveTimeout = 10000
        $there = "127.31.85.2:$($peer.Client.LocalEndPoint.Port)"
    }

    AfterEach { $peer.Dispose() }

    It 'sends exactly the octets, and gives nothing back' {
        $indication | Send-BindingRevocationIndication -Destination $there | Should -BeNullOrEmpty
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $indication -AsHex)
        $acknowledgement | Send-BindingRevocationAcknowledgement -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $acknowledgement -AsHex)
        $update | Send-DsmipBindingUpdate -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $update -AsHex)
        [DsmipTools.Wire.MobilityHeader.BindingAcknowledgement] @{ SequenceNumber = 7 } | Send-DsmipBindingUpdate -Destination $there
        (Receive-Datagram).Hex | Should -Match '^3b..06'
    }

    It 'corrects nothing' {
        $wrong = [DsmipTools.Wire.MobilityHeader.BindingUpdate] @{ SequenceNumber = 7; Checksum = 0xBEEF; HeaderLength = 99; PayloadProto = 17; Reserved = 1 }
        $wrong | Send-DsmipBindingUpdate -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly '11630501beef00070000000001020000'
    }

    It 'takes messages out of packets, and octets one by one or as an array' {
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $indication -Source 127.0.0.1 -Destination 127.0.0.2)
        $packet | Send-BindingRevocationIndication -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $indication -AsHex)
        $octets = ConvertTo-DsmipPacket $update
        Send-DsmipPacket $octets -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (Get-Hex $octets)
        $octets | Send-DsmipPacket -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (Get-Hex $octets)
        $packet, $update | Send-DsmipPacket -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $indication -AsHex)
        (Receive-Datagram).Hex | Should -BeExactly (Get-Hex $octets)
    }

    It 'leaves from the source asked for' {
        $indication | Send-BindingRevocationIndication -Destination $there -Source 127.31.85.1:7001
        "$((Receive-Datagram).From)" | Should -Be '127.31.85.1:7001'
    }

    It 'carries an IPv6 packet in UDP of Dual-Stack Mobile IPv6' {
        $update | Send-DsmipBindingUpdate -Destination $there -InnerSource 2001:db8::7 -InnerDestination 2001:db8::1
        $inner = ConvertFrom-DsmipPacket -Hex (Receive-Datagram).Hex
        $inner.Error | Should -BeNullOrEmpty
        "$($inner.Source.Address) $($inner.Destination.Address) $($inner.Message.SequenceNumber)" | Should -Be '2001:db8::7 2001:db8::1 7'
    }

    It 'collects answers as packets, and stops after so many' {
        $answering = Start-Answering (ConvertTo-DsmipPacket $acknowledgement) -Times 3
        $job = $answering.BeginInvoke()
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $packets = @($indication | Send-BindingRevocationIndication -Destination $there -WaitFor 60s -Count 2 -PassThru)
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 30
        $answering.EndInvoke($job)
        $packets.Number | Should -Be 1, 2, 3
        $packets[0].Message | Should -BeOfType DsmipTools.Wire.MobilityHeader.BindingRevocationIndication
        $packets[1..2].Message.SequenceNumber | Should -Be 4711, 4711
        "$($packets[1].Source)" | Should -Be $there
        $packets[1].Destination | Should -Be $packets[0].Source
        $packets[1].Time | Should -BeGreaterOrEqual $packets[0].Time
    }

    It 'ends with its time where no answer comes' {
        $indication | Send-BindingRevocationIndication -Destination $there -WaitFor 100ms | Should -BeNullOrEmpty
    }

    It 'tells at once that nobody listens, and the next message has its turn' {
        $peer.Dispose()
        $outcome = Get-Outcome { $indication, $indication | Send-BindingRevocationIndication -Destination $there -WaitFor 60s }
        $outcome.Ids | Should -Be NetworkError, NetworkError
        $outcome.Message | Should -Match "Nobody listens at $there"
    }

    It 'sends nothing with -WhatIf' {
        $indication | Send-BindingRevocationIndication -Destination $there -WhatIf
        Send-DsmipPacket $update -Destination $there -WhatIf
        $acknowledgement | Send-BindingRevocationAcknowledgement -Destination $there
        (Receive-Datagram).Hex | Should -BeExactly (ConvertTo-DsmipPacket $acknowledgement -AsHex)
    }

    It 'refuses what does not fit, with an id' {
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -Count 1 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -WaitFor -5s }).Ids | Should -Be InvalidArgument
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -RoutingHeader 2001:db8::1 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -Transport IPv6 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -Interface lo }).Ids | Should -Be InvalidArgument
        (Get-Outcome { $indication | Send-BindingRevocationIndication -Destination $there -Source 192.0.2.77 }).Ids | Should -Be AddressNotAvailable
        (Get-Outcome { $indication | Send-DsmipBindingUpdate -Destination $there }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Send-DsmipPacket $indication }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Send-DsmipPacket 'text' -Destination $there }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Send-DsmipPacket ([byte[]] (0x3b, 0)) -Destination $there }).Ids | Should -Be InvalidArgument
    }

    It 'has the same parameters everywhere' {
        $all = 'Send-BindingRevocationIndication', 'Send-BindingRevocationAcknowledgement', 'Send-DsmipBindingUpdate', 'Send-DsmipPacket'
        $names = @($all | ForEach-Object { (Get-Command $_).Parameters.Keys | Sort-Object | Join-String -Separator ',' } | Select-Object -Unique)
        $names | Should -HaveCount 1
        (TabExpansion2 'Send-DsmipPacket -Interface l').CompletionMatches.CompletionText | Should -Contain 'lo'
    }
}

Describe 'Sending raw' {
    BeforeAll {
        $pair = (Test-NetworkPair) ? (New-NetworkPair "dsmip-send-$PID") : $null
        $compose = '$indication = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{ SequenceNumber = 4711; ProxyBinding = $true };'

        # A responder by means of the kernel and Python: it shares no code with what it answers.
        $responder = @'
import socket, struct
s = socket.socket(socket.AF_INET6, socket.SOCK_RAW, 135)
s.setsockopt(socket.IPPROTO_IPV6, 7, 4)
print('ready', flush=True)
while True:
    octets, peer = s.recvfrom(2048)
    number, = struct.unpack('!H', octets[8:10])
    s.sendto(bytes([59, 1, 16, 0, 0, 0, 2, 0]) + struct.pack('!HH', number, 0x8000) + bytes([1, 2, 0, 0]), (peer[0], 0))
'@
    }

    BeforeEach { Skip-WithoutNetworkPair $pair }

    AfterAll { Remove-NetworkPair $pair }

    It 'sends a native indication, and the acknowledgement of another implementation is its answer' {
        Get-Command python3 -ErrorAction Ignore | Should -Not -BeNullOrEmpty
        $peer = Start-InNamespace $pair.Right python3, -c, $responder
        try {
            $answer = Invoke-InNamespace $pair.Left "$compose `$indication | Send-BindingRevocationIndication -Destination 2001:db8::2 -WaitFor 20s -Count 1 | ForEach-Object { `$_.Summary; `$_.Error }"
            $answer | Should -BeExactly 'Binding Revocation Acknowledgement #4711 P status Success'
        }
        finally {
            $peer.Kill()
            $peer.Dispose()
        }
    }

    It 'sends a routing header, whose ICMP error is an answer' {
        $answer = Invoke-InNamespace $pair.Left "$compose `$indication | Send-BindingRevocationIndication -Destination 2001:db8::2 -RoutingHeader 2001:db8:9::7 -HomeAddress 2001:db8:9::8 -WaitFor 20s -Count 1 -PassThru | ForEach-Object { `$_.Layers.Name -join '/' }"
        $answer[0] | Should -BeExactly 'IPv6/Type 2 Routing/Destination Options/Binding Revocation Indication'
        $answer[1] | Should -BeLike 'IPv6/ICMPv6 Parameter Problem*'
    }

    It 'sends whole packets of both families' {
        $answer = Invoke-InNamespace $pair.Left "$compose
            ConvertTo-DsmipPacket `$indication -Source 192.0.2.1 -Destination 192.0.2.2 | Send-DsmipPacket -WaitFor 20s -Count 1 | ForEach-Object { `$_.Layers[1].Name }
            ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket `$indication -Source 2001:db8::1 -Destination 2001:db8::2) | Send-DsmipPacket -WaitFor 20s -Count 1 | ForEach-Object { `$_.Layers[1].Name }"
        $answer[0] | Should -BeLike 'ICMP Destination Unreachable*'
        $answer[1] | Should -BeLike 'ICMPv6 Parameter Problem*'
    }

    It 'says what keeps a packet from leaving' {
        $errors = Invoke-InNamespace $pair.Left "$compose
            `$octets = ConvertTo-DsmipPacket `$indication -Source 192.0.2.1 -Destination 192.0.2.2
            `$octets[10] = `$octets[10] -bxor 255
            try { Send-DsmipPacket `$octets } catch { `$_.FullyQualifiedErrorId }
            try { `$indication | Send-BindingRevocationIndication -Destination 2001:db8:77::1 } catch { `$_.FullyQualifiedErrorId }
            try { `$indication | Send-BindingRevocationIndication -Destination 2001:db8::2 -Interface nosuch0 } catch { `$_.FullyQualifiedErrorId }"
        ($errors -replace ',.*') | Should -Be InvalidArgument, NetworkError, InterfaceNotFound
    }
}
