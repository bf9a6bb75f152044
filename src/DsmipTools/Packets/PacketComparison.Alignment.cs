using DsmipTools.Wire.Decoding;

namespace DsmipTools.Packets;

/// <content>Which structure of one packet is which of the other.</content>
public static partial class PacketComparison
{
    // Missing twice is dearer than different once: an option whose value changed is the same option. Equal octets cost nothing.
    private const int MissingCost = 2;
    private const int DifferentCost = 3;
    private const int NeverMatches = 1_000_000;

    /// <summary>More than this, and structures are taken one by one: the table of the search grows with the square.</summary>
    private const int LongestSearch = 1000;

    /// <summary>Pairs what corresponds, in the order of both; the partner of what only one has is null.</summary>
    /// <remarks>The shortest edit script over structures (Wagner and Fischer), with equal structures before such that only share their table.</remarks>
    private static List<(Layer? Reference, Layer? Difference)> Align(IReadOnlyList<Layer> reference, IReadOnlyList<Layer> difference)
    {
        if (reference.Count > LongestSearch || difference.Count > LongestSearch)
        {
            return
            [
                .. Enumerable.Range(0, Math.Max(reference.Count, difference.Count)).SelectMany(number =>
                    Pair(number < reference.Count ? reference[number] : null, number < difference.Count ? difference[number] : null)),
            ];
        }

        // The cost of aligning what follows, from any place in both.
        var cost = new int[reference.Count + 1, difference.Count + 1];
        for (var left = reference.Count; left >= 0; left--)
        {
            for (var right = difference.Count; right >= 0; right--)
            {
                cost[left, right] = left == reference.Count ? (difference.Count - right) * MissingCost
                    : right == difference.Count ? (reference.Count - left) * MissingCost
                    : Math.Min(
                        CostOf(reference[left], difference[right]) + cost[left + 1, right + 1],
                        MissingCost + Math.Min(cost[left + 1, right], cost[left, right + 1]));
            }
        }

        var pairs = new List<(Layer? Reference, Layer? Difference)>();
        for (int left = 0, right = 0; left < reference.Count || right < difference.Count;)
        {
            if (left < reference.Count && right < difference.Count
                && cost[left, right] == CostOf(reference[left], difference[right]) + cost[left + 1, right + 1])
            {
                pairs.Add((reference[left++], difference[right++]));
            }
            else if (left < reference.Count && cost[left, right] == MissingCost + cost[left + 1, right])
            {
                pairs.Add((reference[left++], null));
            }
            else
            {
                pairs.Add((null, difference[right++]));
            }
        }

        return pairs;
    }

    private static IEnumerable<(Layer? Reference, Layer? Difference)> Pair(Layer? reference, Layer? difference) =>
        reference is null || difference is null || IsSameKind(reference, difference)
            ? [(reference, difference)]
            : [(reference, null), (null, difference)];

    private static int CostOf(Layer reference, Layer difference) =>
        !IsSameKind(reference, difference) ? NeverMatches : reference.Span.SequenceEqual(difference.Span) ? 0 : DifferentCost;

    /// <summary>True for structures of one table; those that share a table because nobody knows them have to be of one type as well.</summary>
    private static bool IsSameKind(Layer reference, Layer difference) => reference.Table == difference.Table
        && (!reference.Name.StartsWith("Unknown", StringComparison.Ordinal) || Equals(reference["Type"]?.Value, difference["Type"]?.Value));
}
