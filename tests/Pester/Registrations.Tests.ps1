BeforeAll {
    . $PSScriptRoot/Session.ps1
    Import-TestModule
    $address = @{ HomeAgent = '127.31.20.2'; Port = 4340; HomeAddress = '10.1.1.7'; CareOfAddress = '127.31.20.7' }
    $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key (New-TestKey)
    $null = New-DsmipHomeAgent ha1 127.31.20.2 -Port 4340 -HomeNetwork 10.1.1.0/24 -IPv6Prefix 2001:db8:7::/48 -Start

    # A Registration Request by hand (RFC 5944, 3.3 and 3.5.2), so that its Identification and key are ours.
    function New-Request([ulong] $Identification, [string] $Key = '1234567812345678', [uint] $Spi = 256) {
        $header = [byte[]](1, 0x20, 1, 0x2C) + ([ipaddress]'10.1.1.7').GetAddressBytes() + ([ipaddress]'127.31.20.2').GetAddressBytes() + ([ipaddress]'127.31.20.8').GetAddressBytes()
        $number = [BitConverter]::GetBytes($Identification); [array]::Reverse($number)
        $index = [BitConverter]::GetBytes($Spi); [array]::Reverse($index)
        $covered = [byte[]]($header + $number + [byte[]](32, 20) + $index)
        [byte[]]($covered + [Security.Cryptography.HMACMD5]::HashData([Text.Encoding]::ASCII.GetBytes($Key), $covered))
    }
    function Get-Ntp([datetime] $Time = [datetime]::UtcNow) {
        $seconds = ($Time - [datetime]::new(1900, 1, 1, 0, 0, 0, [DateTimeKind]::Utc)).TotalSeconds
        ([ulong][math]::Floor($seconds) -shl 32) -bor 0x12345678
    }
}

AfterAll { Remove-Module DsmipTools }

Describe 'Send-DsmipRegistration' {
    It 'registers prefixes with the tunneling mode that is asked for' -Tag 'Rfc:5454-3.5-05', 'Rfc:5454-3.5-07' {
        $outcome = Send-DsmipRegistration @address -Lifetime 300 -IPv6Prefix 2001:db8:7:1::/64, 2001:db8:ffff::/64 -TunnelingMode CareOfAddress -Spi 256
        $outcome.Result | Should -Be Accepted
        $outcome.Code | Should -Be Accepted
        $outcome.LifetimeGranted | Should -Be '00:05:00'
        @($outcome.Prefixes.ForEach{ "$_" }) | Should -BeExactly '2001:db8:7:1::/64 AcceptedCareOfAddress', '2001:db8:ffff::/64 RejectedProhibited'
        (Get-DsmipBinding -HomeAddress 10.1.1.7).State | Should -Be Active
    }

    It 'registers for the home address without a tunneling mode' -Tag 'Rfc:5454-3.5-04' {
        (Send-DsmipRegistration @address -IPv6Prefix 2001:db8:7:1::/64).Prefixes.State | Should -Be AcceptedHomeAddress
    }

    It 'de-registers with -Deregister, and with a lifetime of zero' -Tag 'Rfc:5454-3.8-02' {
        $null = Send-DsmipRegistration @address
        (Send-DsmipRegistration @address -Deregister).LifetimeGranted | Should -Be '00:00:00'
        Get-DsmipBinding -HomeAddress 10.1.1.7 | Should -BeNullOrEmpty
        $null = Send-DsmipRegistration @address
        (Send-DsmipRegistration @address -Lifetime 0).Result | Should -Be Accepted
        Get-DsmipBinding -HomeAddress 10.1.1.7 | Should -BeNullOrEmpty
    }

    It 'takes its parameters from a table, and sends flags and an identifier' {
        $outcome = [pscustomobject]($address + @{ Lifetime = '00:02:00'; Nai = 'mn7@example.com' }) | Send-DsmipRegistration -ReverseTunneling
        $outcome.LifetimeGranted | Should -Be '00:02:00'
        $binding = Get-DsmipBinding mn7@example.com
        $binding.HomeAddress | Should -Be 10.1.1.7
        $binding.Flags | Should -BeExactly DT
    }

    It 'sends nothing with -WhatIf' {
        $null = Send-DsmipRegistration @address -Deregister
        Send-DsmipRegistration @address -WhatIf | Should -BeNullOrEmpty
        Get-DsmipBinding -HomeAddress 10.1.1.7 | Should -BeNullOrEmpty
    }

    It 'gives the address back, and leaves no agent' {
        $null = 1..3 | ForEach-Object { Send-DsmipRegistration @address }
        (Get-DsmipAgent).Name | Should -BeExactly ha1
    }
}

Describe 'Registrations that fail' {
    It 'have an SPI that is unknown' {
        $outcome = Get-Outcome { Send-DsmipRegistration @address -Spi 999 }
        $outcome.Ids | Should -BeExactly SecurityAssociationNotFound
        $outcome.Categories | Should -Be ObjectNotFound
        $outcome.Objects.Count | Should -Be 0
    }

    It 'have a prefix with host bits' {
        (Get-Outcome { Send-DsmipRegistration @address -IPv6Prefix 2001:db8:7:1::1/64 }).Ids | Should -BeExactly PrefixHasHostBits
    }

    It 'have a care-of address of another machine' {
        (Get-Outcome { Send-DsmipRegistration -HomeAgent 127.31.20.2 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 192.0.2.7 }).Ids | Should -BeExactly AddressNotAvailable
    }

    It 'have a lifetime that is none' {
        (Get-Outcome { Send-DsmipRegistration @address -Lifetime 70000 }).Ids | Should -BeExactly InvalidArgument
    }

    It 'are refused by the home agent: the object comes first, then the error' {
        $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.9.9.9 -Key (New-TestKey)
        $refused = $address + @{}; $refused.HomeAddress = '10.9.9.9'
        $outcome = Get-Outcome { Send-DsmipRegistration @refused -IPv6Prefix 2001:db8:7:9::/64 }
        $outcome.Ids | Should -BeExactly RegistrationRefused
        $outcome.Objects.Result | Should -Be Refused
        [int]$outcome.Objects.Code | Should -BeGreaterOrEqual 128
        $outcome.Objects.Prefixes.State | Should -Be RejectedWithRegistration
        $outcome.Errors[0].TargetObject | Should -Be $outcome.Objects[0]
    }

    It 'find nobody, and end after the configured retries' {
        $started = [Diagnostics.Stopwatch]::StartNew()
        $outcome = Get-Outcome { Send-DsmipRegistration -HomeAgent 127.31.20.99 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.20.7 -MaximumRetries 1 -MaximumDelay 1 }
        $outcome.Ids | Should -BeExactly Timeout
        $outcome.Categories | Should -Be OperationTimeout
        $outcome.Objects.Attempts | Should -Be 2
        $outcome.Objects.Code | Should -BeNullOrEmpty
        $started.Elapsed.TotalSeconds | Should -BeGreaterThan 1.9
    }

    It 'have another key than the home agent, which is said and no secret' {
        $job = Start-Job {
            Import-Module "$using:root/DsmipTools.psd1"
            $null = New-DsmipSecurityAssociation -Spi 256 -HomeAddress 10.1.1.7 -Key (ConvertTo-SecureString another-key-here -AsPlainText -Force)
            $null = New-DsmipHomeAgent ha9 127.31.20.9 -Port 4340 -HomeNetwork 10.1.1.0/24 -Start
            'ready'
            $end = [datetime]::UtcNow.AddSeconds(30)
            while ([datetime]::UtcNow -lt $end -and -not (Get-DsmipEvent -Security | Where-Object Kind -EQ SecurityException)) { Start-Sleep -Milliseconds 50 }
            "events: $(Get-DsmipEvent -Security | Where-Object Kind -EQ SecurityException | ForEach-Object Summary)"
        }
        try {
            Wait-For { 'ready' -in (Receive-Job $job -Keep) } 60
            $outcome = Get-Outcome { Send-DsmipRegistration -HomeAgent 127.31.20.9 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.20.7 -MaximumRetries 0 -InitialDelay 5 }
            $outcome.Ids | Should -BeExactly AuthenticationFailed
            $outcome.Categories | Should -Be AuthenticationError
            $outcome.Message | Should -Match 'The keys differ'
            $outcome.Objects.LastDrop | Should -Be BadAuthenticator
            Wait-For { (Receive-Job $job -Keep) -match '^events: .*BadAuthenticator' } 40
            "$($outcome.Message)$(Receive-Job $job -Keep)" | Should -Not -Match 'another-key-here|1234567812345678'
        }
        finally {
            $job | Remove-Job -Force
        }
    }

    It 'end at once when the pipeline is stopped' {
        $shell = [powershell]::Create()
        # Without the stop it would take an hour.
        $null = $shell.AddScript("Import-Module '$root/DsmipTools.psd1'; Send-DsmipRegistration -HomeAgent 127.31.20.99 -Port 4340 -HomeAddress 10.1.1.7 -CareOfAddress 127.31.20.77 -Lifetime 5h -InitialDelay 1h -MaximumDelay 1h")
        try {
            $running = $shell.BeginInvoke()
            Wait-For { Get-DsmipEvent -Last 50 | Where-Object { $_.Agent -like 'mn-10.1.1.7*' -and $_.Kind -eq 'Started' } }
            $started = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $started.Elapsed.TotalSeconds | Should -BeLessThan 60
            $shell.InvocationStateInfo.State | Should -Be Stopped
        }
        finally {
            $shell.Dispose()
        }
        # Its address is free again.
        Wait-For { try { Send-Datagram 127.31.20.77 0 127.31.20.2 4340 (, [byte]0); $true } catch { $false } }
    }
}

Describe 'What a home agent does with bad datagrams' {
    BeforeAll { $null = Send-DsmipRegistration @address -Lifetime 600 }

    It 'drops and counts what is <Name>' -ForEach @(
        @{ Name = 'empty of meaning'; Octets = [byte[]](9, 9, 9, 9) }
        @{ Name = 'truncated'; Octets = [byte[]](1, 0x20, 1, 0x2C, 10, 1) }
        @{ Name = 'without authentication'; Octets = [byte[]](1, 0x20, 1, 0x2C, 10, 1, 1, 7, 127, 31, 20, 2, 127, 31, 20, 8, 1, 2, 3, 4, 5, 6, 7, 8) }
    ) {
        $before = (Get-DsmipStatistics ha1 -Counter | Where-Object Drop -NE None | Measure-Object Count -Sum).Sum
        Send-Datagram 127.31.20.8 0 127.31.20.2 4340 $Octets
        Wait-For { (Get-DsmipStatistics ha1 -Counter | Where-Object Drop -NE None | Measure-Object Count -Sum).Sum -gt $before }
        (Get-DsmipAgent ha1).BindingCount | Should -Be 1
    }

    It 'answers a stale timestamp with code 133 and keeps the binding' {
        $reply = Send-Datagram 127.31.20.8 0 127.31.20.2 4340 (New-Request (Get-Ntp ([datetime]::UtcNow.AddHours(-1)))) -Answer
        $reply[1] | Should -Be 133
        (Get-DsmipBinding -HomeAddress 10.1.1.7).CareOfAddress | Should -Be 127.31.20.7
    }

    It 'counts a wrong key and an unknown SPI as security exceptions' {
        $null = Send-Datagram 127.31.20.8 0 127.31.20.2 4340 (New-Request (Get-Ntp) -Key 'wrong')
        $null = Send-Datagram 127.31.20.8 0 127.31.20.2 4340 (New-Request (Get-Ntp) -Spi 4711)
        Wait-For { @(Get-DsmipEvent -Agent ha1 -Security -Last 2).Count -eq 2 }
        Wait-For { (Get-DsmipEvent -Agent ha1 -Security).Drop -contains 'BadAuthenticator' }
        Wait-For { (Get-DsmipEvent -Agent ha1 -Security).Drop -contains 'NoSecurityAssociation' }
        (Get-DsmipAgent ha1).BindingCount | Should -Be 1
    }
}
