# docs/guides: what a newcomer types works, and shows what the guide says that it shows. Tunnels.Tests.ps1 has the guide that needs two hosts,
# Labs.Tests.ps1 that which needs root.

BeforeDiscovery {
    $root = (Resolve-Path $PSScriptRoot/../..).Path
    $guides = @(Get-ChildItem $root/docs/guides -Filter *.md | Where-Object BaseName -NotIn tunnels-by-hand, namespace-labs | ForEach-Object { @{ Name = $_.BaseName; Path = $_.FullName } })
}

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $root = (Resolve-Path $PSScriptRoot/../..).Path
}

Describe 'The guide <Name>' -ForEach $guides {
    BeforeAll {
        $folder = New-Item (Join-Path $TestDrive $Name) -ItemType Directory
        Copy-Item $root/docs/guides/* -Destination $folder -Exclude *.md -Recurse
        $run = Invoke-PowerShellProcess -WorkingDirectory $root "& ./tests/Pester/Guide.ps1 -Path '$Path' -ResultPath '$folder/result.json'"
        $blocks = @(Get-Content "$folder/result.json" -Raw -ErrorAction Ignore | ConvertFrom-Json)
    }

    It 'runs to its end' {
        $run.Error | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
        $blocks.Count | Should -BeGreaterThan 3
    }

    It 'shows what it says' {
        $wrong = @($blocks | Where-Object { $_.Says.Trim("`n") -cne $_.Shows.Trim("`n") })
        $wrong | ForEach-Object { "$($_.Code)`n--- says`n$($_.Says)`n--- shows`n$($_.Shows)" } | Should -BeNullOrEmpty
    }
}
