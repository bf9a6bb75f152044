using Microsoft.Win32.SafeHandles;

namespace DsmipTools.Net;

/// <summary>A descriptor that close(2) gives back.</summary>
internal abstract class SafeDescriptor() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Linux.Close(handle) == 0;
}
