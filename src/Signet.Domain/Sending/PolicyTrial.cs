using System.Diagnostics.CodeAnalysis;
using Signet.Names;
using Signet.Policies;

namespace Signet.Sending;

/// <summary>An unsaved policy to evaluate instead of the stored one of its name, or in addition to all if there is none.</summary>
public sealed record PolicyTrial
{
    private PolicyTrial(IdentityArn identity, PolicyName name, PolicyDocument document) =>
        (Identity, Name, Document) = (identity, name, document);

    /// <summary>The identity that it would hang on.</summary>
    public IdentityArn Identity { get; }

    public PolicyName Name { get; }

    public PolicyDocument Document { get; }

    /// <summary>Reads the text as it would be read when it is put (<see cref="PolicyDocument.TryParseForIdentity"/>).</summary>
    public static bool TryRead(
        IdentityArn identity,
        PolicyName name,
        string text,
        [NotNullWhen(true)] out PolicyTrial? trial,
        [NotNullWhen(false)] out string? problem)
    {
        trial = PolicyDocument.TryParseForIdentity(text, identity, out var document, out problem)
            ? new PolicyTrial(identity, name, document)
            : null;
        return trial is not null;
    }

    /// <summary>The stored policies of <see cref="Identity"/> with this one among them, by name as they are stored.</summary>
    internal IReadOnlyList<(string Name, PolicyDocument Document)> Among(IReadOnlyList<(string Name, PolicyDocument Document)> stored) =>
    [
        .. stored.Where(p => p.Name != Name.Value).Append((Name.Value, Document)).OrderBy(p => p.Item1, StringComparer.Ordinal),
    ];
}
