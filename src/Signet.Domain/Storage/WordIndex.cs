namespace Signet.Storage;

/// <summary>The words of messages: SQLite's FTS5 and PostgreSQL's <c>tsvector</c> do the same by other statements.</summary>
/// <param name="Matches">The condition of a row of <c>searchable m</c> that has all the words of <c>@text</c>.</param>
/// <param name="Insert">Keeps <c>@words</c>, separated by blanks, of the message <c>@id</c>, which is in <c>message_search</c>.</param>
/// <param name="Delete">Forgets those of the message <c>@id</c> while it is there.</param>
/// <param name="Query">The value of <c>@text</c> for the beginnings of words; words are letters and digits, so nothing needs escaping.</param>
internal sealed record WordIndex(string Matches, string Insert, string Delete, Func<IReadOnlyList<string>, string> Query)
{
    public static WordIndex Sqlite { get; } = new(
        "m.number IN (SELECT rowid FROM message_words WHERE message_words MATCH @text)",
        "INSERT INTO message_words (rowid, words) SELECT number, @words FROM message_search WHERE message_id = @id",
        "DELETE FROM message_words WHERE rowid = (SELECT number FROM message_search WHERE message_id = @id)",
        words => string.Join(' ', words.Select(w => $"\"{w}\"*")));

    public static WordIndex Postgres { get; } = new(
        "m.id IN (SELECT message_id FROM message_words WHERE words @@ @text::tsquery)",
        "INSERT INTO message_words (message_id, words) VALUES (@id, array_to_tsvector(string_to_array(@words, ' ')))",
        "DELETE FROM message_words WHERE message_id = @id",
        words => string.Join(" & ", words.Select(w => $"'{w}':*")));
}
