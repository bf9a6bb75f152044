namespace DsmipTools.Wire.Rules;

/// <summary>Where an option may stand.</summary>
internal static class Alignment
{
    /// <param name="subject">The option.</param>
    /// <param name="offset">Where it stands in its header.</param>
    /// <param name="alignment">Its requirement xn+y.</param>
    internal static void Judge(Subject subject, int offset, (int Multiple, int Remainder) alignment)
    {
        var (multiple, remainder) = alignment;
        if (OptionArea.Padding(offset, multiple, remainder) != 0)
        {
            subject.Break($"stands at {multiple}n{(remainder == 0 ? "" : $"+{remainder}")}, but it stands at octet {offset} of its header");
        }
    }
}
