using System.Globalization;
using System.Text.Json;
using DsmipTools.Net;
using DsmipTools.Net.Namespaces;

namespace DsmipTools.Labs;

/// <summary>
/// What labs have on this host outside their namespaces, and whose it is. Names of namespaces begin with <c>dsmip-PID.LAB</c>, and a file says which
/// process has the lab: it is written before the first of them and removed after the last, so that what nobody speaks for is left over from a crash.
/// </summary>
internal static class LabRegistry
{
    public const string NamePrefix = "dsmip-";
    public const string FilesFolder = "/etc/netns";

    private const string Folder = "/run/dsmip";
    private const string MadeFolders = $"{Folder}/folders";
    private const string MadeMount = "mount";

    /// <summary>Says that this process has a lab; false where it may not write to /run.</summary>
    public static bool TryRegister(string prefix, string lab)
    {
        try
        {
            if (Abandoned().Any(found => found.Prefix == prefix))
            {
                // The process had our number.
                Remove(prefix);
            }

            Directory.CreateDirectory(Folder);
            var owner = new Owner(lab, Environment.ProcessId, ProcessIdentity.Current.Start);
            // Whole or not at all: a process that looks meanwhile must not take it for abandoned.
            var written = $"{FileOf(prefix)}.{Guid.NewGuid():N}";
            File.WriteAllText(written, JsonSerializer.Serialize(owner));
            try
            {
                File.Move(written, FileOf(prefix));
            }
            catch
            {
                File.Delete(written);
                throw;
            }

            return true;
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException || (exception is IOException && !File.Exists(FileOf(prefix))))
        {
            return false;
        }
        catch (IOException exception)
        {
            throw new ArgumentException($"This process has a lab with the name {lab} already.", exception);
        }
    }

    /// <summary>Makes a folder that is removed when it is empty and no lab is left; one that was there stays.</summary>
    public static void MakeFolder(string path)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            File.AppendAllLines(MadeFolders, [path]);
        }
    }

    /// <summary>Makes the place where namespaces have names, in the same way; where that is not allowed the lab is forgotten.</summary>
    public static bool TryPrepareNames(string prefix)
    {
        try
        {
            MakeFolder(NetworkNamespace.Folder);
            if (NetworkNamespace.PrepareFolder())
            {
                File.AppendAllLines(MadeFolders, [MadeMount]);
            }

            return true;
        }
        catch (Exception exception) when (exception is NetException or UnauthorizedAccessException)
        {
            Remove(prefix);
            return false;
        }
    }

    /// <summary>Removes all that a lab has outside its namespaces, and its namespaces' names.</summary>
    public static void Remove(string prefix)
    {
        foreach (var name in NamespacesOf(prefix))
        {
            NetworkNamespace.Delete(name);
        }

        foreach (var folder in FoldersOf(prefix))
        {
            Directory.Delete(folder, recursive: true);
        }

        if (Directory.Exists(Folder))
        {
            File.Delete(FileOf(prefix));
            RemoveFolders();
        }
    }

    /// <summary>The labs that no process has.</summary>
    public static IEnumerable<(string Prefix, Owner? Owner)> Abandoned()
    {
        var known = Prefixes().ToDictionary(prefix => prefix, ReadOwner);
        return known.Where(pair => pair.Value is not { } owner || !new ProcessIdentity(owner.ProcessId, owner.Start).IsAlive).Select(pair => (pair.Key, pair.Value));
    }

    public static IEnumerable<string> NamespacesOf(string prefix) => NetworkNamespace.Names().Where(name => PrefixOf(name) == prefix);

    private static IEnumerable<string> FoldersOf(string prefix) => Folders(FilesFolder).Where(path => PrefixOf(Path.GetFileName(path)) == prefix);

    private static IEnumerable<string> Prefixes()
    {
        var files = Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)) : [];
        return files.Concat(NetworkNamespace.Names()).Concat(Folders(FilesFolder).Select(path => Path.GetFileName(path)))
            .Select(PrefixOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Folders(string path) => Directory.Exists(path) ? Directory.EnumerateDirectories(path) : [];

    /// <summary>The first two of the parts of a name that is ours; null for another one.</summary>
    private static string? PrefixOf(string name) =>
        name.Split('.') is [var process, var lab, ..]
        && process.StartsWith(NamePrefix, StringComparison.Ordinal)
        && int.TryParse(process.AsSpan(NamePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"{process}.{lab}"
            : null;

    private static string FileOf(string prefix) => $"{Folder}/{prefix}.json";

    private static Owner? ReadOwner(string prefix)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(File.ReadAllText(FileOf(prefix)));
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void RemoveFolders()
    {
        if (Directory.EnumerateFiles(Folder, "*.json").Any())
        {
            return;
        }

        try
        {
            foreach (var line in File.Exists(MadeFolders) ? File.ReadAllLines(MadeFolders).Reverse() : [])
            {
                if (line == MadeMount)
                {
                    NetworkNamespace.ReleaseFolder();
                }
                else if (Directory.Exists(line))
                {
                    Directory.Delete(line);
                }
            }

            File.Delete(MadeFolders);
            Directory.Delete(Folder);
        }
        catch (IOException)
        {
            // Somebody else has something there by now.
        }
    }

    /// <summary>Who has a lab.</summary>
    internal sealed record Owner(string Lab, int ProcessId, string Start);
}
