namespace DsmipTools.Wire.Tests.Support;

/// <summary>A file that is gone after the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    internal TemporaryFile(byte[] content)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(Path, content);
    }

    internal string Path { get; }

    public void Dispose() => File.Delete(Path);
}
