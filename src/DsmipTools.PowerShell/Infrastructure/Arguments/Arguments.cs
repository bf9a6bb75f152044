using System.Management.Automation;

namespace DsmipTools.PowerShell.Infrastructure.Arguments;

/// <summary>What the transformations of arguments share.</summary>
internal static class Arguments
{
    /// <summary>The object that a PSObject stands for.</summary>
    public static object? Unwrap(object? value) => value is PSObject wrapper ? wrapper.BaseObject : value;
}
