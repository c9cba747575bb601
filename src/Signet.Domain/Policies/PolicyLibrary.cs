using System.Collections.Concurrent;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// Stored policies, read once: a document is parsed when it is first needed and kept while it is used, so that a send costs an
/// evaluation and no parsing. Bounded; safe to share.
/// </summary>
public sealed class PolicyLibrary
{
    // Some 4 KB each: a few megabytes at most. Beyond that everything is forgotten and read again as needed.
    private const int MaxDocuments = 4_096;

    private readonly ConcurrentDictionary<(string? Identity, string Text), PolicyDocument> _documents = new();

    /// <summary>The policies on an identity, ready to be evaluated.</summary>
    public IReadOnlyList<(string Name, PolicyDocument Document)> ForIdentity(IdentityArn identity, IReadOnlyList<NamedPolicy> policies)
    {
        var arn = identity.ToString();
        return [.. policies.Select(p => (p.Name.Value, Read(arn, p.Document, () =>
            PolicyDocument.TryParseForIdentity(p.Document, identity, out var document, out _) ? document : DenyAll(identity))))];
    }

    /// <summary>The policies of a user, ready to be evaluated.</summary>
    public IReadOnlyList<(string Name, PolicyDocument Document)> ForUser(IReadOnlyList<NamedPolicy> policies) =>
        [.. policies.Select(p => (p.Name.Value, Read(null, p.Document, () =>
            PolicyDocument.TryParseForUser(p.Document, out var document, out _) ? document : DenyAll(null))))];

    private PolicyDocument Read(string? identity, string text, Func<PolicyDocument> parse)
    {
        if (_documents.Count >= MaxDocuments)
        {
            _documents.Clear();
        }

        return _documents.GetOrAdd((identity, text), static (key, parse) => parse().StoredAs(key.Text), parse);
    }

    // A document was understood when it was put. If this version does not understand it any more, what it denied must stay denied:
    // everything is, and the trace shows the Sid.
    private static PolicyDocument DenyAll(IdentityArn? identity)
    {
        PolicyDocument? document;
        string? problem;
        var done = identity is null
            ? PolicyDocument.TryParseForUser(
                """{"Statement":{"Sid":"Unreadable","Effect":"Deny","Action":"*","Resource":"*"}}""", out document, out problem)
            : PolicyDocument.TryParseForIdentity(
                $$$"""{"Statement":{"Sid":"Unreadable","Effect":"Deny","Principal":"*","Action":"ses:*","Resource":"{{{JsonEncoded(identity)}}}"}}""",
                identity,
                out document,
                out problem);
        return done ? document! : throw new InvalidOperationException(problem);
    }

    private static string JsonEncoded(IdentityArn identity) => System.Text.Json.JsonEncodedText.Encode(identity.ToString()).ToString();
}
