# Start-, Get- and Stop-DsmipCapture on the loopback interface, in this process; tshark judges the file.

BeforeAll {
    . $PSScriptRoot/Session.ps1
    . $PSScriptRoot/PowerShellProcess.ps1
    Import-TestModule
    $why = if (-not $IsLinux) { 'the loopback interface is that of Linux' } elseif ((id -u) -ne 0) { 'captures need CAP_NET_RAW: run the tests as root' }
    $port = 5436
    $filter = "udp port $port and host 127.31.86.2"

    # So many indications to an address where nobody listens.
    function Send-Test([int] $Count) {
        foreach ($number in 1..$Count) {
            [DsmipTools.Wire.MobilityHeader.BindingRevocationIndication] @{ SequenceNumber = $number } |
                Send-BindingRevocationIndication -Destination "127.31.86.2:$port" -Source 127.31.86.1
        }
    }
}

AfterAll { Clear-Session }

Describe 'Captures' {
    BeforeEach { if ($why) { Set-ItResult -Skipped -Because $why } }

    AfterEach { $null = Stop-DsmipCapture * }

    It 'run in the background, and their packets come down the pipeline' {
        $capture = Start-DsmipCapture lo -Filter $filter
        $capture.Name | Should -Be cap1
        $capture.State | Should -Be Running
        Send-Test 3
        $packets = @(Get-DsmipCapture cap1 -Packet -Wait -Count 3)
        $packets.Number | Should -Be 1, 2, 3
        $packets.Message.SequenceNumber | Should -Be 1, 2, 3
        "$($packets[0].Destination)" | Should -Be "127.31.86.2:$port"
        $packets[0].Time | Should -Not -BeNullOrEmpty
        $capture.Received | Should -Be 3
        Get-DsmipCapture -Packet | Should -BeNullOrEmpty
        Get-DsmipCapture -Packet -WaitFor 50ms | Should -BeNullOrEmpty
    }

    It 'write a file that is complete when they are stopped' {
        $path = Join-Path $TestDrive all.pcapng
        $null = Start-DsmipCapture lo $filter -Path $path -BufferSize 0
        Send-Test 4
        $summary = Stop-DsmipCapture cap1
        $summary.State | Should -Be Stopped
        $summary.Received, $summary.Written, $summary.Dropped, $summary.Waiting | Should -Be 4, 4, 0, 0
        $summary.Path | Should -Be $path
        @(ConvertFrom-DsmipPacket -Path $path).Message.SequenceNumber | Should -Be 1, 2, 3, 4
        Get-DsmipCapture | Should -BeNullOrEmpty
    }

    It 'write what tshark reads' {
        if (-not (Get-Command tshark -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no tshark here'; return }
        $path = Join-Path $TestDrive tshark.pcapng
        Start-DsmipCapture lo mobile-ip -Path $path | Should -Not -BeNullOrEmpty
        Send-Test 2
        $null = Stop-DsmipCapture *
        $read = tshark -n -r $path -Y 'ip.dst == 127.31.86.2' -T fields -e udp.dstport -e mip6.bri_seqnr 2> $null
        $read | Should -Be "$port`t1", "$port`t2"
    }

    It 'keep their packets when they are stopped' {
        $capture = Start-DsmipCapture lo -Filter $filter -Name lab
        Send-Test 2
        $stopped = Stop-DsmipCapture lab
        $stopped | Should -Be $capture
        @($stopped | Get-DsmipCapture -Packet -Wait).Message.SequenceNumber | Should -Be 1, 2
    }

    It 'discard and count what nobody takes' {
        $null = Start-DsmipCapture lo -Filter $filter -BufferSize 2
        Send-Test 5
        $stopped = Stop-DsmipCapture cap1
        $stopped.Received, $stopped.Waiting, $stopped.Discarded | Should -Be 5, 2, 3
    }

    It 'cut frames, and say so' {
        $null = Start-DsmipCapture lo -Filter $filter -SnapLength 50
        Send-Test 1
        $packet = Stop-DsmipCapture cap1 | Get-DsmipCapture -Packet
        $packet.Octets.Length | Should -Be 50
        $packet.Length | Should -Be 58
    }

    It 'decode with ports of their own' {
        $null = Start-DsmipCapture lo 'udp port 7345 and host 127.31.86.2' -ProxyMobileIPv6Port 7345
        $port = 7345
        Send-Test 1
        @(Stop-DsmipCapture cap1 | Get-DsmipCapture -Packet).Message.SequenceNumber | Should -Be 1
    }

    It 'are found by name and wildcard, and piped' {
        'one', 'two', 'three' | ForEach-Object { $null = Start-DsmipCapture lo -Filter $filter -Name $_ }
        (Get-DsmipCapture t*).Name | Should -Be two, three
        (Get-DsmipCapture ONE).Name | Should -Be one
        ('one', 'two' | Get-DsmipCapture).Name | Should -Be one, two
        (Get-DsmipCapture | Get-DsmipCapture).Count | Should -Be 3
        Get-DsmipCapture none* | Should -BeNullOrEmpty
        (Get-DsmipCapture t* | Stop-DsmipCapture).Name | Should -Be two, three
        (TabExpansion2 'Get-DsmipCapture o').CompletionMatches.CompletionText | Should -Be one
        (TabExpansion2 'Start-DsmipCapture -Interface l').CompletionMatches.CompletionText | Should -Contain lo
        (TabExpansion2 'Start-DsmipCapture lo -Filter mob').CompletionMatches.CompletionText | Should -Be mobile-ip
    }

    It 'say with an id what is wrong' {
        $null = Start-DsmipCapture lo -Filter $filter -Name taken
        (Get-Outcome { Start-DsmipCapture lo -Name TAKEN }).Ids | Should -Be CaptureNameTaken
        (Get-Outcome { Start-DsmipCapture nosuch0 }).Ids | Should -Be InterfaceNotFound
        (Get-Outcome { Start-DsmipCapture lo 'no such filter' }).Ids | Should -Be InvalidFilter
        (Get-Outcome { Start-DsmipCapture lo -Path $TestDrive/no/such/folder.pcapng }).Ids | Should -Be FileError
        (Get-Outcome { Get-DsmipCapture nosuch }).Ids | Should -Be CaptureNotFound
        (Get-Outcome { Stop-DsmipCapture nosuch }).Ids | Should -Be CaptureNotFound
        (Get-Outcome { Get-DsmipCapture -Wait }).Ids | Should -Be InvalidArgument
        (Get-Outcome { Get-DsmipCapture -Packet -Wait -WaitFor 1s }).Ids | Should -Be InvalidArgument
        (Get-DsmipCapture).Name | Should -Be taken
    }

    It 'start and stop nothing with -WhatIf' {
        Start-DsmipCapture lo -Path $TestDrive/whatif.pcapng -WhatIf
        Get-DsmipCapture | Should -BeNullOrEmpty
        Test-Path $TestDrive/whatif.pcapng | Should -BeFalse
        $null = Start-DsmipCapture lo -Filter $filter
        Stop-DsmipCapture * -WhatIf
        (Get-DsmipCapture).State | Should -Be Running
    }

    It 'end with the module, and their files are complete' {
        $path = Join-Path $TestDrive removed.pcapng
        $run = Invoke-PowerShellProcess "
            Import-Module '$root/DsmipTools.psd1'
            `$capture = Start-DsmipCapture lo '$filter' -Path '$path'
            [DsmipTools.Wire.MobilityHeader.BindingUpdate] @{ SequenceNumber = 9 } | Send-DsmipBindingUpdate -Destination 127.31.86.2
            Remove-Module DsmipTools
            `$capture.State"
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeExactly Stopped
        @(ConvertFrom-DsmipPacket -Path $path).Message.SequenceNumber | Should -Be 9
    }

    It 'may be forgotten: the process ends all the same' {
        $run = Invoke-PowerShellProcess "Import-Module '$root/DsmipTools.psd1'; `$null = Start-DsmipCapture lo; 'done'" -TimeoutSeconds 60
        $run.Output.Trim() | Should -BeExactly done
        $run.ExitCode | Should -Be 0
    }
}
