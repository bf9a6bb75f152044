using System.Reflection;
using System.Reflection.Emit;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>
/// Reads properties of a view by name. Views are ref structs, which reflection cannot hold; so a small method is emitted for each
/// property: it parses octets to the view and boxes the property, or boxes the WireError.
/// </summary>
internal sealed class ViewReader : IFieldReader
{
    private readonly Dictionary<string, Func<byte[], object>> properties;

    private ViewReader(Type view)
    {
        properties = Readable(view).ToDictionary(property => property.Name, property => Emit(view, null, property));
        if (view.GetProperty("Header") is { } header)
        {
            foreach (var property in Readable(header.PropertyType))
            {
                properties.Add(property.Name, Emit(view, header, property));
            }
        }
    }

    /// <summary>A reader of the view of a message; null for a message without one.</summary>
    internal static ViewReader? Of(Type message) => message.Assembly.GetType(message.FullName + "View") is { } view ? new ViewReader(view) : null;

    public IEnumerable<string> Names => properties.Keys;

    /// <summary>The value of a property, or a WireError when the octets are no such view.</summary>
    public object Read(string property, byte[] octets) => properties[property](octets);

    private static IEnumerable<PropertyInfo> Readable(Type view) => view.GetProperties().Where(property => !property.PropertyType.IsByRefLike);

    private static Func<byte[], object> Emit(Type view, PropertyInfo? through, PropertyInfo property)
    {
        var method = new DynamicMethod(view.Name + property.Name, typeof(object), [typeof(byte[])], typeof(ViewReader), skipVisibility: true);
        var il = method.GetILGenerator();
        var parsed = il.DeclareLocal(view);
        var error = il.DeclareLocal(typeof(WireError));
        var good = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(ReadOnlySpan<byte>).GetMethod("op_Implicit", [typeof(byte[])])!);
        il.Emit(OpCodes.Ldloca, parsed);
        il.Emit(OpCodes.Ldloca, error);
        il.Emit(OpCodes.Call, view.GetMethod("TryParse", [typeof(ReadOnlySpan<byte>), view.MakeByRefType(), error.LocalType.MakeByRefType()])!);
        il.Emit(OpCodes.Brtrue, good);
        il.Emit(OpCodes.Ldloc, error);
        il.Emit(OpCodes.Box, error.LocalType);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(good);
        il.Emit(OpCodes.Ldloca, parsed);
        if (through is not null)
        {
            var header = il.DeclareLocal(through.PropertyType);
            il.Emit(OpCodes.Call, through.GetMethod!);
            il.Emit(OpCodes.Stloc, header);
            il.Emit(OpCodes.Ldloca, header);
        }

        il.Emit(OpCodes.Call, property.GetMethod!);
        il.Emit(OpCodes.Box, property.PropertyType);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Func<byte[], object>>();
    }
}
