using System.Diagnostics;
using Signet.Sending;
using Signet.Server.Aws;

namespace Signet.Server.Ses;

/// <summary>
/// Version 1 of the SES API: a form, in the body or in the query string, whose parameter <c>Action</c> names a row of
/// <see cref="SesActions"/>, answered in XML.
/// </summary>
internal sealed class SesService(MailSystem domain, SesOptions options) : AwsService(Names)
{
    private const string Service = "ses";

    /// <summary>
    /// What SES's hosts are called, <c>email.us-east-1.amazonaws.com</c>. Some clients sign for it, and version 1 takes it.
    /// </summary>
    private const string HostService = "email";

    /// <summary>What credential scopes may call SES.</summary>
    public static IReadOnlyList<string> Names { get; } = [Service, HostService];

    public override string ApiVersion => "1";

    public override int BodyLimit { get; } = RequestBody.Bound(options.MaxMessageBytes);

    public override string BodyTypeOf(HttpRequest request) => QueryParameters.MediaType;

    /// <summary>Whether the service of a credential scope is SES.</summary>
    public static bool IsNamed(ReadOnlySpan<char> service) => service is Service or HostService;

    public override AwsCall Find(Exchange exchange, IReadOnlyList<FormPair> query, Memory<byte> body)
    {
        var parameters = QueryParameters.Of([.. query, .. FormEncoding.DecodeInPlace(body)]);
        var action = Find(parameters, exchange);
        return new AwsCall(action.Input, parameters.Root, (caller, input, id, cancel) => PerformAsync(action, caller, input, id, cancel))
        {
            IsLimited = options.LimitRequests && !action.Sends,
            NeedsPermission = !action.Sends,
        };
    }

    public override AwsAnswer Failure(HttpRequest request, AwsError error, string requestId) => SesXml.Failure(error, requestId);

    private static SesAction.Supported Find(QueryParameters parameters, Exchange exchange)
    {
        if (parameters.Find("Action") is not { Length: > 0 } name)
        {
            throw new AwsException(AwsError.MissingAction());
        }

        exchange.Asked = name;

        // Several clients never send one.
        var version = parameters.Find("Version") is { Length: > 0 } given ? given : SesActions.Version;
        if (version != SesActions.Version || SesActions.Find(name) is not { } action)
        {
            throw new AwsException(AwsError.NoSuchOperation(name, version));
        }

        exchange.Action = action.Name;
        return action switch
        {
            SesAction.Supported supported => supported,
            SesAction.Unsupported unsupported => throw new AwsException(SesError.NotSupported(unsupported.Name, unsupported.Missing)),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<AwsAnswer> PerformAsync(
        SesAction.Supported action, Caller caller, Fields input, string requestId, CancellationToken cancel)
    {
        var reply = await action.Handler(new ActionContext(caller, domain, options), input, cancel);
        return SesXml.Success(action, reply, requestId);
    }
}
