using System.Globalization;
using System.Management.Automation;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>
/// Lets a parameter of type <see cref="TimeSpan"/> take seconds as a number, as the RFCs count lifetimes; text such as 00:05:00, 300, 500ms,
/// 30s, 5m, 2h; and the word Infinite. Without it PowerShell reads 300 as 300 ticks, and '300' as 300 days.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class DurationArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        string text => Parse(text.Trim()),
        byte or sbyte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Times(TimeSpan.FromSeconds(1), Convert.ToDouble(Arguments.Unwrap(inputData), CultureInfo.InvariantCulture), $"{inputData}"),
        var other => other,
    };

    private static TimeSpan Parse(string text)
    {
        if (text.Equals("Infinite", StringComparison.OrdinalIgnoreCase))
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (TryNumber(text, out var seconds))
        {
            return Times(TimeSpan.FromSeconds(1), seconds, text);
        }

        foreach (var (unit, length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase) && TryNumber(text[..^unit.Length], out var count))
            {
                return Times(length, count, text);
            }
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : throw IsNone(text);
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);

    private static TimeSpan Times(TimeSpan unit, double count, string text)
    {
        try
        {
            return unit * count;
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            throw IsNone(text);
        }
    }

    private static ArgumentTransformationMetadataException IsNone(string text) =>
        new($"'{text}' is not a duration such as 00:05:00, 300 (seconds), 500ms, 30s, 5m, 2h or Infinite.");
}
