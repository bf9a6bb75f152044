using System.Globalization;
using System.Management.Automation;
using DsmipTools.PowerShell.Infrastructure.Arguments;

namespace DsmipTools.PowerShell.Labs;

/// <summary>Lets a parameter take bits a second as a number, or as text such as 64kbit, 10Mbit or 1.5Gbit; and Unlimited.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class RateArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly (string Unit, double Factor)[] units = [("Gbit", 1e9), ("Mbit", 1e6), ("kbit", 1e3), ("bit", 1), ("", 1)];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Arguments.Unwrap(inputData) is not string text)
        {
            return inputData;
        }

        text = text.Trim();
        if (text.Equals("Unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return 0L;
        }

        var (unit, factor) = units.First(each => text.EndsWith(each.Unit, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
            && number * factor is > 0 and < long.MaxValue and var rate
                ? (long)rate
                : throw new ArgumentTransformationMetadataException($"'{text}' is no rate such as 64kbit, 10Mbit, 1.5Gbit, 10000000 (bits a second) or Unlimited.");
    }
}
