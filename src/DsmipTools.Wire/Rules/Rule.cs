using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Rules;

/// <summary>A rule as data: its id, how grave it is, which structures it speaks of, and how it judges one.</summary>
internal sealed class Rule
{
    private readonly Action<Structure, Subject> judge;

    private Rule(string id, RuleSeverity severity, Type about, Action<Structure, Subject> judge)
    {
        Id = id;
        Severity = severity;
        About = about;
        this.judge = judge;
    }

    /// <summary>Gives the field that a requirement is broken at, or null when all is well.</summary>
    internal delegate string? Requirement<in TStructure>(TStructure structure);

    /// <summary>An id of the conformance list, or RFC and section.</summary>
    internal string Id { get; }

    internal RuleSeverity Severity { get; }

    /// <summary>The structures that the rule speaks of: those of this type and of types derived from it.</summary>
    internal Type About { get; }

    /// <summary>A rule that says itself what it finds, and where.</summary>
    internal static Rule Of<TStructure>(string id, RuleSeverity severity, Action<TStructure, Subject> judge)
        where TStructure : Structure => new(id, severity, typeof(TStructure), (structure, subject) => judge((TStructure)structure, subject));

    /// <summary>A rule about one field.</summary>
    /// <param name="id">The id.</param>
    /// <param name="severity">How grave it is.</param>
    /// <param name="field">The field.</param>
    /// <param name="judge">What is wrong with it, or null.</param>
    internal static Rule Of<TStructure>(string id, RuleSeverity severity, Field field, Requirement<TStructure> judge)
        where TStructure : Structure => Of<TStructure>(id, severity, (structure, subject) =>
        {
            if (judge(structure) is { } wrong)
            {
                subject.Break(field, wrong);
            }
        });

    /// <summary>A rule about the structure as a whole.</summary>
    internal static Rule Of<TStructure>(string id, RuleSeverity severity, Requirement<TStructure> judge)
        where TStructure : Structure => Of<TStructure>(id, severity, (structure, subject) =>
        {
            if (judge(structure) is { } wrong)
            {
                subject.Break(wrong);
            }
        });

    internal void Judge(Structure structure, Subject subject) => judge(structure, subject);
}
