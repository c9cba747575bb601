using System.Net;
using System.Text;
using Signet.Addresses;
using Signet.Messages;
using Signet.Sending;

namespace Signet.Server.Tests.Ses.Actions;

/// <summary>What reaches the door of the parameters of a send.</summary>
public sealed class SendEmailTests
{
    private const string Minimal =
        "Action=SendEmail&Version=2010-12-01&Source=info@shop.test&Destination.ToAddresses.member.1=a@client.test"
        + "&Message.Subject.Data=Hi&Message.Body.Text.Data=Hello";

    [Fact]
    public async Task Every_parameter_of_SendEmail_reaches_the_door()
    {
        var request = await SubmittedAsync(
            "Action=SendEmail&Version=2010-12-01&Source=Shop+%3Cinfo%40shop.test%3E"
            + "&Destination.ToAddresses.member.1=to1@client.test&Destination.ToAddresses.member.10=to10@client.test"
            + "&Destination.ToAddresses.member.2=to2@client.test"
            + "&Destination.CcAddresses.member.1=cc@client.test&Destination.BccAddresses.member.1=bcc@client.test"
            + "&Message.Subject.Data=Gr%C3%BC%C3%9Fe&Message.Subject.Charset=ISO-8859-1"
            + "&Message.Body.Text.Data=a%0D%0Ab&Message.Body.Html.Data=%3Cp%3Ea&Message.Body.Html.Charset=UTF-8"
            + "&ReplyToAddresses.member.1=reply@shop.test&ReturnPath=bounces@shop.test"
            + "&SourceArn=arn:source&ReturnPathArn=arn:return"
            + "&Tags.member.1.Name=campaign&Tags.member.1.Value=spring&ConfigurationSetName=set");

        var parts = Assert.IsType<SubmissionContent.Parts>(request.Content);
        Assert.Equal("ses:SendEmail", request.Action);
        Assert.Equal(("Shop", "info@shop.test"), (request.Source?.DisplayName, request.Source?.Address.ToString()));
        Assert.Equal(["to1@client.test", "to2@client.test", "to10@client.test"], Texts(parts.To));
        Assert.Equal(["cc@client.test"], Texts(parts.Cc));
        Assert.Equal(["bcc@client.test"], Texts(parts.Bcc));
        Assert.Equal(["reply@shop.test"], Texts(parts.ReplyTo));
        Assert.Equal(new TextPart("Grüße", new Charset("ISO-8859-1", Encoding.Latin1)), parts.Subject);
        Assert.Equal(new TextPart("a\r\nb", null), parts.Text);
        Assert.Equal(("<p>a", "UTF-8"), (parts.Html?.Data, parts.Html?.Charset?.Name));
        Assert.Equal("bounces@shop.test", request.ReturnPath?.Address.ToString());
        Assert.Equal(
            (new ArnText("arn:source"), null, new ArnText("arn:return")), (request.SourceArn, request.FromArn, request.ReturnPathArn));
        Assert.Equal([new MessageTag("campaign", "spring")], request.Tags);
        Assert.Equal("set", request.ConfigurationSet);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&Tags=&SourceArn=&ReplyToAddresses=&Destination.CcAddresses=")]
    public async Task What_is_left_out_or_empty_is_absent_at_the_door(string more)
    {
        var request = await SubmittedAsync(Minimal + more);

        var parts = Assert.IsType<SubmissionContent.Parts>(request.Content);
        Assert.Null(request.Tags);
        Assert.Null(request.SourceArn);
        Assert.Null(request.ReturnPath);
        Assert.Null(request.ConfigurationSet);
        Assert.Null(parts.Html);
        Assert.Empty(parts.Cc);
        Assert.Empty(parts.ReplyTo);
    }

    [Fact]
    public async Task Every_parameter_of_SendRawEmail_reaches_the_door()
    {
        var request = await SubmittedAsync(
            "Action=SendRawEmail&Version=2010-12-01&Source=info@shop.test&Destinations.member.1=a@client.test"
            + "&RawMessage.Data=U3ViamVjdDogw7wKCi%2B%2B&FromArn=arn:from&SourceArn=arn:source&ReturnPathArn=arn:return"
            + "&Tags.member.1.Name=n&Tags.member.1.Value=v&ConfigurationSetName=set");

        var raw = Assert.IsType<SubmissionContent.Raw>(request.Content);
        Assert.Equal("ses:SendRawEmail", request.Action);
        Assert.Equal("info@shop.test", request.Source?.AsWritten);
        Assert.Equal(["a@client.test"], Texts(raw.Destinations));
        Assert.Equal(Convert.FromBase64String("U3ViamVjdDogw7wKCi++"), raw.Data.ToArray());
        Assert.Equal(
            (new ArnText("arn:source"), new ArnText("arn:from"), new ArnText("arn:return")),
            (request.SourceArn, request.FromArn, request.ReturnPathArn));
        Assert.Equal([new MessageTag("n", "v")], request.Tags);
        Assert.Equal("set", request.ConfigurationSet);
    }

    [Fact]
    public async Task A_refusal_of_the_door_is_the_answer()
    {
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);
        server.Answer = _ => new SubmissionResult.Refused(new Refusal.NotVerified(["Shop <info@shop.test>"], "us-east-1"), null);

        var reply = await server.PostAsync(SesTestServer.Owner, Minimal, TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.BadRequest, "MessageRejected"), (reply.Status, reply.Code));
        Assert.EndsWith("US-EAST-1: Shop <info@shop.test>", reply.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(IReadOnlyList<Mailbox> mailboxes) => mailboxes.Select(m => m.AsWritten);

    private static async Task<SubmissionRequest> SubmittedAsync(string form)
    {
        await using var server = await SesTestServer.StartAsync(TestContext.Current.CancellationToken);
        var reply = await server.PostAsync(SesTestServer.Owner, form, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, ""), (reply.Status, reply.Message));
        return Assert.Single(server.Submitted);
    }
}
