using System.Text;
using System.Text.RegularExpressions;
using DsmipTools.Engine.Forwarding;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.States;

namespace DsmipTools.Engine.Tests.States;

/// <summary>The diagrams of docs/design/states.md are made from the tables that the agents move by; DSMIP_UPDATE_DOCS=1 writes them anew.</summary>
public partial class StateDiagramTests
{
    [Fact]
    public void The_diagrams_are_those_of_the_tables()
    {
        var path = Path.Combine(Root(), "docs", "design", "states.md");
        var page = File.ReadAllText(path);
        var expected = Diagram().Replace(page, found => found.Groups["name"].Value switch
        {
            "binding" => Render("binding", ProxyBindingStates.Transitions),
            "attachment" => Render("attachment", AttachmentStates.Transitions),
            "neighbour" => Render("neighbour", NeighbourStates.Transitions),
            "indication" => Render("indication", RevocationStates.Transitions),
            var name => throw new InvalidOperationException($"There is no table for the diagram '{name}'."),
        });
        if (Environment.GetEnvironmentVariable("DSMIP_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(4, Diagram().Count(page));
        Assert.Equal(expected, File.ReadAllText(path));
    }

    [GeneratedRegex(@"<!-- (?<name>\w+) -->\n```mermaid\n.*?```\n", RegexOptions.Singleline)]
    private static partial Regex Diagram();

    private static string Render<TState, TEvent>(string name, TransitionTable<TState, TEvent> table)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        var text = new StringBuilder().Append($"<!-- {name} -->\n```mermaid\nstateDiagram-v2\n");
        // What leads from one state to another stands at one arrow.
        foreach (var arrow in table.Rows.GroupBy(row => (row.From, row.To)))
        {
            text.Append($"    {Label(arrow.Key.From)} --> {Label(arrow.Key.To)} : {string.Join(", ", arrow.Select(row => row.On))}\n");
        }

        return text.Append("```\n").ToString();
    }

    private static string Label<TState>(TState state)
        where TState : struct, Enum => EqualityComparer<TState>.Default.Equals(state, default) ? "[*]" : state.ToString();

    /// <summary>The checkout that the tests were built in; the compiler does not know it where paths are made deterministic.</summary>
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DsmipTools.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
        }

        return folder.FullName;
    }
}
