# What the module leaves behind when it is removed: nothing.

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    $start = "
        Import-Module '$root/DsmipTools.psd1'
        `$null = New-DsmipLocalMobilityAnchor lma1 127.31.80.10 -PrefixPool 2001:db8:100::/40 -Start
        function Test-Address { try { [Net.Sockets.UdpClient]::new([Net.IPEndPoint]::new([ipaddress]'127.31.80.10', 5436)).Dispose(); 'free' } catch { 'taken' } }"
}

Describe 'Remove-Module' {
    It 'stops agents and gives their addresses back' {
        $run = Invoke-PowerShellProcess "$start
            Test-Address
            Remove-Module DsmipTools
            Test-Address
            Import-Module '$root/DsmipTools.psd1'
            @(Get-DsmipAgent).Count"
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() -split '\r?\n' | Should -BeExactly taken, free, 0
    }

    It 'leaves the agents to the other runspaces of the process' {
        $run = Invoke-PowerShellProcess "$start
            `$other = [powershell]::Create().AddScript(`"Import-Module '$root/DsmipTools.psd1'; (Get-DsmipAgent).Name; Remove-Module DsmipTools`")
            `$other.Invoke()
            Test-Address
            (Get-DsmipAgent).State
            Remove-Module DsmipTools
            Test-Address"
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() -split '\r?\n' | Should -BeExactly lma1, taken, Running, free
    }

    It 'may be forgotten: the process ends all the same' {
        $run = Invoke-PowerShellProcess "$start; 'done'" -TimeoutSeconds 60
        $run.Output.Trim() | Should -BeExactly done
        $run.ExitCode | Should -Be 0
    }
}
