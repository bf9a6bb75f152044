# ConvertFrom-DsmipPacket and ConvertTo-DsmipPacket, against the vectors of tests/Vectors, which share no code with src.

BeforeAll {
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    Import-Module $root/DsmipTools.psd1 -Force
    $vectors = @('rfc5454', 'rfc5846' | ForEach-Object { Get-Content $root/tests/Vectors/$_.json -Raw | ConvertFrom-Json })

    # A Binding Revocation Indication of a realm.
    $hex = '3b031000000001811267a000080d01406578616d706c652e636f6d0103000000'
    function Get-Octets([string] $Text) { , [Convert]::FromHexString($Text) }

    # A capture of three packets.
    function New-Capture([string] $Path) {
        $packets = @(1..3 | ForEach-Object { ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket (Get-Octets $hex) -Source "127.0.0.$_" -Destination 127.0.0.9) })
        $null = $packets | ConvertTo-DsmipPacket -Path $Path
    }
}

Describe 'ConvertFrom-DsmipPacket' {
    It 'decodes octets, arrays, single octets through the pipeline and hexadecimal to the same' {
        $expected = 'Binding Revocation Indication #4711 P G trigger RevokingMobilityNodeLocalPolicy @example.com'
        (ConvertFrom-DsmipPacket (Get-Octets $hex)).Summary | Should -BeExactly $expected
        (Get-Octets $hex | ConvertFrom-DsmipPacket).Summary | Should -BeExactly $expected
        @([Convert]::FromHexString($hex) | ForEach-Object { $_ } | ConvertFrom-DsmipPacket).Summary | Should -BeExactly $expected
        ($hex | ConvertFrom-DsmipPacket).Summary | Should -BeExactly $expected
        (ConvertFrom-DsmipPacket -Hex $hex).Summary | Should -BeExactly $expected
    }

    It 'takes hexadecimal with spaces, colons, 0x and newlines' {
        (ConvertFrom-DsmipPacket -Hex "0x3b 03:10:00`n00 00 01 81`r`n12-67,a000 0x080D0140 6578616d 706c652e 636f6d01 03000000").Octets.ToString() | Should -Be $hex
    }

    It 'has an end of octets that come one by one and have none' {
        { [byte[]]::new(1MB + 1) | ConvertFrom-DsmipPacket } | Should -Throw '*-Path*' -ErrorId 'MalformedPacket,*'
    }

    It 'gives an object for each array that comes through the pipeline' {
        $packets = (Get-Octets $hex), (Get-Octets $hex) | ConvertFrom-DsmipPacket
        $packets.Count | Should -Be 2
        $packets.Number | Should -Be 1, 2
    }

    It 'tells messages and packets apart, unless -As says what they are' {
        $packet = ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination 127.0.0.2
        (ConvertFrom-DsmipPacket $packet).Form | Should -Be Packet
        (ConvertFrom-DsmipPacket (Get-Octets $hex)).Form | Should -Be MobilityHeader
        (ConvertFrom-DsmipPacket -Hex (Get-Content $root/tests/Vectors/rfc5454.json -Raw | ConvertFrom-Json)[0].hex).Form | Should -Be MobileIPv4
        $forced = ConvertFrom-DsmipPacket (Get-Octets $hex) -As MobileIPv4
        $forced.Form | Should -Be MobileIPv4
        "$($forced.Error)" | Should -Match 'Type at octet 0'
    }

    It 'has layers with offsets, RFC names and named values' {
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket (Get-Octets $hex) -Source 2001:db8::1 -Destination 2001:db8::2)
        $packet.Layers.Name | Should -Be 'IPv6', 'Binding Revocation Indication'
        "$($packet.Source)" | Should -Be '[2001:db8::1]:0'
        $packet.Error | Should -BeNullOrEmpty
        $message = $packet.Layers[1]
        $message.Rfc | Should -Be 'RFC 5846, 5.1'
        $message['Trigger'].Text | Should -Be 'RevokingMobilityNodeLocalPolicy (129)'
        $message['Trigger'].Offset | Should -Be 47
        $message.Children[0].Name | Should -Be 'Mobile Node Identifier'
        $message.Children[0]['Identifier'].Text | Should -Be '@example.com'
        $packet.Message.Trigger | Should -Be RevokingMobilityNodeLocalPolicy
    }

    It 'decodes all vectors to their values' {
        $vectors.Count | Should -BeGreaterThan 50
        foreach ($vector in $vectors) {
            $packet = ConvertFrom-DsmipPacket -Hex $vector.hex
            $packet | Should -HaveCount 1
            if ($vector.canonical) {
                $packet.Error | Should -BeNullOrEmpty -Because $vector.name
                if ($vector.type -eq 16) {
                    $packet.Message.SequenceNumber | Should -Be $vector.fields.sequenceNumber
                    $packet.Message.Global | Should -Be $vector.fields.global
                }
                elseif ($vector.type -in 1, 3) {
                    "$($packet.Message.HomeAddress)" | Should -Be $vector.fields.homeAddress
                    $packet.Message.Lifetime | Should -Be $vector.fields.lifetime
                }
            }
        }
    }

    It 'prints a tree for each packet with an empty line between them' {
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.10 -Destination 127.0.0.11)
        $text = $packet, $packet | Out-String -Width 200
        $text | Should -Match '(?m)^Packet 1, 60 octets, 127\.0\.0\.10:5436 > 127\.0\.0\.11:5436: Binding Revocation Indication #4711 P G trigger RevokingMobilityNodeLocalPolicy @example.com$'
        $text | Should -Match '(?m)^  28  Binding Revocation Indication \(RFC 5846, 5\.1\), 32 octets$'
        $text | Should -Match '(?m)^  35    Trigger: RevokingMobilityNodeLocalPolicy \(129\)$'
        $text | Should -Match '(?m)^  43      Identifier: @example.com$'
        $text | Should -Match '(?s)Padding: 000000\r?\n\r?\nPacket 1,'
        ($packet | Format-List | Out-String -Width 200) | Should -Match '43      Identifier: @example.com'
    }

    It 'prints a line for each packet with -AsTable and with Format-Table' {
        $octets = ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.10 -Destination 127.0.0.11
        $line = '(?m)^ +1 +127\.0\.0\.10 +127\.0\.0\.11 +60 Binding Revocation Indication #4711 P G trigger RevokingMobilityNodeLocalPolicy @example.com'
        ConvertFrom-DsmipPacket $octets -AsTable | Out-String -Width 200 | Should -Match $line
        ConvertFrom-DsmipPacket $octets | Format-Table | Out-String -Width 200 | Should -Match $line
        $packet = ConvertFrom-DsmipPacket $octets -AsTable
        $packet | Should -BeOfType DsmipTools.Packets.DsmipPacket
        ConvertTo-DsmipPacket $packet -AsHex | Should -Be ([Convert]::ToHexString($octets).ToLower())
    }

    It 'prints errors and comments with the tree' {
        $bad = ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination 127.0.0.2
        $bad[10] = $bad[10] -bxor 255
        $null = ConvertFrom-DsmipPacket $bad | Export-DsmipPacket $TestDrive/note.pcapng -Comment "look`e[31m here"
        $text = ConvertFrom-DsmipPacket -Path $TestDrive/note.pcapng | Out-String -Width 200
        $text | Should -Match '(?m)^Error: HeaderChecksum at octet 10: is wrong$'
        $text | Should -Match '(?m)^Comment: look.\[31m here$'
        $text | Should -Not -Match "`e"
    }

    It 'keeps control characters of an identifier away from the terminal' {
        $option = [DsmipTools.Wire.MobilityHeader.Options.MobileNodeIdentifierOption]::Create("mn`e[2J@example.com")
        $message = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{ Options = [DsmipTools.Wire.MobilityHeader.Options.MobilityOption[]] @($option) }
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $message)
        "$($packet.Summary)$($packet.ToTree())" | Should -Not -Match "`e"
    }
}

Describe 'Capture files' {
    BeforeEach {
        $capture = Join-Path $TestDrive one.pcapng
        New-Capture $capture
    }

    It 'come by path, wildcard, literal path and as files' {
        @(ConvertFrom-DsmipPacket -Path $capture).Count | Should -Be 3
        @(ConvertFrom-DsmipPacket -Path $TestDrive/o*.pcapng).Number | Should -Be 1, 2, 3
        Copy-Item $capture "$TestDrive/[x].pcapng"
        @(ConvertFrom-DsmipPacket -LiteralPath "$TestDrive/[x].pcapng").Count | Should -Be 3
        @(Get-Item $capture | ConvertFrom-DsmipPacket).Count | Should -Be 3
        @(Get-ChildItem $TestDrive -Filter *.pcapng | ConvertFrom-DsmipPacket).Count | Should -Be 6
        Remove-Item -LiteralPath "$TestDrive/[x].pcapng"
    }

    It 'are decoded with ports of their own' {
        $message = ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1:7000 -Destination 127.0.0.2:7000
        (ConvertFrom-DsmipPacket $message).Message | Should -BeNullOrEmpty
        (ConvertFrom-DsmipPacket $message -ProxyMobileIPv6Port 7000).Message.SequenceNumber | Should -Be 4711
        $request = Get-Octets (Get-Content $root/tests/Vectors/rfc5454.json -Raw | ConvertFrom-Json)[0].hex
        $packet = ConvertTo-DsmipPacket $request -Source 127.0.0.1:4340 -Destination 127.0.0.2:4340
        (ConvertFrom-DsmipPacket $packet).Message | Should -BeNullOrEmpty
        (ConvertFrom-DsmipPacket $packet -MobileIPv4Port 4340).Message | Should -Not -BeNullOrEmpty
    }

    It 'give frames that cannot be decoded as objects too' {
        $bad = Get-Octets (ConvertTo-DsmipPacket (ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination 127.0.0.2) -AsHex)
        $bad[10] = $bad[10] -bxor 255
        $good = ConvertFrom-DsmipPacket -Path $capture | Select-Object -First 1
        $null = $good, (ConvertFrom-DsmipPacket $bad), (ConvertFrom-DsmipPacket $bad[0..9]) | ConvertTo-DsmipPacket -Path $TestDrive/bad.pcapng
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/bad.pcapng -ErrorAction Stop
        $packets.Count | Should -Be 3
        $packets[0].Error | Should -BeNullOrEmpty
        "$($packets[1].Error)" | Should -Match 'HeaderChecksum at octet 10'
        $packets[2].Error | Should -Not -BeNullOrEmpty
        Remove-Item $TestDrive/bad.pcapng
    }

    It 'that end too early give their good frames and an error with the position' {
        $octets = [IO.File]::ReadAllBytes($capture)
        [IO.File]::WriteAllBytes("$TestDrive/cut.pcapng", $octets[0..($octets.Length - 10)])
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/cut.pcapng -ErrorVariable problem -ErrorAction SilentlyContinue
        $packets.Count | Should -Be 2
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MalformedPacket,*'
        $problem[0].CategoryInfo.Category | Should -Be InvalidData
        "$($problem[0])" | Should -Match "at octet $($octets.Length - 9): a block has \d+ octets, and the file ends within it.*2 frames"
        Remove-Item $TestDrive/cut.pcapng
    }

    It 'that are none give an error' {
        Set-Content $TestDrive/text.pcapng 'no capture at all'
        { ConvertFrom-DsmipPacket -Path $TestDrive/text.pcapng -ErrorAction Stop } | Should -Throw -ErrorId 'MalformedPacket,*'
        Remove-Item $TestDrive/text.pcapng
    }

    It 'that do not exist or cannot be read give an error, and the others are read' {
        { ConvertFrom-DsmipPacket -Path $TestDrive/missing.pcapng -ErrorAction Stop } | Should -Throw -ErrorId 'FileError,*'
        { ConvertFrom-DsmipPacket -LiteralPath $TestDrive/missing.pcapng -ErrorAction Stop } | Should -Throw -ErrorId 'FileError,*'
        { ConvertFrom-DsmipPacket -LiteralPath $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'FileError,*'
        $problem = $null
        @(ConvertFrom-DsmipPacket -LiteralPath $TestDrive/missing.pcapng, $TestDrive, $capture -ErrorVariable problem -ErrorAction SilentlyContinue).Count | Should -Be 3
        $problem.CategoryInfo.Category | Should -Be ObjectNotFound, ReadError
    }

    It 'come back octet by octet, with their times' {
        $first = @(ConvertFrom-DsmipPacket -Path $capture)
        $null = $first | ConvertTo-DsmipPacket -Path $TestDrive/again.pcapng
        (Get-FileHash $TestDrive/again.pcapng).Hash | Should -Be (Get-FileHash $capture).Hash
        Remove-Item $TestDrive/again.pcapng
    }

    It 'may be replaced by what is made of them' {
        ConvertFrom-DsmipPacket -Path $capture | Select-Object -First 1 | ConvertTo-DsmipPacket -Path $capture | Should -BeOfType IO.FileInfo
        @(ConvertFrom-DsmipPacket -Path $capture).Count | Should -Be 1
        @(Get-ChildItem $TestDrive -Filter *unfinished*) | Should -BeNullOrEmpty
    }
}

Describe 'ConvertTo-DsmipPacket' {
    It 'gives every vector back as it was, from the packet and from the message' {
        foreach ($vector in $vectors) {
            $packet = ConvertFrom-DsmipPacket -Hex $vector.hex
            $packet | ConvertTo-DsmipPacket -AsHex | Should -BeExactly $vector.hex -Because $vector.name
        }
        $messages = @($vectors | ForEach-Object { ConvertFrom-DsmipPacket -Hex $_.hex } | Where-Object Message)
        $messages.Count | Should -BeGreaterThan 90
        foreach ($packet in $messages) {
            $packet.Message | ConvertTo-DsmipPacket -AsHex | Should -BeExactly ($packet | ConvertTo-DsmipPacket -AsHex)
        }
    }

    It 'takes the octets of an array that the pipeline unrolled as one packet' {
        $octets = Get-Octets $hex
        $octets | ConvertTo-DsmipPacket -AsHex | Should -BeExactly $hex
        $packet = ConvertTo-DsmipPacket $octets -Source 127.0.0.1 -Destination 127.0.0.2
        $null = $packet | Export-DsmipPacket -Path $TestDrive/unrolled.pcapng
        @(ConvertFrom-DsmipPacket -Path $TestDrive/unrolled.pcapng).Summary | Should -BeLike 'Binding Revocation Indication*'
        @(ConvertFrom-DsmipPacket -Path $TestDrive/unrolled.pcapng).Count | Should -Be 1
        Remove-Item $TestDrive/unrolled.pcapng
    }

    It 'gives octets as one array' {
        $octets = ConvertTo-DsmipPacket (ConvertFrom-DsmipPacket -Hex $hex)
        , $octets | Should -BeOfType byte[]
        [Convert]::ToHexString($octets).ToLower() | Should -Be $hex
    }

    It 'composes what a script writes' {
        $indication = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{
            Trigger = 'RevokingMobilityNodeLocalPolicy'; SequenceNumber = 4711; ProxyBinding = $true; Global = $true
            Options = [DsmipTools.Wire.MobilityHeader.Options.MobilityOption[]] @(
                [DsmipTools.Wire.MobilityHeader.Options.MobileNodeIdentifierOption]::Create('@example.com'))
        }
        ConvertTo-DsmipPacket $indication -AsHex | Should -BeExactly $hex
    }

    It 'puts a message into a packet with right checksums' {
        foreach ($ends in @('127.0.0.10', '127.0.0.11'), @('2001:db8::10', '2001:db8::11')) {
            $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket (Get-Octets $hex) -Source $ends[0] -Destination $ends[1])
            $packet.Error | Should -BeNullOrEmpty
            "$($packet.Source.Address)" | Should -Be $ends[0]
            $packet.Message.SequenceNumber | Should -Be 4711
        }
        $packet.Message.Checksum | Should -Not -Be 0
        # Another envelope: the checksum that it has no use for is gone.
        $moved = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $packet -Source 127.0.0.1 -Destination 127.0.0.2:6000)
        "$($moved.Source) $($moved.Destination)" | Should -Be '127.0.0.1:5436 127.0.0.2:6000'
        $moved.Message.Checksum | Should -Be 0
    }

    It 'refuses what does not fit, with an id' {
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Transport IPv6 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination ::1 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination 127.0.0.2 -Transport IPv6 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Source nowhere -Destination 127.0.0.2 -ErrorAction Stop } | Should -Throw
        { ConvertTo-DsmipPacket (Get-Octets '3b00') -Source ::1 -Destination ::2 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket 'text' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Path $TestDrive/bare.pcapng -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidArgument,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Path $TestDrive/no/such/folder.pcapng -ErrorAction Stop } | Should -Throw -ErrorId 'FileError,*'
        { ConvertTo-DsmipPacket (Get-Octets $hex) -Path $TestDrive -ErrorAction Stop } | Should -Throw -ErrorId 'FileError,*'
        @(Get-ChildItem $TestDrive -Recurse -Filter *.pcapng*) | Should -BeNullOrEmpty
    }

    It 'writes nothing with -WhatIf' {
        ConvertTo-DsmipPacket (Get-Octets $hex) -Source 127.0.0.1 -Destination 127.0.0.2 -Path $TestDrive/whatif.pcapng -WhatIf
        Test-Path $TestDrive/whatif.pcapng | Should -BeFalse
    }

    It 'names the place in hexadecimal that is none' {
        { ConvertFrom-DsmipPacket -Hex '3b 03 1' -ErrorAction Stop } | Should -Throw '*character 7*' -ErrorId 'MalformedPacket,*'
        { ConvertFrom-DsmipPacket -Hex '3b xx' -ErrorAction Stop } | Should -Throw '*character 4*' -ErrorId 'MalformedPacket,*'
        @('3b0', $hex | ConvertFrom-DsmipPacket -ErrorAction SilentlyContinue).Count | Should -Be 1
    }
}
