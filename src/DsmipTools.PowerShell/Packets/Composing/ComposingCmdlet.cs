using System.Globalization;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;
using DsmipTools.Wire.Rules;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>What the cmdlets share that compose a message, an option or an extension: what they made is judged before it comes out.</summary>
public abstract class ComposingCmdlet : DsmipCmdlet
{
    /// <summary>Lets what breaks a rule come out all the same.</summary>
    [Parameter]
    public SwitchParameter AllowInvalid { get; set; }

    /// <summary>Composes something and writes it to the pipeline, unless it breaks a rule.</summary>
    private protected void Compose(Func<Structure> compose)
    {
        if (Try(null, compose, out var composed) && Try(composed, () => FieldFit.Ensure(composed)) && IsAllowed(composed))
        {
            WriteObject(composed);
        }
    }

    /// <summary>Refuses two parameters that exclude each other.</summary>
    private protected void RefuseBoth(string one, string other)
    {
        if (IsGiven(one) && IsGiven(other))
        {
            ThrowTerminatingError(ErrorRecords.Create(
                $"-{one} and -{other} exclude each other.", ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, null));
        }
    }

    /// <summary>True when an argument was given, on the command line or through the pipeline.</summary>
    private protected bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>A switch where it was given, else what is usual.</summary>
    private protected bool Switch(string parameter, SwitchParameter given, bool usual) => IsGiven(parameter) ? given : usual;

    /// <summary>What is wrong on purpose and cannot be seen in what was made alone.</summary>
    private protected virtual IEnumerable<string> OtherErrors(Structure composed) => [];

    private bool IsAllowed(Structure composed)
    {
        if (AllowInvalid)
        {
            return true;
        }

        var broken = PacketRules.Check(composed);
        foreach (var advice in broken.Where(one => one.Severity == RuleSeverity.Warning))
        {
            WriteWarning(Line(advice));
        }

        string[] errors = [.. broken.Where(one => one.Severity == RuleSeverity.Error).Select(Line), .. OtherErrors(composed)];
        if (errors.Length > 0)
        {
            WriteError(
                $"The {composed.Table.Name} breaks {(errors.Length == 1 ? "a rule" : $"{errors.Length} rules")}; -AllowInvalid makes it all the same.\n{string.Join(";\n", errors)}.",
                ErrorIds.PacketBreaksRule, ErrorCategory.InvalidData, composed);
        }

        return errors.Length == 0;

        static string Line(RuleViolation broken) =>
            string.Create(CultureInfo.InvariantCulture, $"{broken.Rule}, octet {broken.Offset}, {broken.Where}: {broken.Explanation}");
    }
}
