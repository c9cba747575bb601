using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>Does one action: decoded input in, the members of its result out.</summary>
/// <exception cref="AwsException">The request cannot be done.</exception>
internal delegate Task<Reply> ActionHandler(ActionContext context, Fields input, CancellationToken cancel);

/// <summary>The families in which SES's reference groups its actions.</summary>
internal enum Family
{
    Sending,
    SendingAuthorization,
    Identities,
    Account,
    Templates,
    CustomVerification,
    ConfigurationSets,
    Receiving,
}

/// <summary>A row of <see cref="SesActions"/>: an operation of the API, answered or not.</summary>
internal abstract record SesAction(Family Family, string Name)
{
    /// <summary>An operation that Signet answers.</summary>
    public sealed record Supported(Family Family, string Name, Structure Input, ActionHandler Handler) : SesAction(Family, Name)
    {
        /// <summary>
        /// True for actions that send mail: the domain checks their permission, rate and quota by message. Every other action needs
        /// a user policy that allows it, and is limited to one request per second.
        /// </summary>
        public bool Sends => Family == Family.Sending;

        /// <summary>False for the actions whose answer has no Result element (the SES model, operations without output).</summary>
        public bool HasResult { get; init; } = true;
    }

    /// <summary>An operation of SES that Signet does not have.</summary>
    /// <param name="Family">Its family.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Missing">What Signet lacks for it, in the plural or without number: goes on after "it has no".</param>
    public sealed record Unsupported(Family Family, string Name, string Missing) : SesAction(Family, Name);
}
