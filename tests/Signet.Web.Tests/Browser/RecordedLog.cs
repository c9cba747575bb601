using System.Text;

namespace Signet.Web.Tests.Browser;

/// <summary>Where a server under test writes its log.</summary>
internal sealed class RecordedLog : MemoryStream
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim written = new(0);

    public string Text
    {
        get
        {
            lock (gate)
            {
                return Encoding.UTF8.GetString(ToArray());
            }
        }
    }

    public IReadOnlyList<string> Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines that have the text, as soon as there are so many, without what stands before the message.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string text, int count = 1)
    {
        while (true)
        {
            string[] found = [.. Lines.Where(l => l.Contains(text, StringComparison.Ordinal)).Select(l => l[(l.IndexOf("] ", StringComparison.Ordinal) + 2)..])];
            if (found.Length >= count)
            {
                return found;
            }

            await written.InTimeAsync($"no `{text}` in:\n{Text}");
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (gate)
        {
            base.Write(buffer);
        }

        written.Release();
    }
}
