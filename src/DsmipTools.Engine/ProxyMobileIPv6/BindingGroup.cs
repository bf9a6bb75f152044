namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>The bindings of one realm at one peer, linked: what a realm revocation and a peer revocation walk over, and nothing else.</summary>
internal sealed class BindingGroup(string realm, MobilityPeer peer)
{
    private ProxyBinding? first;

    public string Realm { get; } = realm;

    public MobilityPeer Peer { get; } = peer;

    public int Count { get; private set; }

    public void Add(ProxyBinding binding)
    {
        binding.Group = this;
        binding.PreviousInGroup = null;
        binding.NextInGroup = first;
        if (first is not null)
        {
            first.PreviousInGroup = binding;
        }

        first = binding;
        Count++;
    }

    public void Remove(ProxyBinding binding)
    {
        if (binding.PreviousInGroup is { } previous)
        {
            previous.NextInGroup = binding.NextInGroup;
        }
        else
        {
            first = binding.NextInGroup;
        }

        if (binding.NextInGroup is { } next)
        {
            next.PreviousInGroup = binding.PreviousInGroup;
        }

        binding.Group = null;
        binding.NextInGroup = binding.PreviousInGroup = null;
        Count--;
    }

    public void CopyTo(List<ProxyBinding> bindings)
    {
        for (var binding = first; binding is not null; binding = binding.NextInGroup)
        {
            bindings.Add(binding);
        }
    }
}
