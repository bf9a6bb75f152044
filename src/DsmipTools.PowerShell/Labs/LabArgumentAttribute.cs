using System.Management.Automation;
using DsmipTools.Labs;
using DsmipTools.PowerShell.Infrastructure.Arguments;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Lets a parameter take a lab or the name of one.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class LabArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        LabReference reference => reference,
        Lab lab => new LabReference(lab.Name, lab),
        string name => new LabReference(name, null),
        // The pipeline goes on to the next parameter when the reason is a failed cast, and only then.
        _ => throw new ArgumentTransformationMetadataException("It is neither a lab nor the name of one.", new PSInvalidCastException("It is no lab.")),
    };
}
