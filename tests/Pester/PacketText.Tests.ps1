# Packets as text: dumps of other tools in, dumps for other tools out; and layers, envelopes and exports.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $message = New-BindingRevocationIndication -Realm example.com -SequenceNumber 4711
    $octets = ConvertTo-DsmipPacket $message -Source 2001:db8::1 -Destination 2001:db8::2
    $hex = [Convert]::ToHexString($octets).ToLower()
    $null = 1..3 | ForEach-Object { New-BindingRevocationIndication -Realm example.com -SequenceNumber $_ } |
        Export-DsmipPacket $TestDrive/three.pcapng -Source 10.0.0.1 -Destination 10.0.0.2
    function Get-Tool([string] $Name) { [bool](Get-Command $Name -CommandType Application -ErrorAction Ignore) }
}

AfterAll { Clear-Session }

Describe 'Text' {
    It 'is read as this module writes it: hexadecimal, dump, Base64' {
        $dump = ConvertTo-DsmipPacket $octets -AsHexDump
        ConvertFrom-DsmipPacket -Text (ConvertTo-DsmipPacket $octets -AsHex) | ConvertTo-DsmipPacket -AsHex | Should -Be $hex
        ConvertFrom-DsmipPacket -Text $dump | ConvertTo-DsmipPacket -AsHex | Should -Be $hex
        $dump -split "`n" | ConvertFrom-DsmipPacket | ConvertTo-DsmipPacket -AsHex | Should -Be $hex
        $dump, $dump | ConvertFrom-DsmipPacket | ForEach-Object Number | Should -Be 1, 2
        ConvertTo-DsmipPacket $octets -AsBase64 | ConvertFrom-DsmipPacket -Base64 | ConvertTo-DsmipPacket -AsHex | Should -Be $hex
        ConvertTo-DsmipPacket $octets -AsBase64 | Should -BeExactly ([Convert]::ToBase64String($octets))
    }

    It 'comes from a dump of <Tool>' -ForEach @(
        @{ Tool = 'tcpdump'; Arguments = '-n', '-x', '-r' }
        @{ Tool = 'tcpdump'; Arguments = '-n', '-v', '-XX', '-r' }
        @{ Tool = 'tshark'; Arguments = '-x', '-r' }
    ) {
        if (-not (Get-Tool $Tool)) { Set-ItResult -Skipped -Because "$Tool is not here"; return }
        $packets = @(& $Tool @Arguments "$TestDrive/three.pcapng" 2>$null | ConvertFrom-DsmipPacket)
        $packets.Message.SequenceNumber | Should -Be 1, 2, 3
        @($packets | Where-Object Error) | Should -BeNullOrEmpty
        $packets.Octets | Should -Be (ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng).Octets
    }

    It 'comes from a dump of <Tool> of one packet' -ForEach @(
        @{ Tool = 'xxd'; Arguments = @() }, @{ Tool = 'hexdump'; Arguments = @('-C') }, @{ Tool = 'od'; Arguments = '-Ax', '-tx1' }
    ) {
        if (-not (Get-Tool $Tool)) { Set-ItResult -Skipped -Because "$Tool is not here"; return }
        [IO.File]::WriteAllBytes("$TestDrive/one", $octets)
        & $Tool @Arguments "$TestDrive/one" | ConvertFrom-DsmipPacket | ConvertTo-DsmipPacket -AsHex | Should -Be $hex
    }

    It 'is imported by text2pcap' {
        if (-not (Get-Tool text2pcap) -or -not (Get-Tool tshark)) { Set-ItResult -Skipped -Because 'text2pcap or tshark is not here'; return }
        # Octets that are digits in ASCII mislead an import that takes the column for octets.
        $tricky = @(1..3 | ForEach-Object { New-BindingRevocationIndication -Realm 'abcdef0123456789.aa' -SequenceNumber $_ })
        $tricky | ConvertTo-DsmipPacket -Source 2001:db8::1 -Destination 2001:db8::2 -AsHexDump | Set-Content $TestDrive/dump.txt
        text2pcap -l 101 $TestDrive/dump.txt $TestDrive/imported.pcap *>$null
        $packets = @(ConvertFrom-DsmipPacket -Path $TestDrive/imported.pcap)
        $packets.Message.SequenceNumber | Should -Be 1, 2, 3
        @($packets | Where-Object Error) | Should -BeNullOrEmpty
    }

    It 'comes as an array of lines or packets too' {
        $packets = @(ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng)
        (ConvertFrom-DsmipPacket -Text ((ConvertTo-DsmipPacket $packets[0] -AsHexDump) -split '\r?\n')).Octets.ToString() | Should -Be $packets[0].Octets.ToString()
        @(ConvertFrom-DsmipPacket -Text ($packets | ConvertTo-DsmipPacket -AsHex)).Number | Should -Be @(1..$packets.Count)
        @(ConvertFrom-DsmipPacket -Base64 -Text ($packets | ConvertTo-DsmipPacket -AsBase64)).Number | Should -Be @(1..$packets.Count)
    }

    It 'that is broken gives an error with the place, and the packets beside it' {
        $lines = '0000  3b 03 10 00', '0004  00 0', '0000  3b 01 10 00'
        $outcome = Get-Outcome { $lines | ConvertFrom-DsmipPacket }
        $outcome.Ids | Should -Be MalformedPacket
        $outcome.Categories | Should -Be InvalidData
        $outcome.Message | Should -Match 'Line 2: The text is no hexadecimal at character 10'
        $outcome.Objects | Should -HaveCount 1
        (Get-Outcome { 'OwMQ', 'Ow!=', 'Ow==' | ConvertFrom-DsmipPacket -Base64 }).Objects | Should -HaveCount 2
        (Get-Outcome { ConvertFrom-DsmipPacket -Text 'Ow!=' -Base64 }).Message | Should -Match 'no Base64 at character 3'
    }

    It 'may hold frames with a link-layer header' {
        $frame = ConvertTo-DsmipPacket -Layer ([DsmipTools.Wire.Capture.EthernetHeader] @{ EtherType = 'IPv6' }), ([DsmipTools.Wire.Ip.IPv6Header] @{ Source = '2001:db8::1'; Destination = '2001:db8::2' }), $message
        (ConvertFrom-DsmipPacket $frame).Layers.Name | Should -Be Ethernet, IPv6, 'Binding Revocation Indication'
        (ConvertFrom-DsmipPacket $frame).LinkType | Should -Be Ethernet
        (ConvertFrom-DsmipPacket $octets -LinkType 101).LinkType | Should -Be Raw
        (ConvertFrom-DsmipPacket $octets -LinkType LinuxCooked).Layers[0].Name | Should -BeLike 'Linux cooked*'
    }
}

Describe 'Capture files' {
    It 'are read as pcap and as pcapng, several at once, each from 1' {
        $null = ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng | Export-DsmipPacket $TestDrive/three.pcap
        $packets = @(ConvertFrom-DsmipPacket -Path $TestDrive/three.pcap*)
        $packets.Number | Should -Be 1, 2, 3, 1, 2, 3
        "$($packets[0].Octets.ToString())" | Should -Be $packets[3].Octets.ToString()
    }

    It 'stop being read when the pipeline has enough' {
        @(ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng | Select-Object -First 1) | Should -HaveCount 1
        # The file is closed: another process of this test could not move it otherwise on Windows.
        Copy-Item $TestDrive/three.pcapng $TestDrive/gone.pcapng
        $null = ConvertFrom-DsmipPacket -Path $TestDrive/gone.pcapng | Select-Object -First 1
        Remove-Item $TestDrive/gone.pcapng
        Test-Path $TestDrive/gone.pcapng | Should -BeFalse
    }

    It 'that are <Kind> give their good frames and an error' -ForEach @(
        @{ Kind = 'empty'; Good = 0; Make = { , [byte[]]@() } }
        @{ Kind = 'cut'; Good = 2; Make = { , $all[0..($all.Length - 5)] } }
        @{ Kind = 'corrupt'; Good = 2; Make = { $all[$all.Length - 1] = 77; , $all } }
        @{ Kind = 'two formats in one'; Good = 3; Make = { , [byte[]]($all + [byte[]](0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0)) } }
        @{ Kind = 'compressed'; Good = 0; Make = { , [byte[]](0x1f, 0x8b, 8, 0, 0, 0, 0, 0) } }
    ) {
        $all = [IO.File]::ReadAllBytes("$TestDrive/three.pcapng")
        [IO.File]::WriteAllBytes("$TestDrive/bad", (& $Make))
        $outcome = Get-Outcome { ConvertFrom-DsmipPacket -LiteralPath $TestDrive/bad, $TestDrive/three.pcapng }
        $outcome.Objects | Should -HaveCount ($Good + 3)
        $outcome.Ids | Should -Be MalformedPacket
        $outcome.Message | Should -Match 'at octet \d+'
    }

    It 'stop being read at once on Ctrl+C: <Kind>' -Skip:$IsWindows -ForEach @(
        @{ Kind = 'a pipe without a writer'; Octets = $null }
        @{ Kind = 'a pipe whose writer waits'; Octets = { [IO.File]::ReadAllBytes("$TestDrive/three.pcapng") } }
        # Blocks of an unknown type only, without an end.
        @{ Kind = 'a pipe without a frame'; Octets = { [IO.File]::ReadAllBytes("$TestDrive/three.pcapng")[0..27] }; Endless = [byte[]](0xad, 0x0b, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 16, 0, 0, 0) * 4096 }
    ) {
        $pipe = Join-Path $TestDrive "$(New-Guid).pcapng"
        mkfifo $pipe
        $begun = [Threading.ManualResetEventSlim]::new()
        $reader = [powershell]::Create().AddScript("param(`$begun) Import-Module '$root/DsmipTools.psd1'; `$begun.Set(); ConvertFrom-DsmipPacket -Path '$pipe'").AddArgument($begun)
        $writer = $Octets ? [powershell]::Create().AddScript({
                param($pipe, $octets, $endless)
                $file = [IO.FileStream]::new($pipe, 'Open', 'Write', 'ReadWrite')
                $file.Write($octets, 0, $octets.Length)
                $file.Flush()
                while ($endless) { $file.Write($endless, 0, $endless.Length) }
                Start-Sleep 60
            }).AddArgument($pipe).AddArgument((& $Octets)).AddArgument($Endless) : $null
        try {
            $null = $reader.BeginInvoke()
            if ($writer) { $null = $writer.BeginInvoke() }
            $begun.Wait(30000) | Should -BeTrue
            "$($reader.InvocationStateInfo.State)" | Should -Be Running
            $stopping = $reader.BeginStop($null, $null)
            $stopping.AsyncWaitHandle.WaitOne(10000) | Should -BeTrue
        }
        finally {
            # Whoever still waits for the other end of the pipe gets it.
            [IO.FileStream]::new($pipe, 'Open', 'ReadWrite', 'ReadWrite').Dispose()
            if ($writer) { $null = $writer.BeginStop($null, $null) }
        }
    }

    It 'that are folders are called so' {
        (Get-Outcome { ConvertFrom-DsmipPacket -Path $TestDrive }).Message | Should -Match 'is a folder'
    }

    It 'that may not be read give an error' {
        if ($IsWindows -or (id -u) -eq 0) { Set-ItResult -Skipped -Because 'root reads everything'; return }
        Copy-Item $TestDrive/three.pcapng $TestDrive/secret.pcapng
        chmod 000 $TestDrive/secret.pcapng
        (Get-Outcome { ConvertFrom-DsmipPacket -Path $TestDrive/secret.pcapng }).Categories | Should -Be PermissionDenied
    }

    It 'decode with a port of Dual-Stack Mobile IPv6 of their own' {
        $packet = ConvertTo-DsmipPacket $message -Source 10.0.0.1:7777 -Destination 10.0.0.2:7777 -InnerSource 2001:db8::1 -InnerDestination 2001:db8::2
        (ConvertFrom-DsmipPacket $packet).Message | Should -BeNullOrEmpty
        (ConvertFrom-DsmipPacket $packet -DualStackMobileIPv6Port 7777).Layers.Name | Should -Be IPv4, UDP, IPv6, 'Binding Revocation Indication'
    }
}

Describe 'Envelopes and layers' {
    It 'carry home addresses of Mobile IPv6, which the checksum covers' {
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $message -Source 2001:db8::1 -Destination 2001:db8::2 -HomeAddress 2001:db8::3 -RoutingHeader 2001:db8::4)
        $packet.Layers.Name | Should -Be IPv6, 'Type 2 Routing', 'Destination Options', 'Binding Revocation Indication'
        $packet.Error | Should -BeNullOrEmpty
    }

    It 'put an ICMP message behind an IP header with its checksum' {
        $echo = [DsmipTools.Wire.Icmp.IcmpV6.IcmpV6EchoRequest] @{ Identifier = 7 }
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $echo -Source 2001:db8::1 -Destination 2001:db8::2)
        $packet.Error | Should -BeNullOrEmpty
        $packet.Message.Identifier | Should -Be 7
        (Get-Outcome { ConvertTo-DsmipPacket $echo -Source 2001:db8::1 -Destination 2001:db8::2 -Transport IPv6 }).Ids | Should -Be InvalidArgument
    }

    It 'are composed as they are, from -Layer, before an input object, or from an array' {
        $ip = [DsmipTools.Wire.Ip.IPv4Header] @{ Source = '10.0.0.1'; Destination = '10.0.0.2'; TimeToLive = 1 }
        $udp = [DsmipTools.Wire.Ip.UdpHeader] @{ SourcePort = 5436; DestinationPort = 5436; Checksum = 1 }
        $expected = ConvertTo-DsmipPacket -Layer $ip, $udp, $message -AsHex
        $message | ConvertTo-DsmipPacket -Layer $ip, $udp -AsHex | Should -Be $expected
        ConvertTo-DsmipPacket ($ip, $udp, $message) -AsHex | Should -Be $expected
        "$((ConvertFrom-DsmipPacket -Text $expected).Error)" | Should -Match 'Checksum at octet 26: is wrong'
        ConvertTo-DsmipPacket (ConvertFrom-DsmipPacket -Text $expected) -AsHex | Should -Be $expected
        (Get-Outcome { $message | ConvertTo-DsmipPacket -Layer $ip -Source 10.0.0.1 -Destination 10.0.0.2 }).Ids | Should -Be InvalidArgument
        (Get-Outcome { ConvertTo-DsmipPacket -AsHex }).Ids | Should -Be InvalidArgument
    }

    It 'keep a checksum that was given, and compute that of a decoded message anew' {
        $wrong = New-BindingRevocationIndication -Realm example.com -Checksum 0xdead -AllowInvalid
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $wrong -Source 2001:db8::1 -Destination 2001:db8::2)
        $packet.Message.Checksum | Should -Be 0xdead
        $moved = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $packet.Message -Source 2001:db8::1 -Destination 2001:db8::9)
        $moved.Error | Should -BeNullOrEmpty
    }
}

Describe 'Export-DsmipPacket' {
    It 'writes pcapng, and pcap by the name or on demand' {
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng
        foreach ($case in @('a.pcapng', '0a0d0d0a', @{}), @('a.dat', '0a0d0d0a', @{}), @('a.pcap', '4d3cb2a1', @{}), @('b.dat', '4d3cb2a1', @{ Format = 'Pcap' }), @('b.pcap', '0a0d0d0a', @{ Format = 'Pcapng' })) {
            $options = $case[2]
            $file = $packets | Export-DsmipPacket (Join-Path $TestDrive $case[0]) @options
            $file | Should -BeOfType IO.FileInfo
            [Convert]::ToHexString([IO.File]::ReadAllBytes($file.FullName)[0..3]).ToLower() | Should -Be $case[1]
            (ConvertFrom-DsmipPacket -LiteralPath $file.FullName).Octets | Should -Be $packets.Octets
        }
    }

    It 'adds comments, which pcap cannot have' {
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng
        $null = $packets | Export-DsmipPacket $TestDrive/noted.pcapng -Comment 'one'
        # Over the file that is being read.
        $null = ConvertFrom-DsmipPacket -Path $TestDrive/noted.pcapng | Export-DsmipPacket $TestDrive/noted.pcapng -Comment 'two'
        (ConvertFrom-DsmipPacket -Path $TestDrive/noted.pcapng)[0].Comments | Should -Be one, two
        (Get-Outcome { $packets | Export-DsmipPacket $TestDrive/noted.pcap -Comment 'one' }).Ids | Should -Be InvalidArgument
        Test-Path $TestDrive/noted.pcap | Should -BeFalse
        $null = ConvertFrom-DsmipPacket -Path $TestDrive/noted.pcapng | Export-DsmipPacket $TestDrive/noted.pcap -WarningVariable warning -WarningAction SilentlyContinue
        $warning | Should -Match 'comments'
    }

    It 'appends, leaves alone and replaces as it is told' {
        $path = Join-Path $TestDrive replaced.pcapng
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng
        $null = $packets | Export-DsmipPacket $path
        $null = $packets | Export-DsmipPacket $path -Append
        @(ConvertFrom-DsmipPacket -Path $path).Number | Should -Be 1, 2, 3, 4, 5, 6
        (Get-Outcome { $packets | Export-DsmipPacket $path -NoClobber }).Categories | Should -Be ResourceExists
        Set-ItemProperty $path IsReadOnly $true
        (Get-Outcome { $packets | Export-DsmipPacket $path }).Ids | Should -Be FileError
        @(ConvertFrom-DsmipPacket -Path $path).Count | Should -Be 6
        $null = $packets | Export-DsmipPacket $path -Force
        @(ConvertFrom-DsmipPacket -Path $path).Count | Should -Be 3
        Set-Content $TestDrive/text.pcapng 'no capture'
        (Get-Outcome { $packets | Export-DsmipPacket $TestDrive/text.pcapng -Append }).Ids | Should -Be MalformedPacket
        Get-Content $TestDrive/text.pcapng | Should -Be 'no capture'
    }

    It 'writes nothing with -WhatIf, and nothing when the pipeline fails' {
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/three.pcapng
        $packets | Export-DsmipPacket $TestDrive/whatif.pcapng -WhatIf
        Test-Path $TestDrive/whatif.pcapng | Should -BeFalse
        { $packets | ForEach-Object { $_; throw 'broken' } | Export-DsmipPacket $TestDrive/broken.pcapng } | Should -Throw broken
        @(Get-ChildItem $TestDrive -Filter *broken*) | Should -BeNullOrEmpty
    }

    It 'leaves a file alone when none of the input is a packet' {
        $null = , $octets | Export-DsmipPacket $TestDrive/kept.pcapng
        $outcome = Get-Outcome { 'text', $message | Export-DsmipPacket $TestDrive/kept.pcapng }
        $outcome.Ids | Should -Be InvalidArgument, InvalidArgument
        $outcome.Objects | Should -BeNullOrEmpty
        @(ConvertFrom-DsmipPacket -Path $TestDrive/kept.pcapng) | Should -HaveCount 1
        @(Get-ChildItem $TestDrive -Filter kept*) | Should -HaveCount 1
    }

    It 'leaves out what is no packet, with an error' {
        $outcome = Get-Outcome { $message, (New-DsmipMobilityOption Pad1), $octets | Export-DsmipPacket $TestDrive/mixed.pcapng }
        $outcome.Ids | Should -Be InvalidArgument, InvalidArgument
        @(ConvertFrom-DsmipPacket -Path $TestDrive/mixed.pcapng) | Should -HaveCount 1
        (Get-Outcome { $octets | Export-DsmipPacket $TestDrive/no/such.pcapng }).Ids | Should -Be FileError
    }
}
