# The procedures of the module: each in each of its worlds, with the statements that it holds; tshark judges what they put on the wire.

$procedures = @(
    @{ Name = 'dsmipv4-foreign-agent'; Worlds = 'Simulated'; Holds = 'Rfc:5454-3.4-01', 'Rfc:5944-2.4.3-01', 'Rfc:5944-2.4.4-01', 'Rfc:5944-3.1-01' }
    @{ Name = 'dsmipv4-registration'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Tells = $true; Holds = 'Rfc:5454-3.2-03', 'Rfc:5454-3.3-02' }
    @{ Name = 'handover-known'; Worlds = 'Simulated'; Holds = 'Rfc:5846-3.4.1-01', 'Rfc:5846-9.1-04' }
    @{ Name = 'handover-trigger4-silence'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-10', 'Rfc:5846-8.1-14', 'Rfc:5846-6.3-01' }
    @{ Name = 'handover-trigger4-still-attached'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-10', 'Rfc:5846-9.1-04' }
    @{ Name = 'handover-trigger4-success'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-08', 'Rfc:5846-8.1-09', 'Rfc:5846-9.1-04' }
    @{ Name = 'mipv4-fault-clocks-apart'; Worlds = 'Simulated'; Holds = 'Rfc:5944-3.6.2.3-03' }
    @{ Name = 'mipv4-fault-home-network-missing'; Worlds = 'Simulated'; Holds = 'Rfc:5944-3.6.2.3-01' }
    @{ Name = 'mipv4-fault-no-association'; Worlds = 'Simulated'; Holds = 'Rfc:5944-3.7.1-07' }
    @{ Name = 'mipv4-fault-no-foreign-advertisement'; Worlds = 'Simulated'; Holds = 'Rfc:5944-2.4-02' }
    @{ Name = 'mipv4-fault-no-home-advertisement'; Worlds = 'Simulated'; Holds = 'Rfc:5944-2.4.3-01' }
    @{ Name = 'mipv4-fault-node-unreachable'; Worlds = 'Simulated'; Holds = 'Rfc:5944-2.4.4-01', 'Rfc:5944-4.2.2-02' }
    @{ Name = 'mipv4-fault-wrong-key'; Worlds = 'Simulated'; Holds = 'Rfc:5944-3.6.2.1-06' }
    @{ Name = 'mipv4-fault-wrong-spi'; Worlds = 'Simulated'; Holds = 'Rfc:5944-3.7.1-07' }
    @{ Name = 'nat-rebinding'; Worlds = 'Simulated', 'Loopback'; Holds = 'Rfc:5844-4-01', 'Rfc:5844-4.1.3.2-01', 'Rfc:5844-4.2.2-05' }
    @{ Name = 'peer-restart'; Worlds = 'Simulated'; Holds = 'Rfc:5847-3.1-01', 'Rfc:5847-3.2-01', 'Rfc:5847-3.2-02', 'Rfc:5847-3.2-03' }
    @{ Name = 'revocation-crossing-update'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-12', 'Rfc:5846-6.2.2-01' }
    @{ Name = 'revocation-ipv4-only'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Holds = 'Rfc:5846-8.1-11', 'Rfc:5846-5.1-09', 'Rfc:5846-6.1.1-04', 'Rfc:5846-9.1-05' }
    @{ Name = 'revocation-late-acknowledgement'; Worlds = 'Simulated'; Holds = 'Rfc:5846-6.2.2-04', 'Rfc:5846-6.2.2-01', 'Rfc:5846-3.4.1-01' }
    @{ Name = 'revocation-lost-acknowledgement'; Worlds = 'Simulated'
        Holds = 'Rfc:5846-6.3-01', 'Rfc:5846-6.3-02', 'Rfc:5846-6.3-03', 'Rfc:5846-6.2.2-01', 'Rfc:5846-11-01'
    }
    @{ Name = 'revocation-mag-bulk'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Holds = 'Rfc:5846-8.2-02', 'Rfc:5846-8.2-04', 'Rfc:5846-9.2-01', 'Rfc:5846-5.1-06' }
    @{ Name = 'revocation-mag-unauthorised'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Holds = 'Rfc:5846-8.2-03', 'Rfc:5846-9.2-03', 'Rfc:5846-13-01' }
    @{ Name = 'revocation-node'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Holds = 'Rfc:5846-8.1-07', 'Rfc:5846-6.1.1-02' }
    @{ Name = 'revocation-partial'; Worlds = 'Simulated'; Holds = 'Rfc:5846-9.1-06', 'Rfc:5846-5.2-03', 'Rfc:5846-6.2.2-03' }
    @{ Name = 'revocation-per-peer'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Holds = 'Rfc:5846-8.1-03', 'Rfc:5846-9.1-01', 'Rfc:5846-5.1-11' }
    @{ Name = 'revocation-realm'; Worlds = 'Simulated', 'Loopback', 'Namespace'; Tells = $true; Holds = 'Rfc:5846-8.1-05', 'Rfc:5846-9.1-02' }
    @{ Name = 'revocation-realm-subgroup'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-06', 'Rfc:5846-5.1-10' }
    @{ Name = 'revocation-several-prefixes'; Worlds = 'Simulated'; Holds = 'Rfc:5846-8.1-02', 'Rfc:5846-8.1-07' }
    @{ Name = 'revocation-single'; Worlds = 'Simulated', 'Loopback', 'Namespace'
        Holds = 'Rfc:5846-8.1-01', 'Rfc:5846-5.1-05', 'Rfc:5846-5.2-02', 'Rfc:5846-6.1.1-01', 'Rfc:5846-6.1.1-03', 'Rfc:5846-6.2.1-04', 'Rfc:5846-6.2.2-02'
    }
)

BeforeAll {
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    Import-Module $root/DsmipTools.psd1 -Force
    # By path, because not every tshark package puts it where the search path looks for a non-root user.
    $tshark = (Get-Command tshark -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source

    # What went wrong, a line each, for the test that fails.
    function Get-Failure($Result) {
        foreach ($step in $Result.Steps | Where-Object Outcome -EQ Failed) {
            "$($Result.Name), seed $($Result.Seed): $($step.Name): expected $([DsmipTools.Labs.ValueText]::Of($step.Expected)), found $([DsmipTools.Labs.ValueText]::Of($step.Actual))"
        }
    }
}

AfterAll { Remove-Module DsmipTools }

Describe 'The procedures of the module' {
    It 'are all run here, in all of their worlds' -TestCases @{ Procedures = $procedures } {
        $here = $Procedures | ForEach-Object { "$($_.Name): $($_.Worlds)" } | Sort-Object
        $here | Should -BeExactly (Get-DsmipProcedure | ForEach-Object { "$($_.Name): $($_.Worlds)" } | Sort-Object)
    }

    It 'hold for any seed: <Name>' -ForEach ($procedures | Where-Object -Not Tells) {
        foreach ($seed in 1..($env:DSMIP_SOAK ? 200 : 5)) {
            $result = Invoke-DsmipProcedure $Name -Seed $seed
            Get-Failure $result | Should -BeNullOrEmpty
            $result.Outcome | Should -Be Passed
        }
    }
}

foreach ($procedure in $procedures) {
    foreach ($world in $procedure.Worlds) {
        Describe 'The procedure <Name> in the world <World>' -Tag $procedure.Holds -ForEach @{ Name = $procedure.Name; World = $world } {
            BeforeAll {
                $isPossible = $World -ne 'Namespace' -or ($IsLinux -and (id -u) -eq 0 -and (Test-Path /dev/net/tun))
                $result = $isPossible ? (Invoke-DsmipProcedure $Name -World $World -Seed 42 -OutputPath $TestDrive/captures) : $null

                # The messages of the procedure. A link between namespaces carries what keeps it going besides: ARP and Neighbor Discovery. The simulated world
                # carries probes, which have a word of their own (PROB) and no message.
                function Get-Frame {
                    ConvertFrom-DsmipPacket -Path $result.Captures -MobileIPv4Port 4340, 434 | Where-Object { $_.Octets.ToString() -notlike '*50524f42*' } | Where-Object { $World -ne 'Namespace' -or ($_.Message -and $_.Message.GetType().Namespace -notlike '*Icmp*') }
                }
            }

            BeforeEach { if (-not $isPossible) { Set-ItResult -Skipped -Because 'network namespaces with tunnels need Linux, root and /dev/net/tun' } }

            It 'passes' {
                Get-Failure $result | Should -BeNullOrEmpty
                $result.Outcome | Should -Be Passed
                # Only real sockets lack something.
                $skipped = @($result.Steps | Where-Object Outcome -EQ 'Skipped')
                $skipped.Count | Should -Be ($World -eq 'Simulated' ? 0 : @($skipped | Where-Object Actual -Like 'Needs the world Simulated;*').Count)
                Get-DsmipAgent | Should -BeNullOrEmpty
            }

            It 'leaves a capture in which every frame decodes, and is written again as it was' {
                $frames = Get-Frame
                $frames | Should -Not -BeNullOrEmpty
                $frames | Where-Object { $_.Error -or -not $_.Message } | Should -BeNullOrEmpty
                $frames | ConvertTo-DsmipPacket -Path $TestDrive/again.pcapng
                $again = ConvertFrom-DsmipPacket -Path $TestDrive/again.pcapng
                -join $again.ForEach{ "$($_.Octets)" } | Should -BeExactly (-join $frames.ForEach{ "$($_.Octets)" })
            }

            if ($procedure.Tells) {
                It 'has in its capture what the agents counted' {
                    $counted = $result.Steps[-1].Actual
                    $frames = Get-Frame
                    $found = $frames | Group-Object {
                        "$($_.Message.GetType().Name -replace '^Binding(Update|Acknowledgement)$', 'ProxyBinding$1')$(($_.Message.Response)?.ToString() -replace 'True', 'Response' -replace 'False', 'Request')"
                    } -AsHashTable
                    $found.Keys | Sort-Object | Should -BeExactly ($counted.Keys | Sort-Object)
                    foreach ($kind in $counted.Keys) { $found[$kind].Count | Should -Be $counted[$kind] -Because $kind }
                }
            }
        }
    }
}

Describe 'tshark, which knows none of our code,' {
    BeforeAll {
        # tshark's names for the mobility options that our agents write, by type; the two of padding by themselves.
        $options = @{
            0 = 'pad1'; 1 = 'padn'; 3 = 'acoa'; 8 = 'mnid'; 22 = 'hnp'; 23 = 'hi'; 24 = 'att'; 25 = 'mnlli'; 26 = 'lla'; 27 = 'ts'; 28 = 'rc'; 31 = 'natd'
            32 = 'ipv4coa'; 33 = 'grek'; 36 = 'ipv4hareq'; 37 = 'ipv4harep'; 38 = 'ipv4dra'; 39 = 'ipv4dsm'
        }

        # A message as we decode it, under tshark's names: numbers, and the octets of options, because texts differ.
        function Get-Expected($Message) {
            $row = switch ($Message.GetType().Name) {
                RegistrationRequest { @{ 'mip.type' = 1; 'mip.life' = $Message.Lifetime } }
                RegistrationReply { @{ 'mip.type' = 3; 'mip.life' = $Message.Lifetime; 'mip.code' = [int] $Message.Code } }
                BindingUpdate { @{ 'mip6.mhtype' = 5; 'mip6.bu.seqnr' = $Message.SequenceNumber; 'mip6.bu.lifetime' = $Message.Lifetime; 'mip6.bu.p_flag' = [int] $Message.ProxyRegistration } }
                BindingAcknowledgement {
                    @{ 'mip6.mhtype' = 6; 'mip6.ba.seqnr' = $Message.SequenceNumber; 'mip6.ba.lifetime' = $Message.Lifetime; 'mip6.ba.status' = [int] $Message.Status
                        'mip6.ba.p_flag' = [int] $Message.ProxyRegistration
                    }
                }
                BindingRevocationIndication {
                    @{ 'mip6.mhtype' = 16; 'mip6.bri_br.type' = 1; 'mip6.bri_seqnr' = $Message.SequenceNumber; 'mip6.bri_r.trigger' = [int] $Message.Trigger
                        'mip6.bri_ip' = [int] $Message.ProxyBinding; 'mip6.bri_iv' = [int] $Message.IPv4HomeAddressBindingOnly; 'mip6.bri_ig' = [int] $Message.Global
                    }
                }
                BindingRevocationAcknowledgement {
                    @{ 'mip6.mhtype' = 16; 'mip6.bri_br.type' = 2; 'mip6.bri_seqnr' = $Message.SequenceNumber; 'mip6.bri_status' = [int] $Message.Status
                        'mip6.bri_ap' = [int] $Message.ProxyBinding; 'mip6.bri_av' = [int] $Message.IPv4HomeAddressBindingOnly; 'mip6.bri_ag' = [int] $Message.Global
                    }
                }
                IcmpV4RouterSolicitation { @{ 'icmp.type' = 10 } }
                IcmpV4RouterAdvertisement {
                    $said, $lengths = $Message.Extensions.ForEach{ $_ }
                    $row = @{ 'icmp.type' = 9; 'icmp.lifetime' = $Message.Lifetime; 'icmp.mip.seq' = $said.SequenceNumber; 'icmp.mip.life' = $said.RegistrationLifetime
                        'icmp.mip.b' = [int] $said.Busy; 'icmp.mip.h' = [int] $said.HomeAgent; 'icmp.mip.f' = [int] $said.ForeignAgent
                    }
                    if ($said.CareOfAddresses.Count) { $row['icmp.mip.coa'] = $said.CareOfAddresses -join ',' }
                    if ($lengths.PrefixLengths.Length) { $row['icmp.mip.prefixlength'] = $lengths.PrefixLengths -join ',' }
                    $row
                }
                Heartbeat {
                    @{ 'mip6.mhtype' = 13; 'mip6.hb.seqnr' = $Message.SequenceNumber; 'mip6.hb.u_flag' = [int] $Message.Unsolicited; 'mip6.hb.r_flag' = [int] $Message.Response }
                }
            }
            foreach ($option in $Message.Options) {
                $octets = [byte[]]::new($option.GetLength())
                $null = $option.Write($octets)
                $name = "mip6.options.$($options[[int] $option.Type])"
                $row[$name] = (@($row[$name]) + [Convert]::ToHexString($octets).ToLowerInvariant()).Where{ $_ } -join ','
            }
            ($row.Keys | Sort-Object | ForEach-Object { "$_=$($row[$_])" }) -join ' '
        }
    }

    It 'sees the same messages, triggers, statuses, flags and options in every capture, and nothing malformed' -TestCases @{ Procedures = $procedures } {
        if (-not $tshark) { Set-ItResult -Skipped -Because 'there is no tshark here'; return }
        foreach ($procedure in $Procedures) {
            (Invoke-DsmipProcedure $procedure.Name -Seed 7 -OutputPath $TestDrive/judged).Outcome | Should -Be Passed
        }
        $frames = @(ConvertFrom-DsmipPacket -Path $TestDrive/judged/*.pcapng -MobileIPv4Port 4340 | Where-Object { $_.Octets.ToString() -notlike '*50524f42*' })
        $frames | ConvertTo-DsmipPacket -Path $TestDrive/all.pcapng

        $names = 'mip.type', 'mip.life', 'mip.code', 'mip6.mhtype', 'mip6.bu.seqnr', 'mip6.bu.lifetime', 'mip6.bu.p_flag', 'mip6.ba.seqnr', 'mip6.ba.lifetime',
            'mip6.ba.status', 'mip6.ba.p_flag', 'mip6.bri_br.type', 'mip6.bri_seqnr', 'mip6.bri_r.trigger', 'mip6.bri_status', 'mip6.bri_ip', 'mip6.bri_iv', 'mip6.bri_ig',
            'mip6.bri_ap', 'mip6.bri_av', 'mip6.bri_ag', 'mip6.hb.seqnr', 'mip6.hb.u_flag', 'mip6.hb.r_flag',
            'icmp.type', 'icmp.lifetime', 'icmp.mip.seq', 'icmp.mip.life', 'icmp.mip.b', 'icmp.mip.h', 'icmp.mip.f', 'icmp.mip.coa', 'icmp.mip.prefixlength', '_ws.malformed', '_ws.expert.message' +
            $options.Values.ForEach{ "mip6.options.$_" } | Sort-Object
        $rows = @(& $tshark -n -r $TestDrive/all.pcapng -d udp.port==4340,mip -T fields -E 'separator=;' -E 'aggregator=,' $names.ForEach{ '-e'; $_ } 2>$null)
        $LASTEXITCODE | Should -Be 0
        $rows.Count | Should -Be $frames.Count

        $differences = for ($number = 0; $number -lt $rows.Count; $number++) {
            # Later versions of tshark write flags as words.
            $values = $rows[$number] -creplace '\bTrue\b', '1' -creplace '\bFalse\b', '0' -split ';'
            $theirs = (0..($names.Count - 1)).Where{ $values[$_] }.ForEach{ "$($names[$_])=$($values[$_])" } -join ' '
            # What RFC 5944, 2.1 and 2.2 want, tshark finds worth a note.
            if ($frames[$number].Message.GetType().Name -like 'IcmpV4Router*') { $theirs = $theirs -creplace '_ws\.expert\.message="Time To Live" only 1 ?' }
            $ours = Get-Expected $frames[$number].Message
            if ($theirs -cne $ours) { "$($frames[$number].Summary)`n  tshark: $theirs`n  ours:   $ours" }
        }
        $differences | Should -BeNullOrEmpty
        $kinds = $frames | Group-Object { $_.Message.GetType().Name } | ForEach-Object { "$($_.Count) $($_.Name)" }
        $version = (& $tshark --version 2>$null)[0] -replace ' \(.*'
        Write-Host "$version agrees on $($frames.Count) messages of $($Procedures.Count) procedures: $($kinds -join ', ')"
    }
}
