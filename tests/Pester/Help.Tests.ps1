# docs/ConvertTo-Maml.ps1 over a small module of its own, laid out like this one: the generator is held here, the pages by the build.

BeforeAll {
    . $PSScriptRoot/PowerShellProcess.ps1
    $generator = (Resolve-Path $PSScriptRoot/../../docs/ConvertTo-Maml.ps1).Path

    function New-SampleModule([string] $Name, [string] $Code) {
        $path = Join-Path $TestDrive $Name
        foreach ($folder in 'module/bin', 'cmdlets', 'about') { $null = New-Item (Join-Path $path $folder) -ItemType Directory }
        Set-Content $path/module/bin/Commands.psm1 $Code
        Set-Content $path/module/$Name.psm1 "Import-Module `$PSScriptRoot/bin/Commands.psm1; Export-ModuleMember -Function *"
        New-ModuleManifest $path/$Name.psd1 -RootModule module/$Name.psm1 -FunctionsToExport *
        $path
    }

    function Invoke-Generator([string] $Path, [string] $Name) {
        Invoke-PowerShellProcess -File $generator -WorkingDirectory $Path -ArgumentList @(
            '-Module', "./$Name.psd1", '-CmdletPath', 'cmdlets', '-AboutPath', 'about',
            '-OutputPath', 'module/bin/en-US', '-FileName', 'Commands.psm1-Help.xml')
    }
}

Describe 'Help made from a page' {
    BeforeAll {
        $path = New-SampleModule SampleHelp @'
# .ExternalHelp Commands.psm1-Help.xml
function Invoke-Sample {
    [CmdletBinding(DefaultParameterSetName = 'ByName', SupportsShouldProcess)]
    [OutputType([int])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'ByName')][SupportsWildcards()][Alias('Nai')][string[]] $Name,
        [Parameter(Mandatory, ValueFromPipelineByPropertyName, ParameterSetName = 'ByAddress')][ipaddress] $Address,
        [ValidateSet('Simulated', 'Loopback')][string] $World,
        [Nullable[int]] $Port,
        [switch] $Force
    )
}
'@
        Set-Content $path/cmdlets/Invoke-Sample.md @'
# Invoke-Sample

## Synopsis

Does a thing to *named* things.

## Description

Takes `mn*@example.com`,
on two lines. See [RFC 5846](https://www.rfc-editor.org/rfc/rfc5846) and [the other](Other.md).

- one **bold** point

## Parameters

### -Name

Whom.

### -Address

Where.

### -World

Which.

### -Port

A port.

Default: 5436, or what
the agent says

### -Force

Does not ask.

## Examples

### Once

```powershell
Invoke-Sample mn1@example.com |
    Sort-Object
```

```text
# Peer
  127.0.0.11
```

That was one.

## Inputs

### System.String

Names.

## Outputs

### Int32

A number.

## Notes

Beware.

## Links

- [RFC 5846](https://www.rfc-editor.org/rfc/rfc5846)
- Get-Item
'@
        Set-Content $path/about/about_SampleHelp.md @'
# about_SampleHelp

## Short description

What a sample is.

## Long description

It is a `thing` that is long enough, counted in words and letters, to need more than one line.

### Detail

1. one

```powershell
  Invoke-Sample
```
'@
        $run = Invoke-Generator $path SampleHelp
        Import-Module $path/SampleHelp.psd1
        $help = Get-Help Invoke-Sample
    }

    AfterAll {
        Remove-Module SampleHelp -ErrorAction Ignore
    }

    It 'is made without complaint' {
        $run.Error | Should -BeNullOrEmpty
        $run.Output.Trim() | Should -BeExactly 'Help: 1 cmdlets and 1 topics in module/bin/en-US'
        $run.ExitCode | Should -Be 0
    }

    It 'has plain text where the page has marks' {
        $help.Synopsis | Should -BeExactly 'Does a thing to named things.'
        $help.description.Text.Trim() | Should -BeExactly @(
            'Takes mn*@example.com, on two lines. See RFC 5846 (https://www.rfc-editor.org/rfc/rfc5846) and the other.'
            '- one bold point')
    }

    It 'takes <Property> of -<Name> from the command' -ForEach @(
        @{ Name = 'Name'; Property = 'parameterValue'; Value = 'String[]' }
        @{ Name = 'Name'; Property = 'aliases'; Value = 'Nai' }
        @{ Name = 'Name'; Property = 'required'; Value = 'true' }
        @{ Name = 'Name'; Property = 'position'; Value = '0' }
        @{ Name = 'Name'; Property = 'globbing'; Value = 'true' }
        @{ Name = 'Name'; Property = 'pipelineInput'; Value = 'True (ByValue)' }
        @{ Name = 'Address'; Property = 'pipelineInput'; Value = 'True (ByPropertyName)' }
        @{ Name = 'Port'; Property = 'parameterValue'; Value = 'Int32' }
        @{ Name = 'Force'; Property = 'defaultValue'; Value = 'False' }
    ) {
        (Get-Help Invoke-Sample -Parameter $Name).$Property | Should -BeExactly $Value
    }

    It 'adds possible values, the default of the page, and what every command has' {
        (Get-Help Invoke-Sample -Parameter World).description.Text.Trim() | Should -BeExactly 'Which.', 'Possible values: Simulated, Loopback'
        (Get-Help Invoke-Sample -Parameter Port).defaultValue | Should -BeExactly '5436, or what the agent says'
        (Get-Help Invoke-Sample -Parameter WhatIf).description.Text | Should -Match 'does nothing'
    }

    It 'shows one line of syntax for each parameter set' {
        $syntax = ($help.syntax | Out-String -Width 300) -split '\r?\n' -ne ''
        $syntax.Trim() | Should -BeExactly @(
            'Invoke-Sample [-Name] <String[]> [-World {Simulated | Loopback}] [-Port <Int32>] [-Force] [-WhatIf] [-Confirm] [<CommonParameters>]'
            'Invoke-Sample -Address <IPAddress> [-World {Simulated | Loopback}] [-Port <Int32>] [-Force] [-WhatIf] [-Confirm] [<CommonParameters>]')
    }

    It 'keeps code and output as they are' {
        $help.examples.example.code | Should -BeExactly "Invoke-Sample mn1@example.com |`n    Sort-Object"
        $help.examples.example.remarks.Text.TrimEnd() | Should -BeExactly "# Peer`n  127.0.0.11", 'That was one.', ''
    }

    It 'names inputs, outputs and links' {
        $help.inputTypes.inputType.type.name | Should -BeExactly 'System.String'
        $help.returnValues.returnValue.type.name | Should -BeExactly 'Int32'
        $help.relatedLinks.navigationLink.linkText | Should -BeExactly 'RFC 5846', 'Get-Item'
        $help.alertSet.alert.Text.Trim() | Should -BeExactly 'Beware.'
    }

    It 'is found for a topic too, with its synopsis' {
        (Get-Help about_SampleHelp).Trim() -split '\r?\n' | Should -BeExactly @(
            'TOPIC', '    about_SampleHelp', '', 'SHORT DESCRIPTION', '    What a sample is.', '', 'LONG DESCRIPTION'
            '    It is a thing that is long enough, counted in words and letters, to need'
            '    more than one line.', '', '  Detail', '    1. one', '', '          Invoke-Sample')
    }
}

Describe 'A page that is wrong' {
    BeforeAll {
        $names = 'Missing', 'Unknown', 'Unwritten', 'Section', 'Order', 'NoExample', 'BadExample', 'Output', 'Title'
        $path = New-SampleModule SampleFaults (($names | ForEach-Object {
                    "function Invoke-$_ { [CmdletBinding()] [OutputType([string])] param([string] `$First, [string] `$Second) }"
                }) -join "`n")

        function Set-Page([string] $Name, [scriptblock] $Change) {
            $text = "# Invoke-$Name", '## Synopsis', 'Text.', '## Description', 'Text.', '## Parameters', '### -First', 'Text.', '### -Second', 'Text.',
                '## Examples', '### One', '```powershell', "Invoke-$Name -Sec 1", '```', '## Outputs', '### System.String', 'Text.' -join "`n"
            Set-Content $path/cmdlets/Invoke-$Name.md ($text | ForEach-Object $Change)
        }
        Set-Page Unknown { $_ -replace '### -Second', "### -Third" }
        Set-Page Unwritten { $_ -replace '(### -Second)\nText\.', '$1' }
        Set-Page Section { $_ -replace '## Outputs', "## Remarks`n## Outputs" }
        Set-Page Order { $_ -replace '(## Synopsis\nText\.)\n(## Description\nText\.)', "`$2`n`$1" }
        Set-Page NoExample { $_ -replace '### One(.|\n)*```\n' }
        Set-Page BadExample { $_ -replace 'Invoke-BadExample -Sec 1', "Invoke-BadExample -Third 1`nif (" }
        Set-Page Output { $_ -replace 'System.String', 'System.Int32' }
        Set-Page Title { $_ -replace '# Invoke-Title', '# Invoke-Titel' }
        Set-Page Stale { $_ }
        Set-Content $path/about/about_Wrong.md "# about_Wrong`n`n## Long description`n`nText.`n"

        $run = Invoke-Generator $path SampleFaults
    }

    It 'fails the build, and leaves nothing half made' {
        $run.ExitCode | Should -Be 1
        $run.Output | Should -BeNullOrEmpty
        "$path/module/bin/en-US" | Should -Not -Exist
    }

    It 'is named with its line: <_>' -ForEach @(
        'cmdlets/Invoke-Missing.md:1: cmdlet Invoke-Missing has no page'
        "cmdlets/Invoke-Unknown.md:9: Invoke-Unknown has no parameter '-Third' (a heading is '### -Name')"
        'cmdlets/Invoke-Unknown.md:6: -Second is not documented'
        'cmdlets/Invoke-Unwritten.md:9: -Second has no text'
        "cmdlets/Invoke-Section.md:16: there is no section 'Remarks'; sections are Synopsis, Description, Parameters, Examples, Inputs, Outputs, Notes, Links"
        "cmdlets/Invoke-Order.md:4: section 'Synopsis' is out of order; the order is Synopsis, Description, Parameters, Examples, Inputs, Outputs, Notes, Links"
        "cmdlets/Invoke-NoExample.md:11: an example starts with '### Title', and there is none"
        'cmdlets/Invoke-BadExample.md:14: Invoke-BadExample has no parameter -Third'
        'cmdlets/Invoke-BadExample.md:15: '
        'cmdlets/Invoke-Output.md:16: output type System.String is not documented'
        "cmdlets/Invoke-Title.md:1: the page starts with one heading '# Invoke-Title' and goes on with '## Synopsis'"
        'cmdlets/Invoke-Stale.md:1: there is no cmdlet Invoke-Stale'
        "about/about_Wrong.md:1: the page starts with '# about_Wrong', then '## Short description' with one paragraph"
    ) {
        $expected = $_
        @($run.Error -split '\r?\n').Where({ $_.StartsWith($expected) }) | Should -HaveCount 1 -Because $run.Error
    }
}

Describe 'The default of a parameter' {
    BeforeAll {
        . $PSScriptRoot/Session.ps1
        Import-TestModule
    }

    AfterAll { Remove-Module DsmipTools }

    It 'of <Command> -<Name> is <Value>' -ForEach @(
        @{ Command = 'New-DsmipLocalMobilityAnchor'; Name = 'MaximumRetries'; Value = '1' }
        @{ Command = 'New-DsmipLocalMobilityAnchor'; Name = 'PrefixPool'; Value = 'None' }
        @{ Command = 'New-DsmipLocalMobilityAnchor'; Name = 'GlobalRevocation'; Value = 'None' }
        @{ Command = 'Set-DsmipAgent'; Name = 'MaximumRetries'; Value = 'None' }
        @{ Command = 'Set-DsmipAgent'; Name = 'RevokesOnHandover'; Value = 'None' }
        @{ Command = 'Set-DsmipAgent'; Name = 'PermitRevocation'; Value = 'False' }
        @{ Command = 'Invoke-BindingRevocation'; Name = 'MaxRetries'; Value = "the initiator's own" }
    ) {
        (Get-Help $Command -Parameter $Name).defaultValue | Should -BeExactly $Value
    }
}
