using System.Collections;
using System.Management.Automation;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>What the transformations of arguments share.</summary>
internal static class Arguments
{
    /// <summary>The object that a PSObject stands for.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;

    /// <summary>The same for an object and, where it is an array, for its elements.</summary>
    public static object? UnwrapAll(object? value) => Unwrap(value) switch
    {
        IList list and not Array { Rank: > 1 } when list.Cast<object?>().Any(element => element is PSObject) => list.Cast<object?>().Select(Unwrap).ToArray(),
        var other => other,
    };
}
