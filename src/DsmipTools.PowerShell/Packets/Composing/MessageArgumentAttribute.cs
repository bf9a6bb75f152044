using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure.Arguments;
using DsmipTools.Wire;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Lets a parameter that takes a message take the decoded packet which holds it.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class MessageArgumentAttribute<TMessage> : ArgumentTransformationAttribute
    where TMessage : Structure
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) => Arguments.Unwrap(inputData) switch
    {
        TMessage message => message,
        DsmipPacket { Message: TMessage message } => message,
        DsmipPacket packet => throw new ArgumentTransformationMetadataException($"The packet holds no {typeof(TMessage).Name}: {packet.Summary}"),
        var other => other,
    };
}
