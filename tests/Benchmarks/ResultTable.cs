namespace DsmipTools.Benchmarks;

/// <summary>The rows as one Markdown table with aligned columns.</summary>
internal static class ResultTable
{
    private static readonly string[] heading = ["benchmark", "this", "baseline of the same run", "ratio", "octets/op", "target", "met"];

    public static void Print(TextWriter output, IReadOnlyList<Row> rows)
    {
        List<string[]> lines = [heading, .. rows.Select(Cells)];
        var widths = Enumerable.Range(0, heading.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (var line in lines)
        {
            output.WriteLine("| " + string.Join(" | ", line.Select((cell, column) => cell.PadRight(widths[column]))) + " |");
        }
    }

    private static string[] Cells(Row row) =>
        [row.Name, row.This, row.Baseline, row.Ratio, row.Allocated, row.Target, row.IsMet switch { true => "yes", false => "no", null => "" }];
}
