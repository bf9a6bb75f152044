namespace DsmipTools.Engine.Bindings;

/// <summary>Something that stands in one list of <see cref="Members{T}"/> at a time.</summary>
internal interface IMember<T>
    where T : class, IMember<T>
{
    T? Previous { get; set; }

    T? Next { get; set; }
}

/// <summary>A list whose members are linked through themselves: joining and leaving cost the same at any size, and allocate nothing.</summary>
internal class Members<T>
    where T : class, IMember<T>
{
    private T? first;

    public int Count { get; private set; }

    public void Add(T member)
    {
        member.Previous = null;
        member.Next = first;
        if (first is not null)
        {
            first.Previous = member;
        }

        first = member;
        Count++;
    }

    public void Remove(T member)
    {
        if (member.Previous is { } previous)
        {
            previous.Next = member.Next;
        }
        else
        {
            first = member.Next;
        }

        if (member.Next is { } next)
        {
            next.Previous = member.Previous;
        }

        member.Next = member.Previous = null;
        Count--;
    }

    public bool Any(Func<T, bool> condition)
    {
        var member = first;
        while (member is not null && !condition(member))
        {
            member = member.Next;
        }

        return member is not null;
    }

    public void CopyTo(List<T> list)
    {
        for (var member = first; member is not null; member = member.Next)
        {
            list.Add(member);
        }
    }
}
