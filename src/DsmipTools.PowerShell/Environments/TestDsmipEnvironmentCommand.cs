using System.Management.Automation;
using DsmipTools.Abilities;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Environments;

/// <summary>Says what this host can do for agents, tunnels, labs and captures.</summary>
[Cmdlet(VerbsDiagnostic.Test, "DsmipEnvironment", DefaultParameterSetName = AbilitiesSet)]
[OutputType(typeof(HostAbility), ParameterSetName = [AbilitiesSet])]
[OutputType(typeof(bool), ParameterSetName = [QuietSet])]
public sealed class TestDsmipEnvironmentCommand : DsmipCmdlet
{
    private const string AbilitiesSet = "Abilities";
    private const string QuietSet = "Quiet";

    private bool isComplete = true;

    /// <summary>The names of abilities; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(AbilityNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Gives true when all of them are available, false otherwise.</summary>
    [Parameter(Mandatory = true, ParameterSetName = QuietSet)]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var patterns = Name.Select(name => new WildcardPattern(name, WildcardOptions.IgnoreCase)).ToArray();
        for (var index = 0; index < Name.Length; index++)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(Name[index]) && !HostAbilities.Names.Any(patterns[index].IsMatch))
            {
                isComplete = false;
                WriteError(
                    $"There is no ability '{Name[index]}'. (Test-DsmipEnvironment).Name lists them.", ErrorIds.AbilityNotFound, ErrorCategory.ObjectNotFound, Name[index]);
            }
        }

        foreach (var ability in HostAbilities.Test(name => Array.Exists(patterns, pattern => pattern.IsMatch(name))))
        {
            isComplete &= ability.IsAvailable;
            if (!Quiet)
            {
                WriteObject(ability);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet)
        {
            WriteObject(isComplete);
        }
    }
}
