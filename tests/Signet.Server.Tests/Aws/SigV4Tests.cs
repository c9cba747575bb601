using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Signet.Accounts;
using Signet.Names;
using Signet.Server.Aws;
using Signet.Server.Ses;
using Signet.Server.Tests.Ses;

namespace Signet.Server.Tests.Aws;

/// <summary>Every answer to a signature that is not in order: each test spoils one thing of a request that is otherwise in order.</summary>
public sealed class SigV4Tests
{
    private const string Host = "ses.example.com";

    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly AccessKey Key = new("AKIAEXAMPLEOWNER0001", new Principal(AccountId.Parse("111122223333"), "mailer"), "secret", At, null);
    private static readonly TestSigner Signer = new(Key.Id, Key.Secret);

    private readonly FakeTimeProvider _time = new(At);
    private readonly List<string> _askedFor = [];
    private readonly SigV4 _signatures;
    private AccessKey? _key = Key;

    public SigV4Tests() => _signatures = With(DevKeys.None);

    [Fact]
    public async Task A_signed_request_says_who_and_where() =>
        Assert.Equal(new Authenticated(Key.Owner, Region.Parse("mars-north-1")), await AuthenticateAsync(Signed(Signer with { Region = "mars-north-1" })));

    [Fact]
    public async Task Dev_takes_any_secret_of_a_key_that_nobody_made_and_any_session_token()
    {
        _key = Key with { TakesAnySecret = true };
        var head = Signed(Signer with { Secret = "whatever" });
        head.Headers["X-Amz-Security-Token"] = "FwoGZXIvYXdzE";

        Assert.Equal(Key.Owner, (await AuthenticateAsync(head, devKeys: DevKeys.Any)).Principal);
    }

    [Theory]
    [InlineData(DevKeys.Known)]
    [InlineData(DevKeys.Any)]
    public async Task Dev_names_the_keys_to_use_to_one_with_a_wrong_secret_or_a_strange_key(DevKeys devKeys)
    {
        const string help = "`signet dev` has the access key `test` (account 000000000000) and any twelve digits";

        var secret = await Assert.ThrowsAsync<AwsException>(() => AuthenticateAsync(Signed(Signer with { Secret = "wrong" }), devKeys: devKeys));
        var strange = await Assert.ThrowsAsync<AwsException>(() => AuthenticateAsync(Signed(Signer with { KeyId = "AKIASTRANGE" }), devKeys: devKeys));

        Assert.Equal(("SignatureDoesNotMatch", "InvalidClientTokenId"), (secret.Error.Code, strange.Error.Code));
        Assert.Contains(help, secret.Error.Message, StringComparison.Ordinal);
        Assert.Contains(help, strange.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_that_the_server_does_not_have_is_refused_before_the_key_is_looked_up()
    {
        await RefusedAsync(
            Signed(Signer with { Region = "us-east-2" }), "SignatureDoesNotMatch", 403,
            "Credential should be scoped to a valid region, not 'us-east-2'. This server has us-east-1, mars-north-1 (setting --regions).");

        Assert.Empty(_askedFor);
    }

    [Fact]
    public async Task A_key_is_looked_up_on_every_request_so_that_a_revoked_one_ends_at_once()
    {
        await AuthenticateAsync(Signed(Signer));
        _key = null;

        await RefusedAsync(Signed(Signer), "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
        Assert.Equal([Key.Id, Key.Id], _askedFor);
    }

    [Fact]
    public async Task A_remembered_signing_key_does_not_outlive_its_secret()
    {
        await AuthenticateAsync(Signed(Signer));
        _key = Key with { Secret = "changed" };

        Assert.Equal("SignatureDoesNotMatch", (await ErrorAsync(Signed(Signer))).Code);
        await AuthenticateAsync(Signed(Signer with { Secret = "changed" }));
    }

    [Fact]
    public async Task A_wrong_secret_is_answered_with_what_should_have_been_signed()
    {
        var error = await ErrorAsync(Signed(Signer with { Secret = "wrong" }), "Action=X");

        Assert.Equal(("SignatureDoesNotMatch", 403), (error.Code, error.Status));
        Assert.Equal(
            """
            The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.

            The Canonical String for this request should have been
            'POST
            /

            host:ses.example.com
            x-amz-date:20260115T120000Z

            host;x-amz-date
            3b173cc483d5aca8322d8211dc94655130607dbcb351953b49907bdb997ddc01'

            The String-to-Sign should have been
            'AWS4-HMAC-SHA256
            20260115T120000Z
            20260115/us-east-1/ses/aws4_request
            7c8e759b240996dbc1ebde2d367e95a7ff672478c547767c47a8aaf859913d9a'

            """,
            error.Message);
    }

    [Theory]
    [InlineData("GET", "/", "", "")]
    [InlineData("POST", "/x", "", "")]
    [InlineData("POST", "/", "x", "")]
    [InlineData("POST", "/", "", "x")]
    public async Task Another_method_path_query_or_body_does_not_match(string method, string path, string query, string body)
    {
        var error = await ErrorAsync(Signed(Signer) with { Method = method, Path = path, Query = query }, body);

        Assert.Equal("SignatureDoesNotMatch", error.Code);
    }

    [Fact]
    public async Task Nothing_at_all_is_a_missing_token() => await RefusedAsync(
        new RequestHead("POST", "/", "", new HeaderDictionary()),
        "MissingAuthenticationToken", 403, "Request is missing Authentication Token");

    [Theory]
    [InlineData("X-Amzn-Authorization", "AWS3-HTTPS AWSAccessKeyId=A,Algorithm=HMACSHA256,Signature=S")]
    [InlineData("X-Amzn-Authorization", "AWS3 AWSAccessKeyId=A,Signature=S,Algorithm=HmacSHA256,SignedHeaders=Date;Host")]
    [InlineData("Authorization", "AWS A:S")]
    [InlineData("X-Amz-Security-Token", "of a session")]
    public async Task An_older_signature_or_a_session_token_is_an_invalid_token(string header, string value)
    {
        var head = header == "Authorization" ? new RequestHead("POST", "/", "", new HeaderDictionary()) : Signed(Signer);
        head.Headers[header] = value;

        await RefusedAsync(head, "InvalidClientTokenId", 403, "The security token included in the request is invalid.");
    }

    [Theory]
    [InlineData("Action=GetSendQuota&AWSAccessKeyId=A&Signature=S&Algorithm=HMACSHA256")]
    [InlineData("Action=GetSendQuota&X-Amz-Security-Token=T")]
    public async Task So_are_they_in_the_query(string query) => await RefusedAsync(
        new RequestHead("GET", "/", query, new HeaderDictionary()), "InvalidClientTokenId", 403, "The security token included in the request is invalid.");

    [Fact]
    public async Task A_key_id_in_the_query_of_a_signed_request_is_ignored_as_old_samples_have_it()
    {
        const string query = "AWSAccessKeyId=A&Timestamp=2012-05-12T05%3A24%3A02.661Z";
        var headers = new HeaderDictionary { ["Host"] = Host, ["X-Amz-Date"] = TestSigner.Stamp(At) };
        headers["Authorization"] = Signer.Authorization("GET", query, [("host", Host), ("x-amz-date", TestSigner.Stamp(At))], [], At);

        Assert.Equal(Key.Owner, (await AuthenticateAsync(new RequestHead("GET", "/", query, headers))).Principal);
    }

    [Theory]
    [InlineData(
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", "20260115T120000Z",
        "Authorization header requires 'Credential' parameter.")]
    [InlineData(
        "AWS4-HMAC-SHA256 Signature=", "",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")]
    [InlineData(
        "Bearer token", "20260115T120000Z",
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.")]
    [InlineData(
        "AWS4-HMAC-SHA256 Credential", "20260115T120000Z",
        "A part of the Authorization header is not a valid key=value pair (missing equal-sign).")]
    [InlineData(
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Credential=a/b/c/d/e", "20260115T120000Z",
        "Authorization header has 'Credential' more than once.")]
    [InlineData(
        "AWS4-HMAC-SHA256 Credential=A/20260115/ses, SignedHeaders=host, Signature=00", "20260115T120000Z",
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'A/20260115/ses'.")]
    [InlineData(
        "AWS4-HMAC-SHA256 Credential=A/20260115/us-east-1/ses/aws4_request, SignedHeaders=host, Signature=00", "2026-01-15",
        "Date must be in ISO-8601 'basic format'. Got '2026-01-15'.")]
    public async Task Half_a_signature_is_incomplete(string authorization, string date, string text)
    {
        var headers = new HeaderDictionary { ["Host"] = Host, ["Authorization"] = authorization, ["X-Amz-Date"] = date };

        await RefusedAsync(new RequestHead("POST", "/", "", headers), "IncompleteSignature", 400, text);
    }

    [Fact]
    public async Task The_scope_may_name_the_service_as_the_hosts_of_SES_are_called()
    {
        await AuthenticateAsync(Signed(Signer with { Service = "email" }));
        await AuthenticateAsync(Signed(Signer));
        await AuthenticateAsync(Signed(Signer with { Service = "email" }));
    }

    [Theory]
    [InlineData("20260115/us east/ses/aws4_request", "Credential should be scoped to a valid region, not 'us east'. This server has us-east-1, mars-north-1 (setting --regions).")]
    [InlineData("20260115/us-east-1/sns/aws4_request", "Credential should be scoped to correct service: 'ses'.")]
    [InlineData("20260115/us-east-1/ses/aws4", "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'.")]
    [InlineData(
        "20260114/us-east-1/ses/aws4_request",
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260114' != '20260115', from '20260115T120000Z'.")]
    [InlineData(
        "20260115/US/s3/aws4_request",
        "Credential should be scoped to a valid region, not 'US'. This server has us-east-1, mars-north-1 (setting --regions). Credential should be scoped to correct service: 'ses'.")]
    public async Task A_wrong_scope_is_named(string scope, string text)
    {
        var head = Signed(Signer);
        head.Headers.Authorization = $"AWS4-HMAC-SHA256 Credential={Key.Id}/{scope}, SignedHeaders=host;x-amz-date, Signature=00";

        await RefusedAsync(head, "SignatureDoesNotMatch", 403, text);
    }

    [Theory]
    [InlineData("x-amz-date", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    [InlineData("host", "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.")]
    [InlineData("date;host", "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization.")]
    public async Task Host_and_date_have_to_be_signed(string signedHeaders, string text)
    {
        var head = Signed(Signer);
        head.Headers.Authorization =
            $"AWS4-HMAC-SHA256 Credential={Key.Id}/20260115/us-east-1/ses/aws4_request, SignedHeaders={signedHeaders}, Signature=00";

        await RefusedAsync(head, "SignatureDoesNotMatch", 403, text);
    }

    [Fact]
    public async Task A_Date_header_will_do()
    {
        var headers = new HeaderDictionary { ["Host"] = Host, ["Date"] = "Thu, 15 Jan 2026 12:00:00 GMT" };
        headers["Authorization"] = Signer.Authorization("POST", "", [("host", Host), ("date", "Thu, 15 Jan 2026 12:00:00 GMT")], [], At);

        Assert.Equal(Key.Owner, (await AuthenticateAsync(new RequestHead("POST", "/", "", headers))).Principal);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(-15)]
    public async Task A_clock_may_be_a_quarter_of_an_hour_off(int minutes)
    {
        var head = Signed(Signer);
        _time.AdjustTime(At.AddMinutes(minutes));

        Assert.Equal(Key.Owner, (await AuthenticateAsync(head)).Principal);
    }

    [Fact]
    public async Task An_older_signature_has_expired()
    {
        var head = Signed(Signer);
        _time.AdjustTime(At.AddMinutes(15).AddSeconds(1));

        await RefusedAsync(
            head, "SignatureDoesNotMatch", 403,
            "Signature expired: 20260115T120000Z is now earlier than 20260115T120001Z (20260115T121501Z - 15 min.)");
        Assert.Empty(_askedFor);
    }

    [Fact]
    public async Task A_signature_of_the_future_is_not_yet_current()
    {
        var head = Signed(Signer);
        _time.AdjustTime(At.AddMinutes(-15).AddSeconds(-1));

        await RefusedAsync(
            head, "SignatureDoesNotMatch", 403,
            "Signature not yet current: 20260115T120000Z is still later than 20260115T115959Z (20260115T114459Z + 15 min.)");
    }

    [Fact]
    public async Task A_presigned_request_is_good_for_as_long_as_it_says()
    {
        var head = Presigned(TimeSpan.FromDays(7));

        _time.AdjustTime(At.AddDays(7));
        Assert.Equal(Key.Owner, (await AuthenticateAsync(head)).Principal);

        _time.AdjustTime(At.AddDays(7).AddSeconds(1));
        await RefusedAsync(head, "RequestExpired", 400, "Request has expired.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(604_801)]
    public async Task A_presigned_request_lives_between_a_second_and_a_week(int seconds) => await RefusedAsync(
        Presigned(TimeSpan.FromSeconds(seconds)), "IncompleteSignature", 400, "X-Amz-Expires must be a number of seconds between 1 and 604800.");

    [Fact]
    public async Task A_presigned_request_that_does_not_say_how_long_it_lives_lives_for_15_minutes()
    {
        var head = Presigned(null);

        _time.AdjustTime(At.AddMinutes(15));
        Assert.Equal(Key.Owner, (await AuthenticateAsync(head)).Principal);

        _time.AdjustTime(At.AddMinutes(15).AddSeconds(1));
        await RefusedAsync(head, "RequestExpired", 400, "Request has expired.");
    }

    [Fact]
    public async Task A_presigned_request_needs_all_its_parameters() => await RefusedAsync(
        new RequestHead("GET", "/", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A&X-Amz-Date=D", new HeaderDictionary()),
        "IncompleteSignature", 400,
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string parameters.");

    [Fact]
    public async Task A_presigned_request_of_another_algorithm_is_refused()
    {
        var head = Presigned(TimeSpan.FromHours(1));

        await RefusedAsync(
            head with { Query = head.Query.Replace("HMAC-SHA256", "ECDSA-P256-SHA256", StringComparison.Ordinal) },
            "IncompleteSignature", 400, "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.");
    }

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b856")]
    public async Task A_content_hash_that_is_not_the_bodys_is_refused_although_the_signature_is_right(string hash)
    {
        var head = Signed(Signer);
        head.Headers["X-Amz-Content-SHA256"] = hash;

        Assert.Equal("SignatureDoesNotMatch", (await ErrorAsync(head)).Code);
    }

    [Fact]
    public async Task A_content_hash_that_is_the_bodys_passes()
    {
        var head = Signed(Signer);
        head.Headers["X-Amz-Content-SHA256"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        Assert.Equal(Key.Owner, (await AuthenticateAsync(head)).Principal);
    }

    // What reads the first of two and what reads the last would see two different requests.
    [Theory]
    [InlineData("Authorization", "Signature=0")]
    [InlineData("Authorization", "")]
    [InlineData("Authorization", "Basic dGVzdA==")]
    [InlineData("X-Amz-Date", "20260115T120000Z")]
    [InlineData("Date", "Thu, 15 Jan 2026 12:00:00 GMT")]
    [InlineData("X-Amz-Content-SHA256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("X-Amz-Security-Token", "of a session")]
    [InlineData("Host", Host)]
    [InlineData("Content-Type", "text/plain")]
    [InlineData("Content-Encoding", "gzip")]
    public async Task A_header_that_says_who_signed_what_is_given_once(string name, string second)
    {
        var head = Signed(Signer);
        if (head.Headers[name].Count == 0)
        {
            head.Headers.Append(name, second);
        }

        head.Headers.Append(name, second);

        await RefusedAsync(head, "IncompleteSignature", 400, $"The header '{name}' is given more than once.");
        Assert.Empty(_askedFor);
    }

    [Theory]
    [InlineData(",Signature2=0")]
    [InlineData(", AWS4-HMAC-SHA256 Credential=AKIAEXAMPLEOTHER0002/20260115/us-east-1/ses/aws4_request")]
    public async Task An_Authorization_header_has_its_three_parts_and_no_other(string more)
    {
        var head = Signed(Signer);
        head.Headers.Authorization = head.Headers.Authorization + more;

        await RefusedAsync(
            head, "IncompleteSignature", 400, "The Authorization header has a part that is neither Credential, SignedHeaders nor Signature.");
    }

    [Theory]
    [InlineData("X-Amz-Signature")]
    [InlineData("X-Amz-Credential")]
    [InlineData("X-Amz-Algorithm")]
    [InlineData("X-Amz-SignedHeaders")]
    public async Task A_request_is_signed_in_its_header_or_in_its_query_not_in_both(string parameter)
    {
        var head = Signed(Signer) with { Query = $"Action=GetSendQuota&{parameter}=x" };

        await RefusedAsync(
            head, "IncompleteSignature", 400,
            "The request is signed in its Authorization header and in its query string: only one of them may be.");
    }

    [Fact]
    public void Signer_and_verifier_agree_on_any_headers_query_and_body()
    {
        var word = Gen.String[Gen.Char["abcXYZ019-_.~ +/=&%\u00e9\u20ac"], 0, 12];
        var pairs = Gen.Select(word, word).List[0, 6];
        var headers = Gen.Select(Gen.String[Gen.Char["abcdefg"], 1, 4], Gen.String[Gen.Char["ab  ,\"x=;"], 0, 10]).List[0, 5];

        Gen.Select(pairs, headers, Gen.Byte.Array[0, 64]).Sample((query, extra, body) =>
        {
            var rawQuery = string.Join('&', query.Select(p => $"{TestSigner.Encode("q" + p.Item1)}={TestSigner.Encode(p.Item2)}"));
            var all = extra.Select(h => (Name: "x-" + h.Item1, Value: "v" + h.Item2)).Append(("host", Host)).Append(("x-amz-date", TestSigner.Stamp(At))).ToList();
            var sent = new HeaderDictionary();
            foreach (var (name, value) in all)
            {
                sent.Append(name, value);
            }

            sent["Authorization"] = Signer.Authorization("POST", rawQuery, all, body, At);

            var head = new RequestHead("POST", "/", rawQuery, sent);
            var pending = _signatures.BeginAsync(head, _signatures.Read(head), SesService.Names, "192.0.2.1", TestContext.Current.CancellationToken);

            Assert.Equal(Key.Owner, pending.GetAwaiter().GetResult().Prove(body).Principal);
        }, threads: 1);
    }

    private static RequestHead Signed(TestSigner signer)
    {
        var headers = new HeaderDictionary { ["Host"] = Host, ["X-Amz-Date"] = TestSigner.Stamp(At) };
        headers["Authorization"] = signer.Authorization("POST", "", [("host", Host), ("x-amz-date", TestSigner.Stamp(At))], [], At);
        return new RequestHead("POST", "/", "", headers);
    }

    private static RequestHead Presigned(TimeSpan? lifetime) => new(
        "GET", "/", Signer.Presign("GET", "Action=GetSendQuota", Host, lifetime, [], At), new HeaderDictionary { ["Host"] = Host });

    private SigV4 With(DevKeys devKeys) => new(
        (id, _) =>
        {
            _askedFor.Add(id);
            return Task.FromResult(id == Key.Id ? _key : null);
        },
        new RegionSet([Region.Parse("us-east-1"), Region.Parse("mars-north-1")]),
        _time,
        devKeys);

    private async Task<Authenticated> AuthenticateAsync(RequestHead head, string body = "", DevKeys devKeys = DevKeys.None)
    {
        var signatures = devKeys == DevKeys.None ? _signatures : With(devKeys);
        var pending = await signatures.BeginAsync(head, signatures.Read(head), SesService.Names, "192.0.2.1", TestContext.Current.CancellationToken);
        return pending.Prove(Encoding.UTF8.GetBytes(body));
    }

    private async Task<AwsError> ErrorAsync(RequestHead head, string body = "") =>
        (await Assert.ThrowsAsync<AwsException>(() => AuthenticateAsync(head, body))).Error;

    private async Task RefusedAsync(RequestHead head, string code, int status, string text)
    {
        var error = await ErrorAsync(head);
        Assert.Equal((code, status, text), (error.Code, error.Status, error.Message));
    }
}
