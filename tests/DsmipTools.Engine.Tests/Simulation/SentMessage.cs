using DsmipTools.Wire;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Engine.Tests.Simulation;

/// <summary>A message as an agent sent it: its octets, and what they mean.</summary>
internal sealed record SentMessage(TimeSpan At, Envelope Envelope, Octets Octets)
{
    /// <summary>The IP packet that it left in.</summary>
    public byte[] Packet { get; init; } = [];

    public MobilityMessage Message => field ??= Decode(Octets);

    public BindingUpdate Update => Assert.IsType<BindingUpdate>(Message);

    public BindingAcknowledgement Acknowledgement => Assert.IsType<BindingAcknowledgement>(Message);

    public BindingRevocationIndication Indication => Assert.IsType<BindingRevocationIndication>(Message);

    public BindingRevocationAcknowledgement Revoked => Assert.IsType<BindingRevocationAcknowledgement>(Message);

    /// <summary>The options without padding.</summary>
    public IReadOnlyList<MobilityOption> Options => [.. Message.Options.Where(option => option is not (Pad1Option or PadNOption))];

    public override string ToString() => $"{At} {Envelope} {Octets}";

    public T Option<T>()
        where T : MobilityOption => Assert.Single(Options.OfType<T>());

    private static MobilityMessage Decode(Octets octets)
    {
        Assert.True(MobilityHeaderView.TryParse(octets.Span, out var view, out var error), error.ToString());
        Assert.Equal(octets.Length, view.Octets.Length);
        return MobilityMessage.From(view);
    }
}
