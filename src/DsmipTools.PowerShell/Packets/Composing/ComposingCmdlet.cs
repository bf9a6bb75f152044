using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;

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

    private bool IsAllowed(Structure composed)
    {
        if (AllowInvalid)
        {
            return true;
        }

        var broken = PacketChecks.Of(composed);
        foreach (var (_, text) in broken.Where(one => !one.IsError))
        {
            WriteWarning(text);
        }

        var errors = broken.Where(one => one.IsError).Select(one => one.Text).ToArray();
        if (errors.Length > 0)
        {
            WriteError(
                $"The {composed.Table.Name} breaks {(errors.Length == 1 ? "a rule" : $"{errors.Length} rules")}; -AllowInvalid makes it all the same.\n{string.Join('\n', errors)}",
                ErrorIds.PacketBreaksRule, ErrorCategory.InvalidData, composed);
        }

        return errors.Length == 0;
    }
}
