using Signet.Addresses;
using Signet.Messages;
using Signet.Server.Aws;

namespace Signet.Server.Ses.Actions.Sending;

/// <summary>The Message of SendEmail: a subject, and a body as text, as HTML or as both, each with the charset to send it in.</summary>
internal static class MessageShape
{
    private static readonly Member<string> Data = Member.Required("Data", Shapes.Text());
    private static readonly Member<string?> Charset = Member.Optional("Charset", Shapes.Text());
    private static readonly Structure Content = new(Data, Charset);

    private static readonly Member<Fields?> Text = Member.Optional("Text", Content);
    private static readonly Member<Fields?> Html = Member.Optional("Html", Content);

    private static readonly Member<Fields> Subject = Member.Required("Subject", Content);
    private static readonly Member<Fields> Body = Member.Required("Body", new Structure(Text, Html));

    public static Structure Shape { get; } = new(Subject, Body);

    /// <exception cref="AwsException">InvalidParameterValue for a charset that nobody knows.</exception>
    public static (TextPart Subject, TextPart? Text, TextPart? Html) Parse(Fields message)
    {
        var body = message.Get(Body);
        return (Part(message.Get(Subject)), body.Get(Text) is { } text ? Part(text) : null, body.Get(Html) is { } html ? Part(html) : null);
    }

    private static TextPart Part(Fields content) => new(content.Get(Data), Resolve(content.Get(Charset)));

    // An empty name is how some clients leave it out.
    private static Charset? Resolve(string? charset) =>
        string.IsNullOrEmpty(charset) ? null
        : Addresses.Charset.TryFind(charset, out var found) ? found
        : throw new AwsException(SesError.InvalidParameterValue($"Unsupported charset '{charset}'."));
}
