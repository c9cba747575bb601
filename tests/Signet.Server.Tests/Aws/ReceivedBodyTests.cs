using System.Buffers;
using System.Security.Cryptography;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class ReceivedBodyTests
{
    [Fact]
    public void It_takes_memory_for_what_has_come_and_little_more()
    {
        using var body = new ReceivedBody();
        Assert.Equal(0, body.Capacity);

        body.Write(new byte[100]);
        Assert.InRange(body.Capacity, 100, 4_096);
        for (var i = 0; i < 100; i++)
        {
            body.Write(new byte[100_000]);
        }

        Assert.Equal(10_000_100, body.Length);
        Assert.InRange(body.Capacity, 10_000_100, 10_300_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(65_537)]
    [InlineData(1_000_003)]
    public void It_is_the_bytes_that_came(int length)
    {
        var bytes = new byte[length];
        TestRandom.New().NextBytes(bytes);
        foreach (var expected in new[] { 0, length / 2, length, length + 1 })
        {
            using var body = new ReceivedBody(expected);
            foreach (var piece in bytes.Chunk(7_001))
            {
                body.Write(piece);
            }

            Assert.Equal(SHA256.HashData(bytes), body.Hash());
            Assert.Equal(bytes, body.Join());
            Assert.Equal(bytes, body.Join());
            body.Dispose();
            Assert.Equal((0L, 0L), (body.Length, body.Capacity));
        }
    }

    [Fact]
    public void What_was_expected_lies_in_one_piece_that_is_not_copied()
    {
        using var body = new ReceivedBody(1_000_000);
        body.Write(new byte[1]);
        var first = body.Join();
        for (var i = 0; i < 999; i++)
        {
            body.Write(new byte[1_000]);
        }

        first.Span[0] = 7;
        Assert.Equal(7, body.Join().Span[0]);
    }
}
