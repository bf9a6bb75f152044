using System.Management.Automation;
using DsmipTools.Net;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>Error records for what the Sdk throws.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord From(Exception exception, object? target) => exception switch
    {
        NetException net => new ErrorRecord(net, IdOf(net.Error), CategoryOf(net.Error), target),
        ArgumentException argument => new ErrorRecord(argument, ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, target)
        {
            ErrorDetails = new ErrorDetails(MessageOf(argument)),
        },
        NotSupportedException unsupported => new ErrorRecord(unsupported, ErrorIds.NotSupported, ErrorCategory.NotImplemented, target),
        InvalidOperationException state => new ErrorRecord(state, ErrorIds.InvalidAgentState, ErrorCategory.InvalidOperation, target),
        UnauthorizedAccessException denied => new ErrorRecord(denied, ErrorIds.FileError, ErrorCategory.PermissionDenied, target),
        IOException file => new ErrorRecord(file, ErrorIds.FileError, ErrorCategory.ReadError, target),
        _ => new ErrorRecord(exception, ErrorIds.InternalError, ErrorCategory.NotSpecified, target),
    };

    public static ErrorRecord Create(string message, string id, ErrorCategory category, object? target) =>
        new(new InvalidOperationException(message), id, category, target);

    /// <summary>The message without the name of a parameter of C# that an administrator never gave.</summary>
    private static string MessageOf(ArgumentException exception)
    {
        var suffix = exception.ParamName is null ? -1 : exception.Message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return suffix > 0 ? exception.Message[..suffix] : exception.Message;
    }

    private static string IdOf(NetError error) => error switch
    {
        NetError.AddressInUse => ErrorIds.AddressInUse,
        NetError.AddressNotAvailable => ErrorIds.AddressNotAvailable,
        NetError.AccessDenied => ErrorIds.AccessDenied,
        NetError.InterfaceNotFound => ErrorIds.InterfaceNotFound,
        NetError.AlreadyExists => ErrorIds.AlreadyExists,
        NetError.FilterNotUnderstood => ErrorIds.InvalidFilter,
        NetError.NotSupported or NetError.LibraryMissing => ErrorIds.NotSupported,
        _ => ErrorIds.NetworkError,
    };

    private static ErrorCategory CategoryOf(NetError error) => error switch
    {
        NetError.AddressInUse => ErrorCategory.ResourceBusy,
        NetError.AddressNotAvailable => ErrorCategory.ResourceUnavailable,
        NetError.AccessDenied => ErrorCategory.PermissionDenied,
        NetError.InterfaceNotFound => ErrorCategory.ObjectNotFound,
        NetError.AlreadyExists => ErrorCategory.ResourceExists,
        NetError.FilterNotUnderstood => ErrorCategory.InvalidArgument,
        NetError.NotSupported => ErrorCategory.NotImplemented,
        NetError.LibraryMissing => ErrorCategory.NotInstalled,
        _ => ErrorCategory.ConnectionError,
    };
}
