using System.Reflection;
using System.Text.RegularExpressions;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Tests.Contract;

/// <summary>The conventions of docs/design, held without a PowerShell.</summary>
public partial class CmdletContractTests
{
    // Get-Verb, as far as this module may come to need it.
    private static readonly string[] ApprovedVerbs =
    [
        "Add", "Clear", "Compare", "Connect", "ConvertFrom", "ConvertTo", "Copy", "Disable", "Disconnect", "Enable", "Enter", "Exit", "Export", "Find", "Get", "Import",
        "Invoke", "Measure", "Move", "New", "Receive", "Register", "Remove", "Rename", "Reset", "Restart", "Resume", "Send", "Set", "Show", "Start", "Stop", "Suspend",
        "Step", "Test", "Trace", "Unregister", "Update", "Wait", "Watch", "Assert",
    ];

    private static readonly string[] VerbsWithoutChange = ["Get", "Wait", "Watch", "Compare", "ConvertFrom", "Test", "Find", "Measure", "Show", "Assert"];

    private static readonly string[] VerbsThatDestroy = ["Remove", "Stop", "Disconnect", "Clear", "Reset"];

    public static TheoryData<string> Exported => new(CmdletContract.Exported.Select(cmdlet => cmdlet.Name));

    public static TheoryData<string> Destroyers => new(CmdletContract.Exported
        .Where(cmdlet => VerbsThatDestroy.Contains(cmdlet.Verb) || cmdlet.Noun == "BindingRevocation")
        .Select(cmdlet => cmdlet.Name));

    public static TheoryData<string> ErrorIdNames => new(Constants().Select(constant => constant.Name));

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets()
    {
        var manifest = File.ReadAllText(SourceTree.Path("DsmipTools.psd1"));
        var list = CmdletsToExport().Match(manifest).Groups["list"].Value;

        Assert.Equal(CmdletContract.Exported.Select(cmdlet => cmdlet.Name), Quoted().Matches(list).Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void Every_page_is_that_of_a_cmdlet() => Assert.Equal(
        CmdletContract.Exported.Select(cmdlet => cmdlet.Name),
        SourceTree.Files("docs/cmdlets", "*.md").Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Exported))]
    public void Verb_noun_and_class_have_their_form(string name)
    {
        var cmdlet = Find(name);

        Assert.Contains(cmdlet.Verb, ApprovedVerbs);
        Assert.True(cmdlet.Noun.StartsWith("Dsmip", StringComparison.Ordinal) || cmdlet.Noun.StartsWith("BindingRevocation", StringComparison.Ordinal), $"{cmdlet.Noun} has no prefix");
        // Statistics is the one plural that Get-Command has singular company for: Get-JobStatistics, Get-NetAdapterStatistics.
        Assert.True(!cmdlet.Noun.EndsWith('s') || cmdlet.Noun.EndsWith("Statistics", StringComparison.Ordinal), $"{cmdlet.Noun} is a plural");
        Assert.Equal($"{cmdlet.Verb}{cmdlet.Noun}Command", cmdlet.Type.Name);
        Assert.True(cmdlet.Type.IsSealed && cmdlet.Type.IsPublic);
        Assert.True(cmdlet.Type.IsSubclassOf(typeof(DsmipCmdlet)), "errors with ids and Ctrl+C are in DsmipCmdlet");
    }

    [Theory]
    [MemberData(nameof(Exported))]
    public void What_comes_out_is_declared(string name)
    {
        var cmdlet = Find(name);

        Assert.Equal(cmdlet.Verb == "Remove", !cmdlet.OutputTypes.Any());
        // Types of PowerShell itself may come out; those of a third party may not, because they would clash (design, section 5).
        Assert.All(cmdlet.OutputTypes, type => Assert.Matches("^(DsmipTools|System)\\.", type.FullName));
    }

    [Theory]
    [MemberData(nameof(Exported))]
    public void What_changes_state_can_be_tried_with_WhatIf_and_runs_unattended(string name)
    {
        var cmdlet = Find(name);

        // A new value, as New-TimeSpan makes one, is no change of state.
        var makesValues = cmdlet.Verb == "New" && cmdlet.OutputTypes.All(type => type.IsSubclassOf(typeof(Structure)));
        Assert.Equal(!VerbsWithoutChange.Contains(cmdlet.Verb) && !makesValues, cmdlet.SupportsShouldProcess);
        Assert.True(cmdlet.ConfirmImpact < 3 || cmdlet.Parameters.Any(parameter => parameter.Name == "Force"), "a prompt that a script cannot answer");
    }

    [Theory]
    [MemberData(nameof(Destroyers))]
    public void What_destroys_needs_a_selector(string name) =>
        Assert.All(Find(name).ParameterSets, set => Assert.Contains(set, entry => CmdletContract.Named(entry.Attribute, "Mandatory") is true));

    [Theory]
    [MemberData(nameof(Exported))]
    public void Parameters_have_their_form(string name)
    {
        var cmdlet = Find(name);
        var names = cmdlet.Parameters.SelectMany(parameter => parameter.Aliases.Prepend(parameter.Name)).ToArray();

        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, parameter => Assert.Matches("^[A-Z][A-Za-z0-9]+$", parameter));
        Assert.All(cmdlet.Parameters, parameter => Assert.True(parameter.Property.SetMethod is { IsPublic: true }, $"-{parameter.Name} cannot be set"));
        // Addresses, durations and keys: each has one type everywhere, and what turns text into it.
        Assert.All(cmdlet.Parameters.Where(parameter => Element(parameter) == typeof(System.Net.IPAddress)), Has("AddressArgumentAttribute"));
        Assert.All(cmdlet.Parameters.Where(parameter => Element(parameter) == typeof(TimeSpan)), Has("DurationArgumentAttribute"));
        Assert.All(
            cmdlet.Parameters.Where(parameter => parameter.Name is "Key" or "Password" or "Secret"),
            parameter => Assert.Equal(typeof(System.Security.SecureString), parameter.Property.PropertyType));

        static Action<CmdletContract.Parameter> Has(string attribute) => parameter => Assert.True(parameter.Has(attribute), $"-{parameter.Name} has no {attribute}");
    }

    [Theory]
    [MemberData(nameof(Exported))]
    public void Objects_of_the_pipeline_are_taken(string name)
    {
        var cmdlet = Find(name);
        var fromPipeline = cmdlet.Parameters.SelectMany(parameter => parameter.Attributes)
            .Any(data => CmdletContract.Named(data, "ValueFromPipeline") is true || CmdletContract.Named(data, "ValueFromPipelineByPropertyName") is true);

        Assert.True(fromPipeline, "no parameter takes pipeline input");
        // One object must not fill two parameters of one set.
        Assert.All(cmdlet.ParameterSets, set => Assert.True(set.Count(entry => CmdletContract.Named(entry.Attribute, "ValueFromPipeline") is true) <= 1));
    }

    [Theory]
    [MemberData(nameof(Exported))]
    public void The_page_tells_of_each_parameter_and_shows_two_examples(string name)
    {
        var page = File.ReadAllText(SourceTree.Path("docs", "cmdlets", name + ".md"));
        var examples = page[page.IndexOf("## Examples", StringComparison.Ordinal)..page.IndexOf("## Outputs", StringComparison.Ordinal)];

        Assert.Equal(
            Find(name).Parameters.Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            ParameterHeading().Matches(page).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.True(PowerShellFence().Count(examples) >= 2, "fewer than two examples");
        Assert.Contains("```text", examples, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ErrorIdNames))]
    public void An_error_id_is_its_name_is_used_and_can_be_looked_up(string id)
    {
        Assert.Matches($@"(?m)^- (\w+, )*{id}(, \w+)*: ", File.ReadAllText(SourceTree.Path("docs", "about", "about_DsmipTools.md")));
        Assert.Equal(id, typeof(ErrorIds).GetField(id)!.GetRawConstantValue());
        Assert.Contains(
            SourceTree.Files("src/DsmipTools.PowerShell", "*.cs"),
            file => Path.GetFileName(file) != "ErrorIds.cs" && File.ReadAllText(file).Contains($"ErrorIds.{id}", StringComparison.Ordinal));
    }

    [Fact]
    public void Error_ids_are_constants_everywhere()
    {
        // A literal beside a category is an id that nobody could look up.
        foreach (var file in SourceTree.Files("src/DsmipTools.PowerShell", "*.cs"))
        {
            Assert.DoesNotMatch("\"[A-Za-z]+\",\\s*ErrorCategory\\.", File.ReadAllText(file));
        }
    }

    private static CmdletContract Find(string name) => CmdletContract.All.Single(cmdlet => cmdlet.Name == name);

    private static Type Element(CmdletContract.Parameter parameter)
    {
        var type = parameter.Property.PropertyType;
        type = type.IsArray ? type.GetElementType()! : type;
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static IEnumerable<FieldInfo> Constants() => typeof(ErrorIds).GetFields().Where(field => field.IsLiteral);

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((?<list>[^)]*)\)")]
    private static partial Regex CmdletsToExport();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^### -(\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex ParameterHeading();

    [GeneratedRegex("^```powershell", RegexOptions.Multiline)]
    private static partial Regex PowerShellFence();
}
