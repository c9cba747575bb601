using Signet.Identities;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Identities;

/// <summary>The identities of the account in this region, whatever their status, by name and in pages.</summary>
internal static class ListIdentities
{
    private const int MaxPage = 1000;
    private const string TokenKind = "identities";

    private static readonly Member<string?> Type = Member.Optional("IdentityType", Shapes.OneOf(Enum.GetNames<IdentityKind>()));
    private static readonly Member<string?> NextToken = Member.Optional("NextToken", Shapes.Text());
    private static readonly Member<int?> MaxItems = Member.OptionalValue("MaxItems", Shapes.Number);

    public static Structure Input { get; } = new(Type, NextToken, MaxItems);

    public static async Task<Reply> HandleAsync(ActionContext context, Fields input, CancellationToken cancel)
    {
        var size = input.Get(MaxItems) ?? MaxPage;
        if (size is < 1 or > MaxPage)
        {
            throw new AwsException(SesError.InvalidParameterValue(
                $"Value {size} for parameter MaxItems is invalid. MaxItems must be between 1 and {MaxPage}."));
        }

        // An empty token is none.
        string? after = null;
        if (input.Get(NextToken) is { Length: > 0 } token && !PageToken.TryRead(token, TokenKind, context.Caller.Region, out after))
        {
            throw new AwsException(SesError.InvalidParameterValue($"Invalid NextToken <{token}>."));
        }

        IdentityKind? kind = input.Get(Type) is { } type ? Enum.Parse<IdentityKind>(type) : null;

        // One more than asked for tells whether there is a next page.
        var found = await context.Domain.IdentityStore.ListAsync(context.Scope, kind, after, size + 1, cancel);
        var page = found.Take(size).Select(i => i.Arn.Name.Value).ToList();
        return result =>
        {
            result.List("Identities", page);
            result.Text("NextToken", found.Count > size ? PageToken.Write(TokenKind, context.Caller.Region, page[^1]) : null);
        };
    }
}
