# The cmdlets that compose messages, options and extensions.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $vectors = @('rfc5454', 'rfc5846' | ForEach-Object { Get-Content $root/tests/Vectors/$_.json -Raw | ConvertFrom-Json })
    function ConvertTo-Hex($Structure) { ConvertTo-DsmipPacket $Structure -AsHex }
}

AfterAll { Clear-Session }

Describe 'New-BindingRevocationIndication' {
    It 'makes that of a realm' {
        ConvertTo-Hex (New-BindingRevocationIndication -Realm example.com -SequenceNumber 4711) | Should -BeExactly '3b031000000001811267a000080d01406578616d706c652e636f6d0103000000'
        ConvertTo-Hex (New-BindingRevocationIndication -Realm '@example.com' -SequenceNumber 4711) | Should -BeExactly '3b031000000001811267a000080d01406578616d706c652e636f6d0103000000'
    }

    It 'has the defaults of what is revoked, and a switch that is given stands' {
        $one = New-BindingRevocationIndication -MobileNode mn@example.com -HomeNetworkPrefix 2001:db8:1::/64, 2001:db8:2::/64
        $one.Trigger | Should -Be AdministrativeReason
        $one.ProxyBinding | Should -BeTrue
        $one.Global | Should -BeFalse
        $one.Options.GetType | Should -Not -BeNullOrEmpty
        @($one.Options | ForEach-Object { $_.GetType().Name }) | Should -Be 'MobileNodeIdentifierOption', 'HomeNetworkPrefixOption', 'HomeNetworkPrefixOption'
        (New-BindingRevocationIndication -Global -ProxyBinding).Trigger | Should -Be PerPeerPolicy
        (New-BindingRevocationIndication -Realm example.com -ProxyBinding:$false -AllowInvalid).ProxyBinding | Should -BeFalse
    }

    It 'takes identifier and prefixes of objects in the pipeline' {
        $made = [pscustomobject]@{ Identifier = 'mn@example.com'; Prefixes = '2001:db8::/64' } | New-BindingRevocationIndication
        $made.Options[0].Text | Should -Be mn@example.com
        "$($made.Options[1].Prefix)" | Should -Be 2001:db8::/64
    }

    It 'makes wrong messages on purpose' {
        $wrong = New-BindingRevocationIndication -Trigger 99 -Checksum 0xdead -HeaderLength 9 -PayloadProto Udp -Reserved 7 -ReservedFlags 0x1fff -AllowInvalid
        ConvertTo-Hex $wrong | Should -BeExactly '11091007dead016300001fff01020000'
        $pads = (New-DsmipMobilityOption Pad1), (New-DsmipMobilityOption PadN -Padding 'ff' -AllowInvalid)
        ConvertTo-Hex (New-BindingRevocationIndication -Option $pads -Verbatim -AllowInvalid) | Should -BeExactly '3b01100000000101000000000001 01ff'.Replace(' ', '')
    }

    It 'refuses what no field holds, and what excludes each other' {
        (Get-Outcome { New-BindingRevocationIndication -ReservedFlags 0x2000 -AllowInvalid }).Ids | Should -Be InvalidArgument
        (Get-Outcome { New-BindingRevocationIndication -MobileNode ('a' * 300) -AllowInvalid }).Ids | Should -Be InvalidArgument
        (Get-Outcome { New-BindingRevocationIndication -Realm a -MobileNode b }).Ids | Should -Be InvalidArgument
        { New-BindingRevocationIndication -Trigger 256 } | Should -Throw '*from 0 to 255*'
        { New-BindingRevocationIndication -Trigger NoSuch } | Should -Throw '*AdministrativeReason*'
    }

    It 'refuses what breaks a rule with all that is broken, warns of advice, and lets both pass on demand' {
        $outcome = Get-Outcome { New-BindingRevocationIndication -Trigger PerPeerPolicy -MobileNode mn@example.com -ProxyBinding -ReservedFlags 1 }
        $outcome.Ids | Should -Be PacketBreaksRule
        $outcome.Categories | Should -Be InvalidData
        $outcome.Objects | Should -BeNullOrEmpty
        $outcome.Message | Should -Match '(?s)5846-.*octet 7, .*Trigger.*-AllowInvalid|-AllowInvalid.*5846-.*octet 7, .*Trigger'
        New-BindingRevocationIndication -Trigger PerPeerPolicy -MobileNode mn@example.com -ProxyBinding -AllowInvalid -ErrorAction Stop | Should -Not -BeNullOrEmpty
        $null = New-DsmipMobilityOption PadN -Padding ff -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match 'RFC 6275'
        $null = New-DsmipMobilityOption PadN -Padding ff -AllowInvalid -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }

    It 'shows as a tree' {
        New-BindingRevocationIndication -Realm example.com | Out-String | Should -Match '(?m)^  15      Identifier: @example.com$'
    }
}

Describe 'New-BindingRevocationAcknowledgement' {
    It 'answers an indication with its sequence number, P, V and G' -Tag 'Rfc:5846-5.2-02' {
        foreach ($flags in @{ ProxyBinding = $true }, @{ IPv4HomeAddressBindingOnly = $true }, @{ Global = $true; ProxyBinding = $true }, @{}) {
            $indication = New-BindingRevocationIndication -SequenceNumber 4711 -AllowInvalid @flags
            foreach ($input in $indication, (ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $indication))) {
                $answer = $input | New-BindingRevocationAcknowledgement -Status PartialSuccess
                $answer | Should -BeOfType DsmipTools.Wire.MobilityHeader.BindingRevocationAcknowledgement
                $answer.SequenceNumber | Should -Be 4711
                $answer.ProxyBinding, $answer.IPv4HomeAddressBindingOnly, $answer.Global | Should -Be $indication.ProxyBinding, $indication.IPv4HomeAddressBindingOnly, $indication.Global
                "$($answer.Status)" | Should -Be PartialSuccess
            }
        }
    }

    It 'has what is given in place of what it would copy' {
        $answer = New-BindingRevocationIndication -Realm example.com -SequenceNumber 1 | New-BindingRevocationAcknowledgement 200 -SequenceNumber 2 -Global:$false -AllowInvalid
        [int]$answer.Status, $answer.SequenceNumber, $answer.Global, $answer.ProxyBinding | Should -Be 200, 2, $false, $true
    }

    It 'answers each of several, and says so where a packet holds no indication' {
        @(1..3 | ForEach-Object { New-BindingRevocationIndication -Realm a.example -SequenceNumber $_ } | New-BindingRevocationAcknowledgement).SequenceNumber | Should -Be 1, 2, 3
        $update = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket (New-DsmipBindingUpdate -Acknowledge -HomeRegistration -AllowInvalid))
        $outcome = Get-Outcome { $update | New-BindingRevocationAcknowledgement }
        $outcome.Errors | Should -HaveCount 1
        $outcome.Objects | Should -BeNullOrEmpty
    }
}

Describe 'New-DsmipBindingUpdate' {
    It 'makes a proxy update with its options, aligned' {
        $update = New-DsmipBindingUpdate -ProxyRegistration -Acknowledge -HomeRegistration -MobileNode mn1@example.com -HomeNetworkPrefix 2001:db8:7:1::/64 `
            -HandoffIndicator NewInterface -AccessTechnologyType 4 -Timestamp 1970-01-01T00:00:01Z -SequenceNumber 7 -Lifetime 5m
        $packet = ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $update -Source 10.0.0.11 -Destination 10.0.0.10)
        $packet.Error | Should -BeNullOrEmpty
        $packet.Summary | Should -Be 'Proxy Binding Update #7 A H P lifetime 300 s mn1@example.com 2001:db8:7:1::/64'
        ($packet.Message.Options | Where-Object Type -EQ Timestamp).Timestamp | Should -Be 65536
        ($packet.Message.Options | Where-Object Type -EQ AccessTechnologyType).AccessTechnologyType | Should -Be 4
    }

    It 'makes an acknowledgement with a status, also as an answer' {
        $plain = New-DsmipBindingUpdate -Status 130 -Lifetime 0 -SequenceNumber 3
        $plain | Should -BeOfType DsmipTools.Wire.MobilityHeader.BindingAcknowledgement
        [int]$plain.Status, $plain.SequenceNumber, $plain.Lifetime | Should -Be 130, 3, 0
        $update = New-DsmipBindingUpdate -ProxyRegistration -Acknowledge -HomeRegistration -MobileNode mn@example.com -HomeNetworkPrefix ::/0 `
            -HandoffIndicator NewInterface -AccessTechnologyType 4 -Timestamp 1970-01-01T00:00:01Z -SequenceNumber 9
        $answer = $update | New-DsmipBindingUpdate -Status 0
        $answer.SequenceNumber, $answer.Lifetime, $answer.ProxyRegistration | Should -Be 9, 75, $true
        $answer.Options | Should -HaveCount 5
    }

    It 'refuses a lifetime that the field cannot say' {
        (Get-Outcome { New-DsmipBindingUpdate -Lifetime 10 -AllowInvalid }).Message | Should -Match 'Take 8 or 12 s'
        (Get-Outcome { New-DsmipBindingUpdate -Lifetime 80h -AllowInvalid }).Ids | Should -Be InvalidArgument
        (New-DsmipBindingUpdate -Lifetime Infinite -AllowInvalid).Lifetime | Should -Be 65535
    }
}

Describe 'New-DsmipRegistration' {
    BeforeAll {
        $key = New-TestKey
        $common = @{ HomeAddress = '10.0.0.5'; HomeAgent = '10.0.0.1'; CareOfAddress = '192.0.2.7' }
    }

    It 'makes a request with flags, prefixes, tunneling mode and NAI in the order of RFC 5454, signed' {
        $request = New-DsmipRegistration @common -Lifetime 300 -IPv6Prefix 2001:db8:1::/48, 2001:db8:2::/48 -TunnelingMode CareOfAddress -Nai mn@example.com `
            -ReverseTunneling -SimultaneousBindings -Identification 5 -Spi 256 -Key $key
        $hex = ConvertTo-Hex $request
        $hex | Should -BeLike '01a2012c0a0000050a000001c00002070000000000000005*'
        @($request.Extensions | ForEach-Object { $_.GetType().Name }) | Should -Be @(
            'MobileNodeNaiExtension', 'IPv6PrefixRequestExtension', 'IPv6PrefixRequestExtension', 'IPv6TunnelingModeExtension', 'MobileHomeAuthenticationExtension')
        # Recomputed by .NET itself: HMAC-MD5 over all before the authenticator.
        $octets = [Convert]::FromHexString($hex)
        $expected = [Security.Cryptography.HMACMD5]::HashData([Text.Encoding]::ASCII.GetBytes('1234567812345678'), [byte[]]$octets[0..($octets.Length - 17)])
        $hex.Substring($hex.Length - 32) | Should -Be ([Convert]::ToHexString($expected).ToLower())
    }

    It 'signs with a hexadecimal key and another algorithm, and with the association of the session' {
        $signed = New-DsmipRegistration @common -Identification 5 -Spi 300 -Key (New-TestKey '0102') -KeyFormat Hexadecimal -Algorithm HmacSha256
        $signed.Extensions[-1].Authenticator.Length | Should -Be 32
        $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.0.0.5 -Key $key
        ConvertTo-Hex (New-DsmipRegistration @common -Identification 5 -Spi 256) | Should -Be (ConvertTo-Hex (New-DsmipRegistration @common -Identification 5 -Spi 256 -Key $key))
        Get-DsmipSecurityAssociation | Remove-DsmipSecurityAssociation
    }

    It 'has the time of day as Identification unless one is given' {
        $made = New-DsmipRegistration @common -Spi 256 -Key $key
        $seconds = ($made.Identification -shr 32) - ([DateTimeOffset]::UtcNow.ToUnixTimeSeconds() + 2208988800)
        [Math]::Abs([long]$seconds) | Should -BeLessThan 30
    }

    It 'answers a request, each of its prefixes too' {
        $request = New-DsmipRegistration @common -IPv6Prefix 2001:db8:1::/48, 2001:db8:2::/48 -Nai mn@example.com -Identification 5 -Spi 256 -Key $key
        $reply = $request | New-DsmipRegistration -Code Accepted -PrefixCode RejectedProhibited -Spi 256 -Key $key
        $reply | Should -BeOfType DsmipTools.Wire.MobileIPv4.RegistrationReply
        "$($reply.HomeAddress) $($reply.HomeAgent) $($reply.Identification) $($reply.Lifetime)" | Should -Be '10.0.0.5 10.0.0.1 5 1800'
        @($reply.Extensions | Where-Object { $_ -is [DsmipTools.Wire.MobileIPv4.Extensions.IPv6PrefixReplyExtension] }).Code | Should -Be RejectedProhibited, RejectedProhibited
        $reply.Extensions[0].Text | Should -Be mn@example.com
        ($request | New-DsmipRegistration -Code 200 -AllowInvalid).Lifetime | Should -Be 0
        (New-DsmipRegistration -Reply -Code 77 -HomeAddress 10.0.0.5 -HomeAgent 10.0.0.1 -AllowInvalid).Identification | Should -Not -Be 0
    }

    It 'refuses a lifetime that does not fit, a key without SPI, an SPI without key' {
        (Get-Outcome { New-DsmipRegistration @common -Lifetime 65535 }).Message | Should -Match '0 to 65534 s, or Infinite'
        (Get-Outcome { New-DsmipRegistration @common -Key $key }).Ids | Should -Be InvalidArgument
        $outcome = Get-Outcome { New-DsmipRegistration @common -Spi 999 }
        $outcome.Message | Should -Match 'no security association of home address 10\.0\.0\.5 with SPI 999'
        (Get-Outcome { New-DsmipRegistration @common -Spi 256 -Key (New-TestKey 'xyz') -KeyFormat Hexadecimal }).Message | Should -Not -Match 'xyz'
        (Get-Outcome { New-DsmipRegistration -HomeAddress 2001:db8::1 -AllowInvalid }).Message | Should -Match 'wrong address family'
    }
}

Describe 'New-DsmipMobilityOption and New-DsmipExtension' {
    It 'have the fields of the type as parameters' {
        $option = New-DsmipMobilityOption IPv4HomeAddress -IPv4HomeAddress 10.0.0.1 -PrefixLength 24 -MobileNetworkPrefixRequested
        ConvertTo-Hex $option | Should -BeExactly '1d0662000a000001'
        ConvertTo-Hex (New-DsmipMobilityOption HomeNetworkPrefix -HomeNetworkPrefix 2001:db8::/64) | Should -BeExactly '1612004020010db8000000000000000000000000'
        ConvertTo-Hex (New-DsmipExtension IPv6PrefixReply -Code RejectedProhibited -Prefix 2001:db8::/48) | Should -BeExactly '981402093000 20010db8000000000000000000000000'.Replace(' ', '')
        ConvertTo-Hex (New-DsmipExtension MobileNodeNai -Nai mn@example.com) | Should -BeExactly '830e6d6e406578616d706c652e636f6d'
        (Get-Command New-DsmipExtension -ArgumentList MobileHomeAuthentication).Parameters.Keys | Should -Contain SecurityParameterIndex
    }

    It 'make every vector of an option and extension again from its octets' {
        $messages = @($vectors | ForEach-Object { (ConvertFrom-DsmipPacket -Text $_.hex).Message } | Where-Object { $_ })
        $parts = @($messages | ForEach-Object { $_.Options; $_.Extensions } | Where-Object { $_ -and $_.ToOctets().Length -gt 1 })
        $parts.Count | Should -BeGreaterThan 100
        foreach ($part in $parts) {
            $hex = ConvertTo-Hex $part
            $make = $part -is [DsmipTools.Wire.MobilityHeader.Options.MobilityOption] ? 'New-DsmipMobilityOption' : 'New-DsmipExtension'
            if ($part.Type -ne 36 -and $part.Type -ne 38) {
                ConvertTo-Hex (& $make ([int]$part.Type) -Data $hex.Substring(4) -AllowInvalid) | Should -BeExactly $hex
            }
        }
    }

    It 'take any octets, digits alone included, and a wrong length' {
        ConvertTo-Hex (New-DsmipMobilityOption 200 -Data 0102 -AllowInvalid) | Should -BeExactly 'c8020102'
        ConvertTo-Hex (New-DsmipMobilityOption HomeNetworkPrefix -Data @(1, 2) -Length 7 -AllowInvalid) | Should -BeExactly '16070102'
        (Get-Outcome { New-DsmipMobilityOption HomeNetworkPrefix -HomeNetworkPrefix 2001:db8::/64 -Length 99 }).Ids | Should -Be PacketBreaksRule
        (Get-Outcome { New-DsmipMobilityOption HomeNetworkPrefix -HomeNetworkPrefix 2001:db8::/200 }).Ids | Should -Be PacketBreaksRule
        ConvertTo-Hex (New-DsmipExtension 47 -Subtype 9 -Data ff -AllowInvalid) | Should -BeExactly '2f090001ff'
        ConvertTo-Hex (New-DsmipMobilityOption HandoffIndicator -Indicator 200 -Length 99 -AllowInvalid) | Should -BeExactly '176300c8'
        $made = [pscustomobject]@{ Type = '200'; Data = '01' }, [pscustomobject]@{ Type = '201'; Data = '02' } | New-DsmipMobilityOption -AllowInvalid
        @($made | ForEach-Object { ConvertTo-Hex $_ }) | Should -Be 'c80101', 'c90102'
    }

    It 'have parameters that PowerShell takes for no others' {
        (New-DsmipExtension RevocationSupport -InformBit).Inform | Should -BeTrue
        foreach ($command in 'New-DsmipMobilityOption', 'New-DsmipExtension') {
            $fixed = (Get-Command $command).Parameters.Values | Where-Object { -not $_.IsDynamic }
            foreach ($kind in [DsmipTools.Packets.PartKinds]::MobilityOptions.All + [DsmipTools.Packets.PartKinds]::Extensions.All) {
                foreach ($name in (Get-Command $command -ArgumentList $kind.Name).Parameters.Values.Where{ $_.IsDynamic }.Name) {
                    $fixed.Name | Should -Not -BeLike "$name*" -Because "$($kind.Name) has it"
                }
            }
        }
    }

    It 'make the record of the type of octets that are right for it, and judge them as that' {
        (New-DsmipExtension 152 -Data 0300).GetType().Name | Should -Be IPv6TunnelingModeExtension
        (New-DsmipExtension 36 -Subtype 1 -Data 0000010000).GetType().Name | Should -Be GeneralizedAuthenticationExtension
        $option = New-DsmipMobilityOption 8 -Data 016d6e406578616d706c65
        $option.GetType().Name | Should -Be MobileNodeIdentifierOption
        ConvertTo-Hex $option | Should -BeExactly '080b016d6e406578616d706c65'
        (Get-Outcome { New-BindingRevocationIndication -Option $option }).Ids | Should -BeNullOrEmpty
        (Get-Outcome { New-DsmipExtension 152 -Data 0300ff }).Message | Should -Match 'is 2 with subtype 3, but it is 3'
    }

    It 'take each number of a field of 64 bits, and name the field that a number does not fit' {
        ConvertTo-Hex (New-DsmipMobilityOption Timestamp -Timestamp 18446744073709551615) | Should -BeExactly '1b08ffffffffffffffff'
        (Get-Outcome { New-DsmipMobilityOption IPv4HomeAddress -PrefixLength 77 -IPv4HomeAddress 10.0.0.1 }).Message | Should -Match 'PrefixLength: 77'
    }

    It 'complete types, fields and code points' {
        (TabExpansion2 'New-DsmipMobilityOption IPv4H' 29).CompletionMatches.CompletionText | Should -Be IPv4HomeAddress, IPv4HomeAddressRequest, IPv4HomeAddressReply
        (TabExpansion2 'New-DsmipExtension IPv6' 23).CompletionMatches.CompletionText | Should -Be IPv6PrefixReply, IPv6PrefixRequest, IPv6TunnelingMode
        (TabExpansion2 'New-DsmipMobilityOption HomeNetworkPrefix -H' 44).CompletionMatches.CompletionText | Should -Contain '-HomeNetworkPrefix'
        (TabExpansion2 'New-DsmipMobilityOption HandoffIndicator -Indicator ' 52).CompletionMatches.CompletionText | Should -Contain NewInterface
    }

    It 'say what is wrong' {
        (Get-Outcome { New-DsmipMobilityOption NoSuch }).Message | Should -Match "no mobility option 'NoSuch'"
        (Get-Outcome { New-DsmipExtension 152 }).Message | Should -Match 'IPv6PrefixReply, IPv6PrefixRequest, IPv6TunnelingMode'
        (Get-Outcome { New-DsmipExtension 250 }).Message | Should -Match '-Data'
        (Get-Outcome { New-DsmipMobilityOption HomeNetworkPrefix -HomeNetworkPrefix nonsense }).Message | Should -Match 'not an IPv6 prefix'
        (Get-Outcome { New-DsmipMobilityOption 200 -Data 012 }).Message | Should -Match 'stands alone'
        (Get-Outcome { New-DsmipMobilityOption 200 -Data ('00' * 256) -AllowInvalid }).Ids | Should -Be InvalidArgument
        (Get-Outcome { New-DsmipMobilityOption IPv4HomeAddress -PrefixLength 77 -IPv4HomeAddress 10.0.0.1 }).Ids | Should -Be InvalidArgument
    }
}
