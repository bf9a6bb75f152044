#requires -Version 7.6
using namespace System.Collections.Generic
using namespace System.Management.Automation
using namespace System.Management.Automation.Language
using namespace System.Xml.Linq
<#
.SYNOPSIS
    Makes a module's help files from the Markdown pages in docs/cmdlets and docs/about.
.DESCRIPTION
    What a page must look like is told in docs/design/help.md. Types, parameter sets, aliases, pipeline input and defaults are
    taken from the module itself, so a page cannot contradict them. Each disagreement between the pages and the module is
    written to standard error as FILE:LINE: MESSAGE, and any one makes the exit code 1.
.EXAMPLE
    pwsh -NoProfile -File docs/ConvertTo-Maml.ps1 -Module ./DsmipTools.psd1 -OutputPath module/bin/en-US
#>
[CmdletBinding()]
param(
    # The module that the pages describe: a manifest, or anything else that Import-Module takes.
    [Parameter(Mandatory)][string] $Module,
    [Parameter(Mandatory)][string] $OutputPath,
    [string] $CmdletPath = (Join-Path $PSScriptRoot 'cmdlets'),
    [string] $AboutPath = (Join-Path $PSScriptRoot 'about'),
    # Get-Help looks for the name of the file that holds the cmdlets, with this ending.
    [string] $FileName = 'DsmipTools.PowerShell.dll-Help.xml'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

trap {
    # Run with -File, PowerShell names no place for what goes wrong.
    [Console]::Error.WriteLine("$_`n$($_.ScriptStackTrace)")
    exit 1
}

$Sections = 'Synopsis', 'Description', 'Parameters', 'Examples', 'Inputs', 'Outputs', 'Notes', 'Links'
$SupplementaryText = @{
    WhatIf  = 'Shows what would happen, and does nothing.'
    Confirm = 'Asks before doing anything.'
}
$CommonParameters = [Cmdlet]::CommonParameters + [Cmdlet]::OptionalCommonParameters.Where({ $_ -notin $SupplementaryText.Keys })

$maml = [XNamespace] 'http://schemas.microsoft.com/maml/2004/10'
$command = [XNamespace] 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$dev = [XNamespace] 'http://schemas.microsoft.com/maml/dev/2004/10'

$problems = [List[string]]::new()
function Add-Problem([string] $File, [int] $Line, [string] $Message) {
    $problems.Add("$([IO.Path]::GetRelativePath($PWD.ProviderPath, $File)):${Line}: $Message")
}

#region Reading Markdown

# A page as headings and blocks. A block is a paragraph, a list item, a table or a fence, with its first line's number.
class Block {
    [string] $Kind      # Paragraph, Item, Table, Fence
    [string] $Language  # of a fence
    [List[string]] $Lines = [List[string]]::new()
    [int] $Line
    Block([string] $kind, [int] $line) { $this.Kind = $kind; $this.Line = $line }
}

class Section {
    [string] $Title
    [int] $Level
    [int] $Line
    [List[Block]] $Blocks = [List[Block]]::new()
    [List[Section]] $Children = [List[Section]]::new()
    Section([string] $title, [int] $level, [int] $line) { $this.Title = $title; $this.Level = $level; $this.Line = $line }
}

function Read-Page([string] $File) {
    $root = [Section]::new('', 0, 1)
    $path = [Stack[Section]]::new()
    $path.Push($root)
    $block = $null
    $fence = $null
    $number = 0
    foreach ($line in [IO.File]::ReadAllLines($File)) {
        $number++
        if ($fence) {
            if ($line.TrimEnd() -eq '```') { $fence = $null } else { $fence.Lines.Add($line) }
            continue
        }
        switch -Regex ($line) {
            '^(#{1,4}) +(.+?) *$' {
                $level = $Matches[1].Length
                while ($path.Peek().Level -ge $level) { $null = $path.Pop() }
                $section = [Section]::new($Matches[2], $level, $number)
                $path.Peek().Children.Add($section)
                $path.Push($section)
                $block = $null
                break
            }
            '^```(\S*) *$' {
                $fence = [Block]::new('Fence', $number)
                $fence.Language = $Matches[1]
                $path.Peek().Blocks.Add($fence)
                $block = $null
                break
            }
            '^\s*$' { $block = $null; break }
            '^\s*([-*]|\d+\.) +' { $block = [Block]::new('Item', $number); $path.Peek().Blocks.Add($block); $block.Lines.Add($line.TrimEnd()); break }
            default {
                $kind = $line.StartsWith('|') ? 'Table' : 'Paragraph'
                if (-not $block -or ($kind -eq 'Table') -ne ($block.Kind -eq 'Table')) {
                    $block = [Block]::new($kind, $number)
                    $path.Peek().Blocks.Add($block)
                }
                $block.Lines.Add($line.TrimEnd())
            }
        }
    }
    if ($fence) { Add-Problem $File $fence.Line 'this code block has no end' }
    $root
}

# Markdown's inline marks mean nothing in a console: code keeps its text as it is, links and emphasis keep their words.
function ConvertTo-PlainText([string] $Text) {
    $pieces = [regex]::Split($Text, '`([^`]*)`')
    for ($i = 0; $i -lt $pieces.Count; $i += 2) {
        $piece = [regex]::Replace($pieces[$i], '\[([^\]]+)\]\(([^)]+)\)', { param($m) $m.Groups[2].Value -match '^https?:' ? "$($m.Groups[1]) ($($m.Groups[2]))" : $m.Groups[1].Value })
        $piece = $piece -replace '\*\*(.+?)\*\*', '$1' -replace '(?<![\w*])\*(?=\S)([^*]+?)(?<=\S)\*(?![\w*])', '$1'
        $pieces[$i] = $piece -replace '\\([\\`*_{}\[\]<>()#+.!|-])', '$1'
    }
    -join $pieces
}

function Get-BlockText([Block] $Block) {
    switch ($Block.Kind) {
        { $_ -in 'Fence', 'Table' } { $Block.Lines -join "`n" }
        default { ConvertTo-PlainText (($Block.Lines | ForEach-Object Trim) -join ' ') }
    }
}

#endregion
#region Writing MAML

function New-Element([XName] $Name, [object[]] $Content) { [XElement]::new($Name, $Content) }

# Get-Help trims a paragraph, so a code block among the text keeps its inner indentation only behind a first line that has none.
function New-Paragraphs([Block[]] $Blocks) {
    foreach ($block in $Blocks) { New-Element ($maml + 'para') (Get-BlockText $block) }
}

function Get-TypeName([type] $Type) {
    $inner = [Nullable]::GetUnderlyingType($Type)
    if ($inner) { return Get-TypeName $inner }
    if ($Type.IsArray) { return "$(Get-TypeName $Type.GetElementType())[]" }
    if ($Type.IsGenericType) {
        return "$($Type.Name -replace '`.*')<$(($Type.GetGenericArguments() | ForEach-Object { Get-TypeName $_ }) -join ', ')>"
    }
    $Type.Name
}

function Get-PossibleValue([ParameterMetadata] $Parameter) {
    $type = $Parameter.ParameterType.IsArray ? $Parameter.ParameterType.GetElementType() : $Parameter.ParameterType
    $type = [Nullable]::GetUnderlyingType($type) ?? $type
    $set = $Parameter.Attributes.Where({ $_ -is [ValidateSetAttribute] }, 'First')
    if ($set) { $set[0].ValidValues } elseif ($type.IsEnum) { [Enum]::GetNames($type) }
}

# What the cmdlet's own property holds before anything is bound to it. What has to be given has no default, and what a Set command is not given stays as it is.
function Get-DefaultValue([CommandInfo] $Info, [ParameterMetadata] $Parameter) {
    if ($Parameter.ParameterType -eq [switch]) { return 'False' }
    if ($Parameter.ParameterSets.Values.IsMandatory -notcontains $false) { return 'None' }
    if ($Info -isnot [CmdletInfo]) { return $Parameter.ParameterType -eq [bool] ? 'False' : 'None' }
    if ($Info.Verb -eq 'Set') { return 'None' }
    $property = $Info.ImplementingType.GetProperty($Parameter.Name)
    $value = $property ? $property.GetValue([Activator]::CreateInstance($Info.ImplementingType)) : $null
    if ($value -is [Collections.IDictionary] -and $value.Count -eq 0) { return 'None' }
    $text = @($value | ForEach-Object { [string] $_ }) -join ', '
    $text ? $text : 'None'
}

function New-Parameter([CommandInfo] $Info, [ParameterMetadata] $Parameter, [object] $InSet, [Section] $Page, [switch] $Full) {
    $pipeline = @(if ($InSet.ValueFromPipeline) { 'ByValue' }; if ($InSet.ValueFromPipelineByPropertyName) { 'ByPropertyName' })
    $values = @(Get-PossibleValue $Parameter)
    $typeName = Get-TypeName $Parameter.ParameterType
    $isSwitch = $Parameter.ParameterType -eq [switch]
    $default = Get-DefaultValue $Info $Parameter

    $content = @(
        [XAttribute]::new('required', ([string] $InSet.IsMandatory).ToLowerInvariant())
        [XAttribute]::new('variableLength', ([string] $Parameter.ParameterType.IsArray).ToLowerInvariant())
        [XAttribute]::new('globbing', ([string] ($Parameter.Attributes.Where({ $_ -is [SupportsWildcardsAttribute] }).Count -gt 0)).ToLowerInvariant())
        [XAttribute]::new('pipelineInput', ($pipeline ? "True ($($pipeline -join ', '))" : 'False'))
        [XAttribute]::new('position', ($InSet.Position -ge 0 ? [string] $InSet.Position : 'named'))
        [XAttribute]::new('aliases', ($Parameter.Aliases ? $Parameter.Aliases -join ', ' : 'none'))
        New-Element ($maml + 'name') $Parameter.Name
    )
    if ($Full) {
        $blocks = @(if ($Page) { $Page.Blocks } )
        if ($blocks -and $blocks[-1].Lines[0] -match '^Default: *(.+)$') {
            $default = ConvertTo-PlainText ((@($Matches[1]) + @($blocks[-1].Lines | Select-Object -Skip 1)) -join ' ')
            $blocks = @($blocks | Select-Object -SkipLast 1)
        }
        $content += New-Element ($maml + 'description') @(
            if ($Page) { New-Paragraphs $blocks } else { New-Element ($maml + 'para') $SupplementaryText[$Parameter.Name] }
            if ($values) { New-Element ($maml + 'para') "Possible values: $($values -join ', ')" }
        )
    }
    # In the syntax, a switch stands without a value and a short choice stands with its values.
    if (-not $Full -and $values -and $values.Count -le 8) {
        $content += New-Element ($command + 'parameterValueGroup') @(foreach ($value in $values) { New-Element ($command + 'parameterValue') $value })
    }
    elseif ($Full -or -not $isSwitch) {
        $content += New-Element ($command + 'parameterValue') @([XAttribute]::new('required', ([string] -not $isSwitch).ToLowerInvariant()), $typeName)
    }
    if ($Full) {
        $content += New-Element ($dev + 'defaultValue') $default
    }
    New-Element ($command + 'parameter') $content
}

function New-SyntaxItem([CommandInfo] $Info, [CommandParameterSetInfo] $Set) {
    $own = $Set.Parameters.Where({ $_.Name -notin $CommonParameters })
    $ordered = @(
        $own | Where-Object Position -GE 0 | Sort-Object Position
        $own | Where-Object { $_.Position -lt 0 -and $_.IsMandatory }
        $own | Where-Object { $_.Position -lt 0 -and -not $_.IsMandatory -and $_.Name -notin $SupplementaryText.Keys }
        $own | Where-Object { $_.Name -in $SupplementaryText.Keys }
    )
    New-Element ($command + 'syntaxItem') @(
        New-Element ($maml + 'name') $Info.Name
        foreach ($parameter in $ordered) { New-Parameter $Info $Info.Parameters[$parameter.Name] $parameter }
    )
}

function New-Example([CommandInfo] $Info, [Section] $Page, [int] $Number, [string] $File) {
    $code = $Page.Blocks.Where({ $_.Kind -eq 'Fence' -and $_.Language -eq 'powershell' })
    $output = $Page.Blocks.Where({ $_.Kind -eq 'Fence' -and $_.Language -eq 'text' })
    if ($code.Count -ne 1 -or $output.Count -gt 1 -or $Page.Blocks.Where({ $_.Kind -eq 'Fence' }).Count -ne $code.Count + $output.Count) {
        Add-Problem $File $Page.Line 'an example has one ```powershell block, and at most one ```text block with its output'
        return
    }
    Test-Example $Info $code[0] $File
    New-Element ($command + 'example') @(
        New-Element ($maml + 'title') "--- Example ${Number}: $(ConvertTo-PlainText $Page.Title) ---"
        New-Element ($dev + 'code') ($code[0].Lines -join "`n")
        # Get-Help shows output of its own kind (dev:results) without a line between it and the code.
        New-Element ($dev + 'remarks') @(
            New-Paragraphs (@($output) + @($Page.Blocks.Where({ $_.Kind -ne 'Fence' })))
            New-Element ($maml + 'para') ''
        )
    )
}

# An example must be PowerShell, call its cmdlet, and use parameters that exist.
function Test-Example([CommandInfo] $Info, [Block] $Code, [string] $File) {
    $tokens = $errors = $null
    $ast = [Parser]::ParseInput($Code.Lines -join "`n", [ref] $tokens, [ref] $errors)
    foreach ($item in $errors) { Add-Problem $File ($Code.Line + $item.Extent.StartLineNumber) $item.Message }
    $calls = @($ast.FindAll({ param($node) $node -is [CommandAst] }, $true))
    if (@($calls | ForEach-Object { $_.GetCommandName() }) -notcontains $Info.Name) { Add-Problem $File $Code.Line "this example does not call $($Info.Name)" }
    foreach ($call in $calls) {
        $target = $commands | Where-Object Name -EQ $call.GetCommandName()
        # Behind -- are arguments, whatever they look like.
        $elements = $call.CommandElements.Where({ $_.Extent.Text -eq '--' }, 'Until')
        foreach ($element in $target ? $elements.Where({ $_ -is [CommandParameterAst] }) : @()) {
            try { $null = $target.ResolveParameter($element.ParameterName) }
            catch {
                # Some cmdlets have further parameters, by the value of another one.
                $values = @($call.CommandElements.Where({ $_ -is [ConstantExpressionAst] }) | Select-Object -Skip 1 | ForEach-Object Value)
                $dynamic = @($values | ForEach-Object { (Get-Command $target.Name -ArgumentList $_ -ErrorAction Ignore).Parameters.Values | Where-Object IsDynamic })
                if ($element.ParameterName -notin @($dynamic | ForEach-Object { $_.Name; $_.Aliases })) {
                    Add-Problem $File ($Code.Line + $element.Extent.StartLineNumber) "$($target.Name) has no parameter -$($element.ParameterName)"
                }
            }
        }
    }
}

function New-TypeList([XName] $List, [XName] $Item, [Section] $Page, [string] $File) {
    if (-not $Page) { return }
    if ($Page.Blocks) { Add-Problem $File $Page.Blocks[0].Line "text under '## $($Page.Title)' belongs under a heading '### Type.Name' (or '### None')" }
    New-Element $List @(foreach ($type in $Page.Children) {
            New-Element $Item @(
                New-Element ($dev + 'type') @(New-Element ($maml + 'name') (ConvertTo-PlainText $type.Title))
                New-Element ($maml + 'description') @(New-Paragraphs $type.Blocks)
            )
        })
}

function New-Links([Section] $Page, [string] $File) {
    if (-not $Page) { return }
    New-Element ($command + 'relatedLinks') @(foreach ($block in $Page.Blocks) {
            $text, $uri = switch -Regex ($block.Lines -join ' ') {
                '^- \[([^\]]+)\]\((https?:[^)]+)\)$' { $Matches[1], $Matches[2]; break }
                '^- \[([^\]]+)\]\([^)]+\)$' { $Matches[1], ''; break }
                '^- ([\w-]+)$' { $Matches[1], ''; break }
                default { Add-Problem $File $block.Line 'a link is written "- [text](address)" or "- Name-OfCmdlet"'; '', '' }
            }
            New-Element ($maml + 'navigationLink') @(
                New-Element ($maml + 'linkText') (ConvertTo-PlainText $text)
                New-Element ($maml + 'uri') $uri
            )
        })
}

function New-Command([CommandInfo] $Info, [string] $File) {
    $before = $problems.Count
    $top = (Read-Page $File).Children
    if ($top.Count -ne 1 -or $top[0].Title -cne $Info.Name -or $top[0].Blocks) {
        Add-Problem $File 1 "the page starts with one heading '# $($Info.Name)' and goes on with '## Synopsis'"
        return
    }
    $page = @{}
    foreach ($name in $Sections) { $page[$name] = $null }
    $last = -1
    foreach ($section in $top[0].Children) {
        $index = [array]::IndexOf($Sections, $section.Title)
        if ($index -lt 0) { Add-Problem $File $section.Line "there is no section '$($section.Title)'; sections are $($Sections -join ', ')" }
        elseif ($index -le $last) { Add-Problem $File $section.Line "section '$($section.Title)' is out of order; the order is $($Sections -join ', ')" }
        $last = [Math]::Max($last, $index)
        $page[$section.Title] = $section
    }
    foreach ($name in 'Synopsis', 'Description', 'Examples', 'Outputs') {
        if (-not $page[$name]) { Add-Problem $File 1 "section '## $name' is missing" }
    }
    if ($problems.Count -gt $before) { return }
    if ($page.Synopsis.Blocks.Count -ne 1) { Add-Problem $File $page.Synopsis.Line 'a synopsis is one paragraph' }
    if (-not $page.Description.Blocks) { Add-Problem $File $page.Description.Line 'the description is empty' }
    if (-not $page.Examples.Children) { Add-Problem $File $page.Examples.Line "an example starts with '### Title', and there is none" }

    $documented = @{}
    foreach ($section in $page.Parameters ? $page.Parameters.Children : @()) {
        $name = $section.Title -replace '^-'
        if ($section.Title -notlike '-*' -or -not $Info.Parameters.ContainsKey($name) -or $name -in $CommonParameters) {
            Add-Problem $File $section.Line "$($Info.Name) has no parameter '$($section.Title)' (a heading is '### -Name')"
        }
        elseif ($documented[$name]) { Add-Problem $File $section.Line "-$name is documented twice" }
        elseif (-not $section.Blocks) { Add-Problem $File $section.Line "-$name has no text" }
        $documented[$name] = $section
    }
    $own = @($Info.Parameters.Values | Where-Object Name -NotIn $CommonParameters)
    foreach ($parameter in $own) {
        if (-not $documented[$parameter.Name] -and $parameter.Name -notin $SupplementaryText.Keys) {
            Add-Problem $File ($page.Parameters ? $page.Parameters.Line : 1) "-$($parameter.Name) is not documented"
        }
    }
    foreach ($type in $Info.OutputType) {
        $accepted = $type.Name, ($type.Name -split '\.')[-1]
        if (-not $page.Outputs.Children.Where({ (ConvertTo-PlainText $_.Title) -in $accepted })) {
            Add-Problem $File $page.Outputs.Line "output type $($type.Name) is not documented"
        }
    }
    if ($problems.Count -gt $before) { return }

    New-Element ($command + 'command') @(
        New-Element ($command + 'details') @(
            New-Element ($command + 'name') $Info.Name
            New-Element ($command + 'verb') $Info.Verb
            New-Element ($command + 'noun') $Info.Noun
            New-Element ($maml + 'description') @(New-Paragraphs $page.Synopsis.Blocks)
        )
        New-Element ($maml + 'description') @(New-Paragraphs $page.Description.Blocks)
        New-Element ($command + 'syntax') @(foreach ($set in $Info.ParameterSets) { New-SyntaxItem $Info $set })
        New-Element ($command + 'parameters') @(
            foreach ($parameter in $own) {
                # A parameter is shown once: as it stands in the default parameter set, or else in the first that has it.
                $inSets = $Info.ParameterSets.Where({ $_.Parameters.Name -contains $parameter.Name })
                $set = @($inSets.Where({ $_.IsDefault })) + @($inSets) | Select-Object -First 1
                New-Parameter $Info $parameter ($set.Parameters | Where-Object Name -EQ $parameter.Name) $documented[$parameter.Name] -Full
            }
        )
        New-TypeList ($command + 'inputTypes') ($command + 'inputType') $page.Inputs $File
        New-TypeList ($command + 'returnValues') ($command + 'returnValue') $page.Outputs $File
        if ($page.Notes) { New-Element ($maml + 'alertSet') @(New-Element ($maml + 'alert') @(New-Paragraphs $page.Notes.Blocks)) }
        $number = 0
        New-Element ($command + 'examples') @(foreach ($example in $page.Examples.Children) { New-Example $Info $example (++$number) $File })
        New-Links $page.Links $File
    )
}

#endregion
#region Writing about_ topics

function Format-Wrapped([string] $Text, [string] $First, [string] $Rest) {
    $line = $First
    foreach ($word in $Text -split ' +') {
        if ($line.Length + $word.Length -gt 79 -and $line -ne $First -and $line -ne $Rest) {
            $line.TrimEnd()
            $line = $Rest
        }
        $line += "$word "
    }
    $line.TrimEnd()
}

function Format-Section([Section] $Section) {
    $previous = ''
    foreach ($block in $Section.Blocks) {
        if ($previous -and -not ($previous -eq 'Item' -and $block.Kind -eq 'Item')) { '' }
        switch ($block.Kind) {
            'Paragraph' { Format-Wrapped (Get-BlockText $block) '    ' '    ' }
            'Item' {
                $null = $block.Lines[0] -match '^(\s*)([-*]|\d+\.) +'
                $indent = '    ' + $Matches[1]
                Format-Wrapped ((Get-BlockText $block) -replace '^([-*]|\d+\.) +') "$indent$($Matches[2]) " "$indent$(' ' * $Matches[2].Length) "
            }
            default { foreach ($line in $block.Lines) { "        $line".TrimEnd() } }
        }
        $previous = $block.Kind
    }
    foreach ($child in $Section.Children) {
        ''
        "  $(ConvertTo-PlainText $child.Title)"
        Format-Section $child
    }
}

function ConvertTo-AboutText([string] $File) {
    $name = [IO.Path]::GetFileNameWithoutExtension($File)
    $top = (Read-Page $File).Children
    $short = $top.Count -eq 1 -and $top[0].Children ? $top[0].Children[0] : $null
    if (-not $short -or $top[0].Title -cne $name -or $short.Title -ne 'Short description' -or $short.Blocks.Count -ne 1) {
        Add-Problem $File 1 "the page starts with '# $name', then '## Short description' with one paragraph"
        return
    }
    # Get-Help takes the fifth line for the synopsis, so the short description stands on that line alone.
    $lines = 'TOPIC', "    $name", '', 'SHORT DESCRIPTION', "    $(Get-BlockText $short.Blocks[0])"
    foreach ($section in $top[0].Children | Select-Object -Skip 1) {
        $lines += '', (ConvertTo-PlainText $section.Title).ToUpperInvariant()
        $lines += @(Format-Section $section)
    }
    $lines -join "`n"
}

#endregion

$imported = Import-Module $Module -PassThru
$commands = @($imported.ExportedCommands.Values | Where-Object CommandType -In 'Cmdlet', 'Function' | Sort-Object Name)
$pages = @(Get-ChildItem $CmdletPath -Filter *.md -ErrorAction Ignore)

$items = @(foreach ($info in $commands) {
        $page = $pages | Where-Object BaseName -CEQ $info.Name
        if ($page) { New-Command $info $page.FullName }
        else { Add-Problem (Join-Path ([IO.Path]::GetFullPath($CmdletPath, $PWD.ProviderPath)) "$($info.Name).md") 1 "cmdlet $($info.Name) has no page" }
    })
if ($commands) {
    foreach ($page in $pages | Where-Object BaseName -CNotIn $commands.Name) { Add-Problem $page.FullName 1 "there is no cmdlet $($page.BaseName)" }
}
$about = [ordered]@{}
foreach ($page in Get-ChildItem $AboutPath -Filter about_*.md -ErrorAction Ignore) { $about[$page.BaseName] = ConvertTo-AboutText $page.FullName }

if ($problems.Count) {
    foreach ($problem in $problems) { [Console]::Error.WriteLine($problem) }
    exit 1
}

$null = New-Item $OutputPath -ItemType Directory -Force
$target = Convert-Path $OutputPath
if ($items) {
    $root = New-Element ([XName]::Get('helpItems', 'http://msh')) @(
        [XAttribute]::new('schema', 'maml')
        [XAttribute]::new([XNamespace]::Xmlns + 'maml', $maml)
        [XAttribute]::new([XNamespace]::Xmlns + 'command', $command)
        [XAttribute]::new([XNamespace]::Xmlns + 'dev', $dev)
        $items
    )
    [XDocument]::new($root).Save((Join-Path $target $FileName))
}
foreach ($name in $about.Keys) { [IO.File]::WriteAllText((Join-Path $target "$name.help.txt"), $about[$name] + "`n") }
Write-Host "Help: $($items.Count) cmdlets and $($about.Count) topics in $OutputPath"
