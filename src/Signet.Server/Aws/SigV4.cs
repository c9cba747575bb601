using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signet.Accounts;
using Signet.Names;

namespace Signet.Server.Aws;

/// <summary>The key of that id, or null if there is none that may be used.</summary>
internal delegate Task<AccessKey?> FindAccessKey(string accessKeyId, CancellationToken cancel);

/// <summary>Who signed a request, and for which region.</summary>
internal sealed record Authenticated(Principal Principal, Region Region);

/// <summary>
/// Checks Signature Version 4, in the Authorization header or presigned in the query string, over the bytes as they came (AWS Signature
/// Version 4, "Create a signed AWS API request"). It does so in two steps, so that a stranger's body is never read: first all that the head
/// tells, the key included, then the signature itself with the body.
/// </summary>
/// <param name="findKey">Where keys are looked up, see <see cref="KeyLookup"/>.</param>
/// <param name="regions">Those that a request may be scoped to.</param>
/// <param name="time">The clock that signatures are compared with.</param>
/// <param name="devKeys">Which keys nobody needs to make: they are named to one who uses another, or another secret.</param>
internal sealed class SigV4(FindAccessKey findKey, RegionSet regions, TimeProvider time, DevKeys devKeys = DevKeys.None)
{
    public const string Terminator = "aws4_request";

    private const string ContentHashHeader = "X-Amz-Content-SHA256";

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(15);

    private readonly KeyLookup _keys = new(findKey, time);
    private readonly SigningKeys _signingKeys = new();

    /// <summary>Reads what a request says of its own signature.</summary>
    /// <param name="head">The request without its body.</param>
    /// <exception cref="AwsException">As <see cref="SignatureClaim.Read"/>; MalformedQueryString.</exception>
    public SignatureClaim Read(RequestHead head) =>
        SignatureClaim.Read(head, FormEncoding.Decode(Encoding.UTF8.GetBytes(head.Query)), takesTokens: devKeys == DevKeys.Any);

    /// <summary>
    /// Whose the access key is that a refused request names, and the region that it names (the default one, if there is no such region); null when there is no such key, or too many
    /// unknown keys were named. It proves nothing.
    /// </summary>
    public async Task<AccountRegion?> OwnerNamedAsync(string accessKeyId, string region, string client, CancellationToken cancel)
    {
        try
        {
            return await _keys.FindAsync(accessKeyId, client, cancel) is { } key
                ? new AccountRegion(key.Owner.Account, regions.TryFind(region, out var named) ? named : regions.Default)
                : null;
        }
        catch (AwsException)
        {
            return null;
        }
    }

    /// <summary>Checks everything but the signature.</summary>
    /// <param name="head">The request without its body.</param>
    /// <param name="claim">What <see cref="Read"/> gave for it.</param>
    /// <param name="services">What its scope may name as the service; the first is its name.</param>
    /// <param name="client">Identifies the sender's network.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="AwsException">
    /// What SES answers to a signature that is incomplete, too old or of no known key; Throttling to a client that has named many keys that
    /// are not there.
    /// </exception>
    public async Task<PendingSignature> BeginAsync(
        RequestHead head, SignatureClaim claim, IReadOnlyList<string> services, string client, CancellationToken cancel)
    {
        var region = CheckScope(claim, services);
        CheckSignedHeaders(claim);
        CheckTime(claim);
        var key = await _keys.FindAsync(claim.AccessKeyId, client, cancel) ?? throw new AwsException(AwsError.InvalidClientTokenId(KeysToUse()));
        return new PendingSignature(key.Id, bodyHash =>
        {
            if (!key.TakesAnySecret)
            {
                Verify(head, claim, key, Hex(bodyHash));
            }

            _keys.Proven(key.Id);
            return new Authenticated(key.Owner, region);
        });
    }

    // SES checks that the region is that of its host; one Signet serves all of its regions at one address.
    private Region CheckScope(SignatureClaim claim, IReadOnlyList<string> services)
    {
        List<string> problems = [];
        if (!regions.TryFind(claim.ScopeRegion, out var region))
        {
            // The first sentence is SES's.
            problems.Add(
                $"Credential should be scoped to a valid region, not '{claim.ScopeRegion}'. "
                + $"This server has {regions.Like(claim.ScopeRegion)} (setting --regions).");
        }

        if (!services.Contains(claim.ScopeService))
        {
            problems.Add($"Credential should be scoped to correct service: '{services[0]}'.");
        }

        if (claim.ScopeTerminator != Terminator)
        {
            problems.Add($"Credential should be scoped with a valid terminator: '{Terminator}', not '{claim.ScopeTerminator}'.");
        }

        var date = claim.Time.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        if (claim.ScopeDate != date)
        {
            problems.Add(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + $"'{claim.ScopeDate}' != '{date}', from '{claim.Timestamp}'.");
        }

        return problems.Count == 0 ? region : throw new AwsException(AwsError.SignatureDoesNotMatch(string.Join(' ', problems)));
    }

    // Unsigned, a host or date could be exchanged and the request replayed elsewhere or later.
    private static void CheckSignedHeaders(SignatureClaim claim)
    {
        if (!claim.SignedHeaders.Contains("host"))
        {
            throw new AwsException(AwsError.SignatureDoesNotMatch(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."));
        }

        if (claim.DateHeader is { } date && !claim.SignedHeaders.Contains(date))
        {
            throw new AwsException(AwsError.SignatureDoesNotMatch(
                $"'{(date == "date" ? "Date" : "X-Amz-Date")}' must be a 'SignedHeader' in the AWS Authorization."));
        }
    }

    private void CheckTime(SignatureClaim claim)
    {
        var now = time.GetUtcNow();
        if (claim.Time > now + Skew)
        {
            throw new AwsException(AwsError.SignatureDoesNotMatch(
                $"Signature not yet current: {claim.Timestamp} is still later than {SignatureClaim.Format(now + Skew)} "
                + $"({SignatureClaim.Format(now)} + {Skew.Minutes} min.)"));
        }

        if (claim.Lifetime is { } lifetime)
        {
            if (now > claim.Time + lifetime)
            {
                throw new AwsException(AwsError.RequestExpired());
            }
        }
        else if (claim.Time < now - Skew)
        {
            throw new AwsException(AwsError.SignatureDoesNotMatch(
                $"Signature expired: {claim.Timestamp} is now earlier than {SignatureClaim.Format(now - Skew)} "
                + $"({SignatureClaim.Format(now)} - {Skew.Minutes} min.)"));
        }
    }

    private void Verify(RequestHead head, SignatureClaim claim, AccessKey key, string payloadHash)
    {
        var canonical = CanonicalRequest.Build(head, claim.Query, claim.SignedHeaders, payloadHash);
        var stringToSign =
            $"{SignatureClaim.Algorithm}\n{claim.Timestamp}\n{claim.Scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var scope = new SigningScope(claim.ScopeDate, claim.ScopeRegion, claim.ScopeService);
        var signingKey = _signingKeys.Derive(key, scope);
        var wanted = Hex(HMACSHA256.HashData(signingKey, Encoding.UTF8.GetBytes(stringToSign)));

        // A hash that is sent has to be the body's; UNSIGNED-PAYLOAD would let a body be exchanged.
        var declaredHash = head.Headers.TryGetValue(ContentHashHeader, out var declared) ? declared.ToString().Trim() : payloadHash;
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(wanted), Encoding.UTF8.GetBytes(claim.Signature))
            || declaredHash != payloadHash)
        {
            throw new AwsException(AwsError.SignatureDoesNotMatch(canonical, stringToSign, KeysToUse()));
        }

        _signingKeys.Remember(key, scope, signingKey);
    }

    private string? KeysToUse() => devKeys == DevKeys.None
        ? null
        : "`signet dev` has the access key `test` (account 000000000000) and any twelve digits (the account of that number), both with the secret `test`, "
            + "and the keys that `signet key create` made.";

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

/// <summary>A request whose head is in order; what is left is to prove the signature over its body.</summary>
/// <param name="accessKeyId">Of the key that the request names.</param>
/// <param name="proof">Takes the hash of the body.</param>
internal sealed class PendingSignature(string accessKeyId, Func<byte[], Authenticated> proof)
{
    public string AccessKeyId => accessKeyId;

    /// <summary>Who signed it.</summary>
    /// <param name="body">As received, before any content encoding is undone.</param>
    /// <exception cref="AwsException">SignatureDoesNotMatch.</exception>
    public Authenticated Prove(ReadOnlySpan<byte> body) => ProveHash(SHA256.HashData(body));

    /// <inheritdoc cref="Prove"/>
    /// <param name="bodyHash">The SHA-256 of the body as received.</param>
    public Authenticated ProveHash(byte[] bodyHash) => proof(bodyHash);
}
