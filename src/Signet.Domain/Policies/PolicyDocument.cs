using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Policies;

/// <summary>
/// A policy that was read and found good, ready for <see cref="PolicyEvaluator"/>. What a document may say is decided here, when it is
/// put, and strictly: everything in it is known and has one meaning (docs/ses-differences.md). Immutable.
/// </summary>
public sealed class PolicyDocument
{
    /// <summary>Bytes of UTF-8, as given, of a policy on an identity (SES: 4 KB).</summary>
    public const int MaxIdentityPolicyBytes = 4096;

    /// <summary>Bytes of UTF-8, as given, of a user's policy (the size of a managed policy of IAM).</summary>
    public const int MaxUserPolicyBytes = 6144;

    /// <summary>All that a policy on an identity can allow or deny (docs/ses-differences.md).</summary>
    public static IReadOnlyList<string> SendActions { get; } =
        ["ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail", "ses:SendBounce"];

    /// <summary>The place of an action in <see cref="SendActions"/>, without case; -1 for another.</summary>
    internal static int IndexOfSendAction(string action)
    {
        for (var i = 0; i < SendActions.Count; i++)
        {
            if (SendActions[i].Equals(action, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    private PolicyDocument(string compactText, Statement[] statements)
        : this(compactText, PolicyVersion.Of(compactText), statements)
    {
    }

    private PolicyDocument(string compactText, PolicyVersion version, Statement[] statements)
    {
        CompactText = compactText;
        Version = version;
        Statements = statements;
    }

    /// <summary>
    /// The text without insignificant white space; order of keys, escapes and spelling of numbers as given. This is what is stored and
    /// what GetIdentityPolicies returns.
    /// </summary>
    public string CompactText { get; }

    /// <summary>Of the text that is stored: <see cref="CompactText"/>, unless an earlier program stored another.</summary>
    public PolicyVersion Version { get; }

    internal Statement[] Statements { get; }

    /// <summary>The policy as what this text, which is stored, is taken for.</summary>
    internal PolicyDocument StoredAs(string text) => text == CompactText ? this : new(CompactText, PolicyVersion.Of(text), Statements);

    /// <summary>Reads a sending-authorization policy, which must speak of the identity it hangs on.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="identity">The identity: the one Resource that is allowed.</param>
    /// <param name="document">The policy.</param>
    /// <param name="problem">One sentence that says what is wrong and where: the message of SES's <c>InvalidPolicy</c>.</param>
    public static bool TryParseForIdentity(
        string text,
        IdentityArn identity,
        [NotNullWhen(true)] out PolicyDocument? document,
        [NotNullWhen(false)] out string? problem) =>
        (problem = Read(text, identity, out document)?.Sentence) is null;

    /// <summary>
    /// Reads a policy that says what a user may do, as IAM writes it: no Principal, Action or NotAction, Resource or NotResource.
    /// Actions other than those of <c>ses:</c> may stand there and match nothing.
    /// </summary>
    /// <inheritdoc cref="TryParseForIdentity" path="/param"/>
    public static bool TryParseForUser(
        string text,
        [NotNullWhen(true)] out PolicyDocument? document,
        [NotNullWhen(false)] out string? problem) =>
        (problem = Read(text, null, out document)?.Sentence) is null;

    /// <summary>For an editor: what the others refuse, with the line that it is about. Null when the text is a policy.</summary>
    /// <param name="text">JSON.</param>
    /// <param name="identity">The identity that the policy hangs on; null for a user's policy.</param>
    public static PolicyProblem? FindProblem(string text, IdentityArn? identity) => Read(text, identity, out _);

    /// <summary>
    /// For an editor: which addresses the text denies less than it seems to (<see cref="DenyGaps"/>); none when it is no policy.
    /// </summary>
    /// <inheritdoc cref="FindProblem" path="/param"/>
    public static IReadOnlyList<string> FindGaps(string text, IdentityArn? identity)
    {
        Read(text, identity, out var document);
        return document is null ? [] : DenyGaps.Of(document, identity);
    }

    private static PolicyProblem? Read(string text, IdentityArn? identity, out PolicyDocument? document)
    {
        try
        {
            using var json = StrictJson.Parse(text, identity is null ? MaxUserPolicyBytes : MaxIdentityPolicyBytes);
            document = new PolicyDocument(StrictJson.Compact(text), PolicyReader.Read(json.RootElement, identity));
            return null;
        }
        catch (PolicyFormatException e)
        {
            document = null;
            return new PolicyProblem(Printable(e.Message), e.Path is { } path ? StrictJson.LineOf(text, path) : e.Line);
        }
    }

    /// <summary>A message quotes the document, which may hold what neither a terminal nor XML can show, and be long.</summary>
    private static string Printable(string message)
    {
        var shown = Excerpt.Of(message);
        return string.Create(shown.Length, shown, (printable, m) =>
        {
            for (var i = 0; i < m.Length; i++)
            {
                printable[i] = char.IsControl(m[i]) || m[i] is '\ufffe' or '\uffff' ? '\ufffd' : m[i];
            }
        });
    }
}

/// <summary>Why a text is not a policy.</summary>
/// <param name="Sentence">What is wrong and where.</param>
/// <param name="Line">
/// The line to look at, from 1: that of the wrong value, or of what lacks one where it begins. Null when it is about the whole.
/// </param>
public sealed record PolicyProblem(string Sentence, int? Line);
