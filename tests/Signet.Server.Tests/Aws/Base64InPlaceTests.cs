using System.Buffers;
using System.Buffers.Text;
using System.Text;
using CsCheck;
using Signet.Server.Aws;

namespace Signet.Server.Tests.Aws;

public sealed class Base64InPlaceTests
{
    private static readonly Gen<byte[]> Content = Gen.Byte.Array[0, 20_000];

    [Fact]
    public void It_decodes_what_the_runtime_decodes_and_refuses_what_it_refuses() =>
        Gen.Select(Content, Gen.Int[0, 5], Gen.Int[0, 1_000_000]).Sample((bytes, change, place) =>
        {
            var text = Changed(Convert.ToBase64String(bytes), change, place);
            var whole = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
            var isWhole = Base64.DecodeFromUtf8(text, whole, out _, out var wanted) == OperationStatus.Done;

            Assert.Equal(isWhole, Base64InPlace.TryDecode(text, out var length));
            Assert.True(!isWhole || text.AsSpan(0, length).SequenceEqual(whole.AsSpan(0, wanted)));
        });

    private static byte[] Changed(string text, int change, int place)
    {
        var at = place % (text.Length + 1);
        return Encoding.ASCII.GetBytes(change switch
        {
            1 => text.Insert(at, " "),
            2 => text.Insert(at, "\r\n"),
            3 => text.Insert(at, "="),
            4 => text.TrimEnd('='),
            5 => string.Join("\r\n", text.Chunk(76).Select(line => new string(line))),
            _ => text,
        });
    }
}
