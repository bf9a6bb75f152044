using System.Globalization;

namespace DsmipTools.Wire.Capture;

/// <summary>A capture file is corrupt or ends too early. The frames before the position are good.</summary>
public sealed class CaptureFormatException : FormatException
{
    /// <summary>Makes the error of a position.</summary>
    /// <param name="position">Offset in octets from the start of the file.</param>
    /// <param name="reason">What is wrong there.</param>
    public CaptureFormatException(long position, string reason)
        : base(string.Create(CultureInfo.InvariantCulture, $"The capture file is not readable at octet {position}: {reason}.")) =>
        Position = position;

    /// <summary>Makes an error without a position.</summary>
    public CaptureFormatException()
    {
    }

    /// <summary>Makes an error without a position.</summary>
    public CaptureFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error without a position.</summary>
    public CaptureFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Offset in octets from the start of the file.</summary>
    public long Position { get; }
}
