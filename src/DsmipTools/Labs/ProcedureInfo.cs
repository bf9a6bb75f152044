namespace DsmipTools.Labs;

/// <summary>A procedure that can be run.</summary>
public sealed record ProcedureInfo
{
    /// <summary>The name: that of its file without the ending.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, in a sentence.</summary>
    public required string Synopsis { get; init; }

    /// <summary>The worlds that can carry it.</summary>
    public required IReadOnlyList<World> Worlds { get; init; }

    /// <summary>The names of its parameters.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>The script.</summary>
    public required string Path { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
