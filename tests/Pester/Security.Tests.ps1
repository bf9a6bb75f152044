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
