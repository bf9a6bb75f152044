using System.Collections;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Packets;

/// <summary>Makes the value of a record's property of what a person or a script writes for it.</summary>
public static class FieldValue
{
    /// <summary>Converts a value.</summary>
    /// <param name="value">
    /// A value of the type; text; a number for a code point, defined or not; octets as an array, a list, or as hexadecimal text; for text on
    /// the wire its characters.
    /// </param>
    /// <param name="type">The type of the property.</param>
    /// <param name="kind">What the field is, which tells text from other octets.</param>
    /// <exception cref="FormatException">The value is none of the type.</exception>
    public static object? Convert(object? value, Type type, FieldKind kind = FieldKind.Number)
    {
        ArgumentNullException.ThrowIfNull(type);
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => null,
            _ when wanted.IsInstanceOfType(value) => value,
            _ when wanted == typeof(Octets) => OctetsOf(value, kind),
            _ when wanted == typeof(Address) => AddressOf(value),
            _ when wanted == typeof(Prefix) => PrefixOf(value),
            _ when wanted.IsEnum => CodeOf(value, wanted),
            _ when wanted.IsPrimitive && wanted != typeof(bool) => NumberOf(value, wanted),
            _ when wanted.IsGenericType && wanted.GetGenericTypeDefinition() == typeof(ValueList<>) => ListOf(value, wanted, kind),
            _ => throw new FormatException($"'{value}' is no {wanted.Name}."),
        };
    }

    /// <summary>Reads a code point by its name, whatever its case, or its number, decimal or with 0x; undefined numbers are good too.</summary>
    /// <exception cref="FormatException">It is neither, or does not fit.</exception>
    public static object CodeOf(object value, Type registry)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value is string name && Enum.TryParse(registry, name.Trim(), ignoreCase: true, out var code) && !IsNumber(name)
            ? code
            : Enum.ToObject(registry, NumberOf(value, Enum.GetUnderlyingType(registry), $"{registry.Name} ({string.Join(", ", Enum.GetNames(registry))})"));
    }

    private static Octets OctetsOf(object value, FieldKind kind) => value switch
    {
        byte[] octets => Octets.Create(octets),
        string text when kind == FieldKind.Text => Octets.Create(Encoding.UTF8.GetBytes(text)),
        string hex => HexText.Parse(hex),
        IEnumerable many => Octets.Create([.. many.Cast<object>().Select(one => (byte)NumberOf(one, typeof(byte)))]),
        _ => Octets.Create([(byte)NumberOf(value, typeof(byte))]),
    };

    private static Address AddressOf(object value) => value switch
    {
        IPAddress address => Address.From(address),
        _ => Address.TryParse($"{value}", null, out var address) ? address : throw new FormatException($"'{value}' is not an IPv4 or IPv6 address."),
    };

    private static Prefix PrefixOf(object value) => value switch
    {
        IPNetwork network => Prefix.Parse(network.ToString()),
        _ => Prefix.Parse($"{value}"),
    };

    private static object NumberOf(object value, Type type, string? wanted = null)
    {
        var bits = type == typeof(byte) ? 8 : type == typeof(ushort) ? 16 : type == typeof(uint) ? 32 : 64;
        var largest = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        return TryNumber(value, out var number) && number >= 0 && number <= largest
            ? System.Convert.ChangeType((ulong)number, type, CultureInfo.InvariantCulture)
            : throw new FormatException(string.Create(
                CultureInfo.InvariantCulture, $"'{value}' is no {(wanted is null ? "" : $"{wanted}, and no ")}number from 0 to {largest}."));
    }

    private static bool IsNumber(string text) => TryNumber(text, out _);

    private static bool TryNumber(object value, out BigInteger number)
    {
        switch (value)
        {
            case string text when text.Trim() is var digits && digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase):
                // A leading zero keeps a high digit from being taken for a sign.
                return BigInteger.TryParse($"0{digits.AsSpan(2)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
            case string text:
                return BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out number);
            case Enum code:
                number = new BigInteger(System.Convert.ToUInt64(code, CultureInfo.InvariantCulture));
                return true;
            case byte or ushort or uint or ulong:
                number = new BigInteger(System.Convert.ToUInt64(value, CultureInfo.InvariantCulture));
                return true;
            case sbyte or short or int or long:
                number = new BigInteger(System.Convert.ToInt64(value, CultureInfo.InvariantCulture));
                return true;
            case double real when Math.Floor(real) == real && !double.IsInfinity(real):
                number = new BigInteger(real);
                return true;
            // Digits beyond the largest long are one in PowerShell.
            case decimal digits when decimal.Truncate(digits) == digits:
                number = new BigInteger(digits);
                return true;
            case BigInteger integer:
                number = integer;
                return true;
            default:
                number = default;
                return false;
        }
    }

    private static object ListOf(object value, Type type, FieldKind kind)
    {
        var element = type.GetGenericArguments()[0];
        var many = value is string or not IEnumerable ? new[] { value } : ((IEnumerable)value).Cast<object>().ToArray();
        var items = Array.CreateInstance(element, many.Length);
        for (var at = 0; at < many.Length; at++)
        {
            items.SetValue(Convert(many[at], element, kind), at);
        }

        return type.GetMethod("op_Implicit", [items.GetType()])!.Invoke(null, [items])!;
    }
}
