using DsmipTools.Engine.Security;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.Security;

public class SecurityAssociationsTests
{
    private static readonly Address Home = "10.1.1.7";

    [Fact]
    public void Associations_are_found_by_home_address_and_SPI()
    {
        var store = new SecurityAssociations();
        var high = new SecurityAssociation(300, Home, [1]);
        var low = new SecurityAssociation(256, Home, [2]);
        var other = new SecurityAssociation(256, "10.1.1.6", [3]);
        store.Add(high);
        store.Add(low);
        store.Add(other);
        Assert.Same(high, store.Find(Home, 300));
        Assert.Same(other, store.Find("10.1.1.6", 256));
        Assert.Null(store.Find(Home, 257));
        Assert.Equal([low, high], store.Find(Home));
        Assert.Equal([other, low, high], store.List());
    }

    [Fact]
    public void One_home_address_has_one_association_for_each_SPI()
    {
        var store = new SecurityAssociations();
        store.Add(new SecurityAssociation(256, Home, [1]));
        Assert.False(store.TryAdd(new SecurityAssociation(256, Home, [2])));
        Assert.Throws<ArgumentException>(() => store.Add(new SecurityAssociation(256, Home, [2])));
        Assert.True(store.Remove(Home, 256));
        Assert.False(store.Remove(Home, 256));
        Assert.Empty(store.Find(Home));
        Assert.Empty(store.List());
    }

    [Fact]
    public void Readers_go_on_while_writers_change_it()
    {
        var store = new SecurityAssociations();
        var kept = new SecurityAssociation(1000, Home, [1]);
        store.Add(kept);
        using var stop = new CancellationTokenSource();
        var misses = 0;
        var reader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                misses += ReferenceEquals(store.Find(Home, 1000), kept) ? 0 : 1;
            }
        });
        reader.Start();
        for (uint round = 0; round < 20_000; round++)
        {
            var added = new SecurityAssociation(256 + (round % 50), Home, [2]);
            if (!store.TryAdd(added))
            {
                store.Remove(Home, added.SecurityParameterIndex);
            }
        }

        stop.Cancel();
        reader.Join();
        Assert.Equal(0, misses);
    }

    [Fact]
    public void Looking_up_does_not_allocate()
    {
        var store = new SecurityAssociations();
        store.Add(new SecurityAssociation(256, Home, [1]));
        var found = 0;
        for (var warm = 0; warm < 100; warm++)
        {
            found += store.Find(Home, 256) is null ? 0 : 1;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            found += store.Find(Home, 256) is null ? 0 : 1;
            found += store.Find(Home, 999) is null ? 0 : 1;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1100, found);
    }
}
