using System.Collections;
using System.Globalization;
using System.Reflection;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Security;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Engine.Configuration;

/// <summary>A configuration variable that has changed.</summary>
/// <param name="Variable">Its name, for example <c>MaximumLifetime</c> or <c>Revocation.MaximumRetries</c>.</param>
/// <param name="Before">Its value before, as text.</param>
/// <param name="After">Its value now, as text.</param>
public sealed record ConfigurationChange(string Variable, string Before, string After)
{
    /// <summary>What differs between two configurations of one agent, in the order in which the variables are described.</summary>
    /// <exception cref="ArgumentException">They differ in a variable that cannot change while the agent runs.</exception>
    public static IReadOnlyList<ConfigurationChange> Between<TOptions>(TOptions before, TOptions after)
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var changes = new List<ConfigurationChange>();
        Collect(changes, "", before, after);
        return changes;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Variable}: {Before} -> {After}";

    private static void Collect(List<ConfigurationChange> changes, string path, object before, object after)
    {
        foreach (var variable in before.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (old, current) = (variable.GetValue(before), variable.GetValue(after));
            var name = path + variable.Name;
            if (AreSame(old, current))
            {
                continue;
            }

            if (!IsChangeable(variable))
            {
                throw new ArgumentException($"{name} cannot change from {Text(old)} to {Text(current)}: it is settled when the agent is made.");
            }

            if (old is not null && current is not null && Array.Exists(variable.PropertyType.GetProperties(), IsChangeable))
            {
                Collect(changes, name + ".", old, current);
            }
            else
            {
                changes.Add(new ConfigurationChange(name, Text(old), Text(current)));
            }
        }
    }

    private static bool IsChangeable(PropertyInfo variable) => variable.IsDefined(typeof(ChangeableAttribute));

    private static bool AreSame(object? one, object? other) => Equals(one, other)
        || (one is not string && one is IEnumerable some && other is IEnumerable others && some.Cast<object>().SequenceEqual(others.Cast<object>()));

    private static string Text(object? value) => value switch
    {
        null => "not set",
        TimeSpan time => time == Timeout.InfiniteTimeSpan ? "infinite" : time.ToString("c", CultureInfo.InvariantCulture),
        IMessageProtection protection => protection.Description,
        string text => text,
        KeyValuePair<RevocationTrigger, CrossingUpdatePolicy> crossing => $"{crossing.Key} {crossing.Value}",
        IEnumerable many => many.Cast<object>().Select(Text).ToArray() is { Length: > 0 } texts ? string.Join(", ", texts) : "none",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
