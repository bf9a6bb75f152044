# build.ps1 in a scratch copy of the checkout, with a stand-in for dotnet: its own tests must not build and test everything again.
# What build.sh does is held by BuildScriptTests (xunit), which runs without PowerShell too.

BeforeDiscovery {
    $noBash = $IsWindows -or -not (Get-Command bash -ErrorAction Ignore)
}

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $root = (Resolve-Path $PSScriptRoot/../..).Path

    function New-Checkout {
        $path = Join-Path $TestDrive ([guid]::NewGuid())
        foreach ($folder in 'bin', 'docs', 'tests/Pester', 'results') { $null = New-Item (Join-Path $path $folder) -ItemType Directory }
        Copy-Item $root/build.ps1, $root/DsmipTools.psd1, $root/module, $root/LICENSE $path -Recurse
        Copy-Item $root/tests/Pester/Invoke-Suite.ps1 $path/tests/Pester
        Set-Content $path/tests/HostState.ps1 "[pscustomobject]@{ Name = 'links'; Lines = @('lo') }"
        Copy-Item $root/docs/ConvertTo-Maml.ps1, $root/docs/cmdlets, $root/docs/about $path/docs -Recurse
        Set-Content $path/README.md '# DsmipTools'
        # What publish would leave is what this checkout's own build left.
        Set-Content $path/bin/dotnet @"
#!/bin/bash
echo "`$*" >>'$path/calls'
case `$1 in
build) exit `${BUILD_EXIT:-0} ;;
publish) mkdir -p out/publish && cp '$root'/module/bin/DsmipTools*.dll out/publish ;;
test) mkdir -p out/test-results && cp results/*.trx out/test-results; exit `${TEST_EXIT:-0} ;;
esac
"@
        chmod +x $path/bin/dotnet
        $path
    }

    function Set-Result([string] $Checkout, [hashtable] $Tests) {
        $results = foreach ($name in $Tests.Keys) {
            $outcome, $message = $Tests[$name] -split ': ', 2
            "<UnitTestResult testName='$name' outcome='$outcome'>$($message ? "<Output><ErrorInfo><Message>$message</Message></ErrorInfo></Output>" : '')</UnitTestResult>"
        }
        Set-Content $Checkout/results/xunit.trx "<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'><Results>$results</Results></TestRun>"
    }

    function Set-PesterTest([string] $Checkout, [string] $Text) { Set-Content $Checkout/tests/Pester/One.Tests.ps1 $Text }

    function Invoke-Build([string] $Checkout, [string[]] $Task, [hashtable] $Environment = @{}) {
        $variables = @{ PATH = "$Checkout/bin$([IO.Path]::PathSeparator)$env:PATH" } + $Environment
        Invoke-PowerShellProcess -File $Checkout/build.ps1 -ArgumentList $Task -Environment $variables -WorkingDirectory $TestDrive
    }
}

Describe 'build.ps1 Test' -Skip:$noBash {
    BeforeEach {
        $checkout = New-Checkout
    }

    It 'adds xunit and Pester up, and says what was skipped and why' {
        Set-Result $checkout @{ 'X.Works' = 'Passed'; 'X.Also' = 'Passed'; 'X.Waits' = 'NotExecuted: no tshark' }
        Set-PesterTest $checkout "Describe d { It works { }; It waits { Set-ItResult -Skipped -Because 'no root' }; It rests -Skip { } }"

        $run = Invoke-Build $checkout Test

        $lines = $run.Output.TrimEnd() -split '\r?\n'
        $lines[-1] | Should -BeExactly 'Total: 3 passed, 0 failed, 3 skipped'
        $lines[-4..-2] | Should -BeExactly 'Skipped: X.Waits: no tshark', 'Skipped: d.waits: no root', 'Skipped: d.rests: no reason given'
        $run.ExitCode | Should -Be 0
        Get-Content $checkout/calls | Should -Contain "test DsmipTools.slnx -c Release --no-build --logger trx;LogFilePrefix=xunit --results-directory out/test-results"
    }

    It 'fails with xunit, with Pester, and with a Pester file that cannot run' {
        Set-Result $checkout @{ 'X.Fails' = 'Failed: wrong'; 'X.Works' = 'Passed' }
        Set-PesterTest $checkout "Describe d { It fails { 1 | Should -Be 2 }; It works { } }"
        Set-Content $checkout/tests/Pester/Two.Tests.ps1 'throw "cannot run"'

        $run = Invoke-Build $checkout Test @{ TEST_EXIT = '1' }

        ($run.Output.TrimEnd() -split '\r?\n')[-1] | Should -BeExactly 'Total: 2 passed, 3 failed, 0 skipped'
        $run.ExitCode | Should -Be 1
    }

    It 'fails where no Pester test ran' {
        Set-Result $checkout @{ 'X.Works' = 'Passed' }
        Set-PesterTest $checkout 'Describe d { It rests -Skip { } }'

        $run = Invoke-Build $checkout Test

        $run.Output | Should -Match 'no Pester test ran'
        $run.Output.TrimEnd() | Should -BeLike '*Total: 1 passed, 1 failed, 1 skipped'
        $run.ExitCode | Should -Be 1
    }

    It 'fails where the host is not as before' {
        Set-Result $checkout @{ 'X.Works' = 'Passed' }
        Set-PesterTest $checkout "Describe d { It works { } }"
        Set-Content $checkout/tests/HostState.ps1 "[pscustomobject]@{ Name = 'links'; Lines = @('lo') + @(if (Test-Path out/test-results) { 'dsmip0' }) }"

        $run = Invoke-Build $checkout Test

        $run.Output | Should -Match '(?m)^The host is not as before: links\r?\n  new  dsmip0\r?$'
        $run.Output.TrimEnd() | Should -BeLike '*Total: 2 passed, 1 failed, 0 skipped'
        $run.ExitCode | Should -Be 1
    }

    It 'counts the Pester tests as skipped where Pester cannot be had, and fails' {
        Set-Result $checkout @{ 'X.Works' = 'Passed' }
        Set-PesterTest $checkout "Describe d {`n    It 'is one' { }`n    It 'is two' { }`n}"

        # PowerShell's own modules without Pester, which an administrator may have put among them.
        $modules = (New-Item $checkout/modules -ItemType Directory).FullName
        foreach ($module in Get-ChildItem $PSHOME/Modules -Exclude Pester) { $null = New-Item "$modules/$($module.Name)" -ItemType SymbolicLink -Target $module.FullName }

        # PowerShell adds its own folders to this variable when it starts, so it is set inside.
        $run = Invoke-PowerShellProcess -Environment @{ PATH = "$checkout/bin$([IO.Path]::PathSeparator)$env:PATH" } "
            `$env:PSModulePath = '$modules'
            & '$checkout/build.ps1' Test"

        $run.Output.TrimEnd() | Should -BeLike '*Skipped: 2 Pester tests: no Pester 5 here, and none to be installed*Total: 1 passed, 1 failed, 2 skipped'
        $run.ExitCode | Should -Be 1
    }

    It 'stops with one line where the build fails' {
        $run = Invoke-Build $checkout Test @{ BUILD_EXIT = '3' }

        $run.Error.Trim() | Should -BeExactly 'build.ps1: dotnet build ended with exit code 3'
        $run.Output | Should -Not -Match 'Total:'
        $run.ExitCode | Should -Be 1
    }
}

Describe 'build.ps1 Demo and Bench' -Skip:$noBash {
    It 'runs the demonstration of the built module, and ends as it ends' {
        $checkout = New-Checkout
        $null = New-Item $checkout/docs/examples -ItemType Directory
        Set-Content $checkout/docs/examples/demo.ps1 '"demonstrated"; exit 5'

        $run = Invoke-Build $checkout Demo

        $run.Output.TrimEnd() | Should -BeLike '*demonstrated'
        $run.ExitCode | Should -Be 5
        "$checkout/module/bin/DsmipTools.PowerShell.dll" | Should -Exist
    }

    It 'passes arguments to the benchmarks' {
        $checkout = New-Checkout

        (Invoke-Build $checkout Bench, --filter, Parse*).ExitCode | Should -Be 0

        Get-Content $checkout/calls -Tail 1 | Should -BeExactly 'run --project tests/Benchmarks -c Release -- --filter Parse*'
    }
}

Describe 'build.ps1 Package' -Skip:$noBash {
    It 'makes a module that imports by itself' {
        $checkout = New-Checkout
        $version = (Import-PowerShellDataFile $root/DsmipTools.psd1).ModuleVersion

        (Invoke-Build $checkout Package).ExitCode | Should -Be 0

        $package = Join-Path $TestDrive moved DsmipTools $version
        $null = New-Item (Split-Path $package) -ItemType Directory
        Move-Item $checkout/out/DsmipTools/$version $package
        $run = Invoke-PowerShellProcess "`$ErrorActionPreference = 'Stop'; (Import-Module '$package/DsmipTools.psd1' -PassThru).ModuleBase"
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeExactly $package
        (Get-ChildItem $package | Sort-Object Name).Name | Should -Be 'DsmipTools.psd1', 'LICENSE', 'module', 'README.md'
        Get-Content $checkout/calls | Should -Contain 'pack src/DsmipTools -c Release -o out'
    }
}

Describe 'The built checkout' {
    It 'imports without error, and goes without trace' {
        $run = Invoke-PowerShellProcess "
            `$ErrorActionPreference = 'Stop'
            Import-Module '$root/DsmipTools.psd1'
            Remove-Module DsmipTools
            @(Get-Module DsmipTools*).Count"

        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeExactly '0'
    }

    It 'says what to do where it was never built' {
        $path = Join-Path $TestDrive unbuilt
        $null = New-Item $path/module -ItemType Directory
        Copy-Item $root/DsmipTools.psd1 $path
        Copy-Item $root/module/*.ps* $path/module

        $run = Invoke-PowerShellProcess "Import-Module '$path/DsmipTools.psd1'"

        $run.Error | Should -Match 'DsmipTools is not built: .* Run ./build.sh first\.'
    }

    It 'has one version for the module and the assemblies' {
        [string] ([xml] (Get-Content $root/Directory.Build.props -Raw)).Project.PropertyGroup.Version |
            Should -BeExactly (Import-PowerShellDataFile $root/DsmipTools.psd1).ModuleVersion
    }

    It 'shows the help of its pages' {
        $run = Invoke-PowerShellProcess "
            `$ErrorActionPreference = 'Stop'
            foreach (`$command in (Import-Module '$root/DsmipTools.psd1' -PassThru).ExportedCommands.Values) {
                if (-not (Get-Help `$command.Name).description) { `$command.Name }
            }"

        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeNullOrEmpty
    }
}
