using System.Diagnostics.CodeAnalysis;
using Signet.Addresses;

namespace Signet.Names;

/// <summary>What can be verified: an email address or a domain; the <c>@</c> tells which (SES <c>IdentityType</c>).</summary>
public abstract record IdentityName
{
    private IdentityName()
    {
    }

    /// <summary>The domain itself, or the one of the address.</summary>
    public abstract DomainName Domain { get; }

    /// <summary>The spelling used as a key: local part with case, domain without.</summary>
    public abstract string Value { get; }

    /// <summary>
    /// True when a verified identity of this name lets its owner use <paramref name="address"/>: the address itself or one that
    /// adds a label to it; for a domain every address at it or below it (SES Developer Guide, "Verified identities").
    /// </summary>
    public abstract bool Covers(EmailAddress address);

    public static bool TryParse(string? text, [NotNullWhen(true)] out IdentityName? name)
    {
        name = null;
        if (text is null)
        {
            return false;
        }

        if (text.Contains('@', StringComparison.Ordinal))
        {
            name = EmailAddress.TryParse(text, out var address) ? new OfAddress(address) : null;
        }
        else
        {
            name = DomainName.TryParse(text, out var domain) ? new OfDomain(domain) : null;
        }

        return name is not null;
    }

    /// <exception cref="FormatException"><paramref name="text"/> is neither an address nor a domain.</exception>
    public static IdentityName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"`{text}` is neither an email address nor a domain");

    /// <summary>
    /// The names whose verification would cover <paramref name="address"/>, most specific first: the address, the address
    /// without its label, its domain, the parents of that. Settings come from the first of them that exists.
    /// </summary>
    public static IReadOnlyList<IdentityName> Covering(EmailAddress address)
    {
        var bare = address.WithoutLabel();
        List<IdentityName> names = [new OfAddress(address)];
        if (bare != address)
        {
            names.Add(new OfAddress(bare));
        }

        names.AddRange(address.Domain.SelfAndParents().Select(d => new OfDomain(d)));
        return names;
    }

    public sealed override string ToString() => Value;

    /// <summary>An email address.</summary>
    public sealed record OfAddress(EmailAddress Address) : IdentityName
    {
        public override DomainName Domain => Address.Domain;

        public override string Value => Address.ToString();

        public override bool Covers(EmailAddress address) => Address == address || Address == address.WithoutLabel();
    }

    /// <summary>A domain.</summary>
    public sealed record OfDomain(DomainName Name) : IdentityName
    {
        public override DomainName Domain => Name;

        public override string Value => Name.Value;

        public override bool Covers(EmailAddress address) => Name.Covers(address.Domain);
    }
}
