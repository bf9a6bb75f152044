using System.Collections;
using System.Globalization;

namespace DsmipTools.Labs;

/// <summary>What a step expected or found, as one line.</summary>
public static class ValueText
{
    private const int MaximumElements = 6;
    private const int MaximumText = 100;

    /// <summary>Dictionaries as key=value, lists with commas and cut when long, everything else by its own text.</summary>
    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        IDictionary dictionary => string.Join(", ", dictionary.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={Of(entry.Value)}")),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable many => List([.. many.Cast<object?>()]),
        _ => Cut(value.ToString() ?? ""),
    };

    /// <summary>A record tells all that it knows, which is too much for one line.</summary>
    private static string Cut(string text) => text.Length <= MaximumText ? text : text[..MaximumText] + "...";

    private static string List(object?[] elements)
    {
        var shown = string.Join(", ", elements.Take(MaximumElements).Select(Of));
        return elements.Length <= MaximumElements
            ? shown
            : string.Create(CultureInfo.InvariantCulture, $"{shown}, and {elements.Length - MaximumElements} more");
    }
}
