using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Signet.Operators;

namespace Signet.Web.SignIn;

/// <summary>The keys of ASP.NET's data protection, which seal sessions, in Signet's own store: good after a restart, and on every node.</summary>
internal sealed class SessionKeyRing(ISessionKeyStore store) : IXmlRepository
{
    // The interface has no other way; it is asked a few times a day.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. store.ListAsync(CancellationToken.None).GetAwaiter().GetResult().Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) =>
        store.AddAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None).GetAwaiter().GetResult();
}
