using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes an extension of a Mobile IPv4 message, of any type.</summary>
[Cmdlet(VerbsCommon.New, "DsmipExtension")]
[OutputType(typeof(Extension))]
public sealed class NewDsmipExtensionCommand : PartCmdlet
{
    /// <summary>Makes the cmdlet.</summary>
    public NewDsmipExtensionCommand()
        : base(PartKinds.Extensions)
    {
    }
}
