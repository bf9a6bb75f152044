using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;

namespace DsmipTools.PowerShell.Procedures;

/// <summary>Whether a value is what was expected, as PowerShell's -ceq sees single values.</summary>
internal static class Comparison
{
    /// <summary>
    /// A dictionary is met key by key, by a dictionary with the same keys or by the properties of an object; a list element by element; text
    /// with regard to case; anything else after conversion to the type that is expected.
    /// </summary>
    public static bool AreEqual(object? expected, object? actual)
    {
        expected = Unwrap(expected);
        actual = Unwrap(actual);
        return expected switch
        {
            null => actual is null || (actual is ICollection { Count: 0 }),
            IDictionary keys => AreEqual(keys, actual),
            string or not IEnumerable => actual is not (IEnumerable and not string) && LanguagePrimitives.Equals(expected, actual, ignoreCase: false, CultureInfo.InvariantCulture),
            IEnumerable elements => AreEqual([.. elements.Cast<object?>()], Elements(actual)),
        };
    }

    /// <summary>What was compared: of an object that is expected to have certain properties, those alone.</summary>
    public static object? Compared(object? expected, object? actual)
    {
        if (Unwrap(expected) is not IDictionary keys || Unwrap(actual) is null or IDictionary or IEnumerable)
        {
            return actual;
        }

        var found = new OrderedDictionary();
        foreach (var key in keys.Keys)
        {
            found[key] = PSObject.AsPSObject(actual).Properties[$"{key}"]?.Value;
        }

        return found;
    }

    private static bool AreEqual(IDictionary expected, object? actual)
    {
        if (actual is IDictionary found)
        {
            return expected.Count == found.Count
                && expected.Keys.Cast<object>().All(key => found.Contains(key) && AreEqual(expected[key], found[key]));
        }

        return actual is not null && expected.Keys.Cast<object>().All(key =>
            PSObject.AsPSObject(actual).Properties[$"{key}"] is { } property && AreEqual(expected[key], property.Value));
    }

    private static bool AreEqual(object?[] expected, object?[] actual) =>
        expected.Length == actual.Length && expected.Zip(actual).All(pair => AreEqual(pair.First, pair.Second));

    /// <summary>A pipeline gives one element as itself, and none as nothing.</summary>
    private static object?[] Elements(object? actual) => actual switch
    {
        null => [],
        IDictionary or string => [actual],
        IEnumerable many => [.. many.Cast<object?>()],
        _ => [actual],
    };

    private static object? Unwrap(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
}
