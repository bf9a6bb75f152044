namespace DsmipTools.Abilities;

/// <summary>What was found of an ability.</summary>
/// <param name="Detail">What was found.</param>
/// <param name="Fix">What would help; null when nothing is missing.</param>
internal readonly record struct Finding(string Detail, string? Fix = null);
