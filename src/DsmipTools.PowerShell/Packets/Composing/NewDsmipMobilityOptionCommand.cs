using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes a mobility option of any type.</summary>
[Cmdlet(VerbsCommon.New, "DsmipMobilityOption")]
[OutputType(typeof(MobilityOption))]
public sealed class NewDsmipMobilityOptionCommand : PartCmdlet
{
    /// <summary>Makes the cmdlet.</summary>
    public NewDsmipMobilityOptionCommand()
        : base(PartKinds.MobilityOptions)
    {
    }
}
