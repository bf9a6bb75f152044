using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace DsmipTools.PowerShell.Security;

/// <summary>The octets of a key that PowerShell holds.</summary>
internal static class SecretKey
{
    /// <summary>The octets; they pass through memory that is overwritten, never through a string. The caller overwrites the result.</summary>
    /// <exception cref="ArgumentException">The key is no hexadecimal text.</exception>
    public static byte[] OctetsOf(SecureString key, KeyFormat format)
    {
        var characters = new char[key.Length];
        var text = Marshal.SecureStringToGlobalAllocUnicode(key);
        try
        {
            Marshal.Copy(text, characters, 0, characters.Length);
            return format == KeyFormat.Text ? Encoding.UTF8.GetBytes(characters) : Convert.FromHexString(characters);
        }
        catch (FormatException)
        {
            // The message of the exception would show the key.
            throw new ArgumentException("The key is no hexadecimal text: an even number of digits 0 to 9 and a to f.");
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(text);
            Array.Clear(characters);
        }
    }
}
