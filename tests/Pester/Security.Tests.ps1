BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
}

AfterAll { Remove-Module DsmipTools }

Describe 'Security associations' {
    BeforeEach { Clear-Session }

    It 'are made, found and removed' {
        $association = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key (New-TestKey) -Algorithm HmacSha256 -TimestampTolerance 10s
        $association.Spi | Should -Be 256
        $association.TimestampTolerance | Should -Be '00:00:10'
        $null = New-DsmipSecurityAssociation 300 10.1.1.7 (New-TestKey)
        $null = New-DsmipSecurityAssociation 256 10.1.1.8 (New-TestKey)
        (Get-DsmipSecurityAssociation).Count | Should -Be 3
        (Get-DsmipSecurityAssociation 256).HomeAddress | ForEach-Object { "$_" } | Should -BeExactly '10.1.1.7', '10.1.1.8'
        (Get-DsmipSecurityAssociation -HomeAddress 10.1.1.7).Spi | Should -Be 256, 300
        Get-DsmipSecurityAssociation -HomeAddress 10.1.1.7 -Spi 300 | Remove-DsmipSecurityAssociation -WhatIf
        Get-DsmipSecurityAssociation -HomeAddress 10.1.1.7 -Spi 300 | Remove-DsmipSecurityAssociation
        Remove-DsmipSecurityAssociation -HomeAddress 10.1.1.8
        (Get-DsmipSecurityAssociation).Spi | Should -Be 256
    }

    It 'come from a table' {
        $key = New-TestKey
        'Spi,HomeAddress', '256,10.1.1.7', '257,10.1.1.8' | ConvertFrom-Csv | New-DsmipSecurityAssociation -Key $key | Should -HaveCount 2
    }

    It 'authenticate with <Algorithm>' -ForEach @{ Algorithm = 'HmacMd5' }, @{ Algorithm = 'HmacSha1' }, @{ Algorithm = 'HmacSha256' } {
        $key = ConvertTo-SecureString '000102030405060708090a0b0c0d0e0f' -AsPlainText -Force
        $null = New-DsmipSecurityAssociation 256 10.1.1.7 $key -KeyFormat Hexadecimal -Algorithm $Algorithm
        $null = New-DsmipHomeAgent ha1 127.31.60.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -Start
        (Send-DsmipRegistration -HomeAgent 127.31.60.2 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.60.7).Code | Should -Be Accepted
    }

    It 'never show the key' {
        $secret = New-TestKey 'a-very-secret-key'
        $association = New-DsmipSecurityAssociation 256 10.1.1.7 $secret -Verbose 4>&1
        $all = $association | ForEach-Object { $_ | Out-String; $_ | Format-List * | Out-String; $_ | ConvertTo-Json -Depth 3 -WarningAction Ignore; "$_"; [Management.Automation.PSSerializer]::Serialize($_) }
        "$all" | Should -Not -Match 'very-secret'
        $bad = Get-Outcome { New-DsmipSecurityAssociation 257 10.1.1.7 $secret -KeyFormat Hexadecimal }
        $bad.Ids | Should -BeExactly InvalidArgument
        "$($bad.Errors | Format-List * -Force | Out-String)" | Should -Not -Match 'very-secret-key'
    }

    It 'are refused: <Name>' -ForEach @(
        @{ Name = 'reserved SPI'; Id = 'ParameterArgumentValidationError'; Attempt = { New-DsmipSecurityAssociation 255 10.1.1.7 (New-TestKey) } }
        @{ Name = 'empty key'; Id = 'InvalidArgument'; Attempt = { New-DsmipSecurityAssociation 256 10.1.1.7 ([securestring]::new()) } }
        @{ Name = 'IPv6 home address'; Id = 'InvalidArgument'; Attempt = { New-DsmipSecurityAssociation 256 2001:db8::1 (New-TestKey) } }
        @{ Name = 'plain key'; Id = 'CannotConvertArgumentNoMessage'; Attempt = { New-DsmipSecurityAssociation 256 10.1.1.7 'plain' } }
        @{ Name = 'unknown to get'; Id = 'SecurityAssociationNotFound'; Attempt = { Get-DsmipSecurityAssociation 4711 } }
        @{ Name = 'unknown to remove'; Id = 'SecurityAssociationNotFound'; Attempt = { Remove-DsmipSecurityAssociation 10.1.1.99 } }
    ) {
        (Get-Outcome $Attempt).Ids | Should -BeExactly $Id
    }

    It 'are not made twice' {
        $null = New-DsmipSecurityAssociation 256 10.1.1.7 (New-TestKey)
        $outcome = Get-Outcome { New-DsmipSecurityAssociation 256 10.1.1.7 (New-TestKey) }
        $outcome.Ids | Should -BeExactly SecurityAssociationExists
        $outcome.Categories | Should -Be ResourceExists
    }
}

Describe 'IPsec security associations' {
    BeforeAll {
        $integrity = ConvertTo-SecureString ('5ec2e7' * 10 + '5ec2') -AsPlainText -Force
        $encryption = ConvertTo-SecureString ('c1f3e2d4' * 4) -AsPlainText -Force

        # A procedure in a simulated world, with an anchor and a gateway that share keys.
        function Invoke-Protected([string] $Text, [string] $Encryption = '') {
            $path = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
            Set-Content $path @"
`$integrity = ConvertTo-SecureString ('5ec2e7' * 10 + '5ec2') -AsPlainText -Force
`$encryption = ConvertTo-SecureString ('c1f3e2d4' * 4) -AsPlainText -Force
`$keys = @{ Key = `$integrity; KeyFormat = 'Hexadecimal' }
$Encryption
`$null = New-DsmipSecurityAssociation -Spi 4097 -Source 198.51.100.1 -Destination 203.0.113.1 @keys
`$null = New-DsmipSecurityAssociation -Spi 4098 -Source 203.0.113.1 -Destination 198.51.100.1 @keys
`$null = New-DsmipLocalMobilityAnchor lma1 198.51.100.1 -PrefixPool 2001:db8:100::/40 -Start
`$null = New-DsmipMobileAccessGateway mag1 203.0.113.1 -LocalMobilityAnchor 198.51.100.1 -Start
$Text
"@
            $result = Invoke-DsmipProcedure $path -World Simulated
            $result.Outcome | Should -Be Passed -Because ($result.Steps | Where-Object Outcome -NE Passed | Format-List | Out-String)
            $result
        }
    }
    BeforeEach { Clear-Session }

    It 'protect registration and revocation <Name>' -Tag 'Rfc:5846-6.1-01', 'Rfc:5846-13-03' -ForEach @(
        @{ Name = 'with integrity'; Encryption = '' }
        @{ Name = 'with encryption too'; Encryption = '$keys.EncryptionKey = $encryption' }
    ) {
        $null = Invoke-Protected -Encryption $Encryption @'
Expect 'both say so' @('ESP (1 peer)', 'ESP (1 peer)') { (Get-DsmipAgent).Protection }
Expect 'a mobile node attaches' Accepted { (Connect-DsmipSubscriber mn1@example.com mag1).Result }
Expect 'and is revoked' Acknowledged { (Invoke-BindingRevocation -Realm example.com).Result }
Expect 'nobody runs unprotected, and nothing was dropped' 0 { @(Get-DsmipEvent | Where-Object Kind -In 'Unprotected', 'Dropped', 'SecurityException', 'EffectFailed').Count }
Expect 'both ends count alike' $true { -not (Get-DsmipSecurityAssociation | Where-Object { $_.LastSent -ne $_.HighestReceived -or $_.LastSent -lt 2 }) }
'@
    }

    It 'keep a gateway with another key out' -Tag 'Rfc:5846-6.2-03' {
        $null = Invoke-Protected @'
Remove-DsmipSecurityAssociation -Destination 198.51.100.1 -Spi 4098
$null = New-DsmipSecurityAssociation -Spi 4099 -Source 203.0.113.1 -Destination 198.51.100.1 @keys
$null = New-DsmipMobileAccessGateway mag2 203.0.113.2 -LocalMobilityAnchor 198.51.100.1 -MaximumRetries 0 -Start
Expect 'one without a key is not answered' TimedOut { (Connect-DsmipSubscriber mn2@example.com mag2 -ErrorAction Ignore).Result ?? 'TimedOut' }
Expect 'which is counted' 1 { (Get-DsmipStatistics lma1).Drops.NotAPeer }
Expect 'and the one with a new key attaches' Accepted { (Connect-DsmipSubscriber mn1@example.com mag1).Result }
'@
    }

    It 'are made, found, completed and removed' {
        $null = Invoke-Protected @'
Expect 'two' 2 { @(Get-DsmipSecurityAssociation).Count }
Expect 'by destination' 4097 { (Get-DsmipSecurityAssociation -Destination 203.0.113.1).Spi }
Expect 'by source' 4098 { (Get-DsmipSecurityAssociation -Source 203.0.113.1).Spi }
Expect 'by SPI' 'HMAC-SHA-256-128' { (Get-DsmipSecurityAssociation 4098).Algorithm }
Expect 'not twice' SecurityAssociationExists {
    $null = New-DsmipSecurityAssociation -Spi 4097 -Source 198.51.100.1 -Destination 203.0.113.1 @keys -ErrorVariable failed -ErrorAction SilentlyContinue
    ($failed[0].FullyQualifiedErrorId -split ',')[0]
}
Get-DsmipSecurityAssociation | Remove-DsmipSecurityAssociation -WhatIf
Expect 'still two' 2 { @(Get-DsmipSecurityAssociation).Count }
Get-DsmipSecurityAssociation -Source 203.0.113.1 | Remove-DsmipSecurityAssociation
Expect 'one' 4097 { (Get-DsmipSecurityAssociation).Spi }
'@
    }

    It 'never show a key' {
        $result = Invoke-Protected @'
$association = New-DsmipSecurityAssociation -Spi 4711 -Source 2001:db8::1 -Destination 2001:db8::2 @keys -EncryptionKey $encryption
Step 'all of it' { $association | Out-String; $association | Format-List * | Out-String; $association | ConvertTo-Json -Depth 4 -WarningAction Ignore; "$association"; [Management.Automation.PSSerializer]::Serialize($association) }
'@
        $text = "$($result.Steps | ForEach-Object { $_.Actual } | Out-String)"
        $text | Should -Match 'AES-CBC-128 HMAC-SHA-256-128'
        $text | Should -Not -Match '5ec2e7|c1f3e2d4'
    }

    It 'are refused on real sockets, with the way to protect them' {
        $outcome = Get-Outcome { New-DsmipSecurityAssociation -Spi 4097 -Source 127.0.0.10 -Destination 127.0.0.11 -Key $integrity -KeyFormat Hexadecimal }
        $outcome.Ids | Should -BeExactly NotSupported
        $outcome.Message | Should -Match 'ip xfrm'
        Get-DsmipSecurityAssociation | Should -BeNullOrEmpty
    }

    It 'are refused: <Name>' -ForEach @(
        @{ Name = 'short key'; Id = 'InvalidArgument'; Attempt = { New-DsmipSecurityAssociation -Spi 4097 -Source 2001:db8::1 -Destination 2001:db8::2 -Key (New-TestKey) } }
        @{ Name = 'one address'; Id = 'InvalidArgument'; Attempt = { New-DsmipSecurityAssociation -Spi 4097 -Source 2001:db8::1 -Destination 2001:db8::1 -Key $integrity -KeyFormat Hexadecimal } }
        @{ Name = 'two families'; Id = 'InvalidArgument'; Attempt = { New-DsmipSecurityAssociation -Spi 4097 -Source 2001:db8::1 -Destination 192.0.2.1 -Key $integrity -KeyFormat Hexadecimal } }
        @{ Name = 'home address and destination'; Id = 'AmbiguousParameterSet'; Attempt = { New-DsmipSecurityAssociation -Spi 4097 -HomeAddress 10.1.1.7 -Destination 192.0.2.1 -Key $integrity } }
        @{ Name = 'unknown to get'; Id = 'SecurityAssociationNotFound'; Attempt = { Get-DsmipSecurityAssociation -Destination 2001:db8::9 } }
        @{ Name = 'unknown to remove'; Id = 'SecurityAssociationNotFound'; Attempt = { Remove-DsmipSecurityAssociation -Destination 2001:db8::9 } }
    ) {
        (Get-Outcome $Attempt).Ids | Should -BeExactly $Id
    }
}
