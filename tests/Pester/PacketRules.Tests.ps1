BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule

    function Get-Option([object[]] $Options) { , [DsmipTools.Wire.MobilityHeader.Options.MobilityOption[]] $Options }

    function New-Indication([hashtable] $Fields = @{}) {
        $all = @{ Trigger = 'AdministrativeReason'; SequenceNumber = 1; ProxyBinding = $true; Options = Get-Option $mobileNode } + $Fields
        [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] $all
    }

    function Get-Packet($Message) { ConvertFrom-DsmipPacket (ConvertTo-DsmipPacket $Message -Source 2001:db8:1::a -Destination 2001:db8:2::b) }

    $mobileNode = [DsmipTools.Wire.MobilityHeader.Options.MobileNodeIdentifierOption]::Create('mn7@example.com')
    $prefix = [DsmipTools.Wire.MobilityHeader.Options.HomeNetworkPrefixOption] @{ Prefix = [DsmipTools.Wire.Ip.Prefix] '2001:db8:100:7::/64' }
    $good = New-Indication
    $bad = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{
        Trigger = 'PerPeerPolicy'; SequenceNumber = 1; ProxyBinding = $true; ReservedFlags = 1; Options = Get-Option $mobileNode
    }
    $vectors = Get-Content $root/tests/Vectors/rfc5454.json -Raw | ConvertFrom-Json
    $signed = $vectors | Where-Object name -EQ request-prefix-tunneling-mode-nai-md5
}

AfterAll { Clear-Session }

Describe 'Test-DsmipPacket' {
    It 'gives nothing for a packet that breaks no rule' {
        Test-DsmipPacket (Get-Packet $good) | Should -BeNullOrEmpty
        Test-DsmipPacket $good | Should -BeNullOrEmpty
        Test-DsmipPacket (Get-Packet $good) -Quiet | Should -BeExactly $true
    }

    It 'gives each rule that is broken, with its place and the number of the packet' {
        $null = $good, $bad | ForEach-Object { Get-Packet $_ } | ConvertTo-DsmipPacket -Path $TestDrive/rules.pcapng
        $violations = @(ConvertFrom-DsmipPacket -Path $TestDrive/rules.pcapng | Test-DsmipPacket)
        $violations.Rule | Should -Be '5846-6.1.1-03', '5846-5-02'
        $violations.Number | Should -Be 2, 2
        $violations.Offset | Should -Be 47, 50
        $violations.Where | Should -Be 'Binding Revocation Indication.Trigger', 'Binding Revocation Indication.ReservedFlags'
        "$($violations[0].Severity)" | Should -Be Error
        $violations[0] | Should -BeOfType DsmipTools.Wire.Rules.RuleViolation
    }

    It 'says true or false for each packet' {
        $good, $bad, $good | Test-DsmipPacket -Quiet | Should -Be $true, $false, $true
        Test-DsmipPacket $bad -Quiet -Rule 'RFC *' | Should -BeTrue
        $signedWithUnknown = $vectors | Where-Object name -EQ request-unknown-non-skippable-extension
        $packet = ConvertFrom-DsmipPacket -Hex $signedWithUnknown.hex
        Test-DsmipPacket $packet -Quiet | Should -BeTrue
        Test-DsmipPacket $packet -Quiet -Severity Warning | Should -BeFalse
    }

    It 'counts by severity and rule' {
        $packet = ConvertFrom-DsmipPacket -Hex ($vectors | Where-Object name -EQ request-unknown-non-skippable-extension).hex
        @(Test-DsmipPacket $packet).Severity | Should -Be Information, Warning
        @(Test-DsmipPacket $packet -Severity Warning).Rule | Should -Be 'RFC 5944, 1.8'
        @(Test-DsmipPacket $packet -Severity Error) | Should -BeNullOrEmpty
        @(Test-DsmipPacket $bad -Rule 5846-5-*).Rule | Should -Be 5846-5-02
        @(Test-DsmipPacket $bad -Rule nothing, 5846-6*).Rule | Should -Be 5846-6.1.1-03
    }

    It 'takes octets, as an array, one by one, and as text never' {
        $octets = [byte[]](ConvertTo-DsmipPacket $bad)
        @(Test-DsmipPacket $octets).Count | Should -Be 2
        @($octets | Test-DsmipPacket).Count | Should -Be 2
        @($octets, $octets | Test-DsmipPacket).Number | Should -Be 1, 1, 2, 2
        $outcome = Get-Outcome { 'text', $bad | Test-DsmipPacket }
        $outcome.Ids | Should -Be InvalidArgument
        $outcome.Objects.Count | Should -Be 2
    }

    It 'verifies authenticators with a key' {
        $packet = ConvertFrom-DsmipPacket -Hex $signed.hex
        $key = New-TestKey $signed.key
        Test-DsmipPacket $packet -Key $key -KeyFormat Hexadecimal -Spi $signed.spi | Should -BeNullOrEmpty
        @(Test-DsmipPacket $packet -Key (New-TestKey wrong) -Spi $signed.spi).Where | Should -Be 'Mobile-Home Authentication.Authenticator'
        "$((Test-DsmipPacket $packet -Key $key -KeyFormat Hexadecimal -Spi 4711).Severity)" | Should -Be Information
        "$((Test-DsmipPacket $packet -Key $key -KeyFormat Hexadecimal -Algorithm HmacSha256).Explanation)" | Should -Match '16 octets.*32'
    }

    It 'verifies authenticators of mobility options with a key and the addresses of the packet' {
        $mobility = Get-Content $root/tests/Vectors/rfc6275-family.json -Raw | ConvertFrom-Json
        $vector = $mobility | Where-Object name -EQ update-mobility-message-authentication
        $message = (ConvertFrom-DsmipPacket -Hex $vector.hex).Message
        $options = [DsmipTools.Wire.Ip.ExtensionHeaders.DestinationOptionsHeader] @{
            Options = [DsmipTools.Wire.Ip.Options.IPv6Option[]] @([DsmipTools.Wire.Ip.Options.HomeAddressOption] @{ HomeAddress = $vector.authorization.homeAddress })
        }
        $ip = [DsmipTools.Wire.Ip.IPv6Header] @{ Source = $vector.nativeIPv6.source; Destination = $vector.nativeIPv6.destination }
        $packet = ConvertFrom-DsmipPacket ([DsmipTools.Wire.PacketComposer]::Compose([DsmipTools.Wire.Structure[]] @($ip, $options, $message)).ToArray())
        $key = @{ Key = New-TestKey $vector.authorization.key; KeyFormat = 'Hexadecimal'; Rule = 'RFC 4285*' }
        Test-DsmipPacket $packet @key -Spi 256 | Should -BeNullOrEmpty
        "$((Test-DsmipPacket $packet @key -Spi 257).Explanation)" | Should -Match 'no key for mobility SPI 256'
        @(Test-DsmipPacket $packet -Key (New-TestKey wrong) -Spi 256 -Rule 'RFC 4285*').Where | Should -Be 'Mobility Message Authentication.AuthenticationData'
        "$((Test-DsmipPacket $message @key).Explanation)" | Should -Match 'does not show the IPv6 addresses'

        $vector = $mobility | Where-Object name -EQ update-correspondent
        $octets = ConvertTo-DsmipPacket (ConvertFrom-DsmipPacket -Hex $vector.hex).Message -Source $vector.nativeIPv6.source -Destination $vector.nativeIPv6.destination
        $packet = ConvertFrom-DsmipPacket $octets
        $key = @{ Key = New-TestKey $vector.authorization.key; KeyFormat = 'Hexadecimal'; Rule = 'RFC 6275, 6.2.7' }
        Test-DsmipPacket $packet @key | Should -BeNullOrEmpty
        "$((Test-DsmipPacket $packet @key -Spi 256).Severity)" | Should -Be Information
        "$((Test-DsmipPacket $packet -Key (New-TestKey wrong) -Severity Error -Rule 'RFC 6275, 6.2.7').Explanation)" | Should -Match 'another key'
    }

    It 'verifies authenticators with the security associations of the session' {
        $packet = ConvertFrom-DsmipPacket -Hex $signed.hex
        $null = New-DsmipSecurityAssociation $signed.spi $signed.fields.homeAddress (New-TestKey $signed.key) -KeyFormat Hexadecimal
        try {
            Test-DsmipPacket $packet | Should -BeNullOrEmpty
            $changed = ConvertFrom-DsmipPacket -Hex ($signed.hex -replace '^(..)(..)0708', '${1}${2}0709')
            @(Test-DsmipPacket $changed).Where | Should -Be 'Mobile-Home Authentication.Authenticator'
            $none = ConvertFrom-DsmipPacket -Hex ($signed.hex -replace '0a010107', '0a010108')
            "$((Test-DsmipPacket $none).Severity)" | Should -Be Information
        }
        finally { Clear-Session }
    }

    It 'refuses what says something about a key that is not there, and shows no key' {
        { Test-DsmipPacket $good -Spi 256 } | Should -Throw -ErrorId 'InvalidArgument,*'
        $outcome = Get-Outcome { Test-DsmipPacket $good -Key (New-TestKey notHexadecimal) -KeyFormat Hexadecimal }
        $outcome.Ids | Should -Be InvalidArgument
        $outcome.Message | Should -Not -Match notHex
    }

    It 'completes the ids of rules' {
        $line = 'Test-DsmipPacket $x -Rule 5846-8.1-0'
        (TabExpansion2 $line $line.Length).CompletionMatches.ListItemText | Should -Contain 5846-8.1-05
    }

    It 'shows a table' {
        Test-DsmipPacket (Get-Packet $bad) | Out-String -Width 200 |
            Should -Match '1 5846-6\.1\.1-03 +Error +47 Binding Revocation Indication\.Trigger +128 is global'
    }

    It 'shows the explanation in a window of 80 columns too' {
        Test-DsmipPacket (Get-Packet $bad) | Out-String -Width 80 | Should -Match 'Where +Explanation'
        Compare-DsmipPacket $good $bad | Out-String -Width 80 | Should -Match 'Reference +Is +At Difference'
    }
}

Describe 'Compare-DsmipPacket' {
    It 'gives nothing for equal packets and messages' {
        Compare-DsmipPacket (Get-Packet $good) (Get-Packet $good) | Should -BeNullOrEmpty
        Compare-DsmipPacket $good $good | Should -BeNullOrEmpty
    }

    It 'gives the fields that differ, with values and places' {
        $difference = @(Compare-DsmipPacket $good (New-Indication @{ IPv4HomeAddressBindingOnly = $true }))
        $difference.Count | Should -Be 1
        $difference.Layer, $difference.Field, $difference.Reference, $difference.Difference, $difference.SideIndicator |
            Should -Be 'Binding Revocation Indication', IPv4HomeAddressBindingOnly, clear, set, '<>'
        $difference.ReferenceOffset, $difference.DifferenceOffset | Should -Be 10, 10
        $difference.ReferenceValue | Should -BeFalse
    }

    It 'shows an option that only one has as such' {
        $more = [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{
            Trigger = 'AdministrativeReason'; SequenceNumber = 1; ProxyBinding = $true; Options = Get-Option $prefix, $mobileNode
        }
        $differences = Compare-DsmipPacket $good $more
        $added = @($differences | Where-Object Layer -Like '*Home Network Prefix')
        $added.Count | Should -Be 1
        $added.SideIndicator | Should -Be '=>'
        $added.Difference | Should -Be 'PrefixLength 64, HomeNetworkPrefix 2001:db8:100:7::'
        $differences | Where-Object Layer -Like '*Identifier' | Should -BeNullOrEmpty
    }

    It 'compares every object of the pipeline with one reference' {
        $null = $good, $bad | ForEach-Object { Get-Packet $_ } | ConvertTo-DsmipPacket -Path $TestDrive/compare.pcapng
        $packets = ConvertFrom-DsmipPacket -Path $TestDrive/compare.pcapng
        $differences = $packets | Compare-DsmipPacket $packets[0]
        $differences.DifferenceNumber | Sort-Object -Unique | Should -Be 2
        $differences.Field | Should -Be Checksum, Trigger, ReservedFlags
        $packets | Compare-DsmipPacket $good | Where-Object Field -EQ Trigger | ForEach-Object DifferenceOffset | Should -Be 47
        $octets = ConvertTo-DsmipPacket $bad
        (Compare-DsmipPacket (ConvertTo-DsmipPacket $good) $octets).Field | Should -Be Trigger, ReservedFlags
        ($octets | Compare-DsmipPacket $good).Field | Should -Be Trigger, ReservedFlags
    }

    It 'includes equal fields where asked' {
        $all = Compare-DsmipPacket $good $bad -IncludeEqual
        @($all | Where-Object SideIndicator -EQ '==').Field | Should -Contain SequenceNumber
        @($all | Where-Object SideIndicator -EQ '<>').Count | Should -Be 2
    }

    It 'refuses what is neither, and goes on with the next' {
        { Compare-DsmipPacket 'text' $good } | Should -Throw -ErrorId 'InvalidArgument,*'
        $outcome = Get-Outcome { 'text', $bad | Compare-DsmipPacket $good }
        $outcome.Ids | Should -Be InvalidArgument
        $outcome.Objects.Count | Should -Be 2
    }
}
