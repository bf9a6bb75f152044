using System.Collections;
using System.Management.Automation;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>
/// Lets a parameter of type string that takes pipeline input take text alone. Without it PowerShell makes text of any object, so that an
/// agent in the pipeline would be searched for as a mobile node.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class TextArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Arguments.Unwrap(inputData);
        return value is null or string || (value is IEnumerable many && many.Cast<object>().All(one => Arguments.Unwrap(one) is string))
            ? inputData
            // The pipeline goes on to the next parameter when the reason is a failed cast, and only then.
            : throw new ArgumentTransformationMetadataException("It is not text.", new PSInvalidCastException("It is not text."));
    }
}
