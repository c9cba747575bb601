using System.Net;
using Signet.Addresses;
using Signet.Names;

namespace Signet.Identities;

/// <summary>
/// The mail that asks whether an address may be used. Its link is a secret, above all from the account that asked, so the mail is the
/// server's own.
/// </summary>
/// <param name="Owner">The account that asked.</param>
/// <param name="To">The address to be confirmed; the only recipient.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Text">The text body.</param>
/// <param name="Html">The HTML body; it says the same.</param>
/// <param name="Link">What to open to say yes; also in both bodies.</param>
public sealed record ConfirmationMail(AccountRegion Owner, EmailAddress To, string Subject, string Text, string Html, Uri Link)
{
    /// <summary>The words are ours: SES's mail names Amazon, and whoever gets this one should know who is asking.</summary>
    /// <param name="identity">The address identity.</param>
    /// <param name="hostname">This server.</param>
    /// <param name="link">The confirmation link.</param>
    internal static ConfirmationMail For(IdentityArn identity, DomainName hostname, Uri link)
    {
        var owner = identity.Owner;
        var address = ((IdentityName.OfAddress)identity.Name).Address;
        var subject = $"Confirm {address} for sending mail with Signet in region {owner.Region}";
        var text = $"""
            Account {owner.Account} of the Signet server {hostname} asks to send mail from the
            address {address} in region {owner.Region}.

            If this was you, open this link within 24 hours:

            {link}

            If you did not ask for this, do nothing: without the link nobody can send from
            your address here, and it stops working after 24 hours.

            """;
        var html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><title>{Encode(subject)}</title></head>
            <body>
            <p>Account {owner.Account} of the Signet server {Encode(hostname.Value)} asks to send mail from the
            address <b>{Encode(address.ToString())}</b> in region {owner.Region}.</p>
            <p>If this was you, open this link within 24 hours:</p>
            <p><a href="{Encode(link.AbsoluteUri)}">{Encode(link.AbsoluteUri)}</a></p>
            <p>If you did not ask for this, do nothing: without the link nobody can send from
            your address here, and it stops working after 24 hours.</p>
            </body>
            </html>

            """;
        return new ConfirmationMail(owner, address, subject, text, html, link);
    }

    /// <summary>Without the bodies and the link, which must not get into a log.</summary>
    public override string ToString() => $"confirmation mail of {Owner}";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
