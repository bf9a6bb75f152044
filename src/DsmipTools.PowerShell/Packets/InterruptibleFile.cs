namespace DsmipTools.PowerShell.Packets;

/// <summary>
/// A file that is read until Ctrl+C. A pipe may be opened before anybody writes to it and may have nothing to read for long, and a file may hold
/// no frame for long: none of that keeps the pipeline from stopping.
/// </summary>
internal sealed class InterruptibleFile : Stream
{
    private readonly FileStream file;
    private readonly CancellationToken cancellation;
    private byte[] piece = [];

    private InterruptibleFile(FileStream file, CancellationToken cancellation)
    {
        this.file = file;
        this.cancellation = cancellation;
    }

    public override bool CanRead => true;

    public override bool CanSeek => file.CanSeek;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => file.Position = value;
    }

    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    public static InterruptibleFile Open(string path, CancellationToken cancellation)
    {
        // On a thread of its own: that of a pipe without a writer stays until there is one.
        var opening = Task.Factory.StartNew(
            // The reader takes large pieces: a buffer between would only copy them.
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return new InterruptibleFile(opening.WaitAsync(cancellation).GetAwaiter().GetResult(), cancellation);
        }
        catch (OperationCanceledException)
        {
            _ = opening.ContinueWith(
                late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        if (file.CanSeek)
        {
            return file.Read(buffer);
        }

        // An interrupted read ends later and writes into its piece, which nobody looks at any more.
        if (piece.Length < buffer.Length)
        {
            piece = new byte[buffer.Length];
        }

        var got = file.ReadAsync(piece, 0, buffer.Length, CancellationToken.None).WaitAsync(cancellation).GetAwaiter().GetResult();
        piece.AsSpan(0, got).CopyTo(buffer);
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
