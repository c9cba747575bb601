using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Signet.Events;

/// <summary>
/// What an event says beyond its type, time and recipients, as the JSON object that is stored with it: SES's object of that event
/// (SES Developer Guide, "Contents of event data that Amazon SES publishes") without what every event has.
/// </summary>
public static class EventDetail
{
    /// <summary>An event that says nothing more.</summary>
    public const string None = "{}";

    /// <summary>A Delivery.</summary>
    /// <param name="smtpResponse">What the receiver answered.</param>
    /// <param name="processingTime">From acceptance to that answer.</param>
    /// <param name="remoteMtaIp">The receiver's address; null when the mail went to the inbox inside Signet.</param>
    /// <param name="reportingMta">Our name; null as above.</param>
    public static string Delivery(string smtpResponse, TimeSpan processingTime, string? remoteMtaIp, string? reportingMta) =>
        JsonSerializer.Serialize(
            new DeliveryDetail((long)processingTime.TotalMilliseconds, smtpResponse, remoteMtaIp, reportingMta),
            EventJson.Default.DeliveryDetail);

    /// <summary>A DeliveryDelay.</summary>
    /// <param name="delayType">SES's name of the kind of delay.</param>
    /// <param name="expirationTime">When the message is given up.</param>
    /// <param name="recipient">Who has to wait, and why.</param>
    /// <param name="reportingMta">Our name.</param>
    public static string DeliveryDelay(string delayType, DateTimeOffset expirationTime, RecipientDetail recipient, string reportingMta) =>
        JsonSerializer.Serialize(
            new DelayDetail(delayType, expirationTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), [recipient], reportingMta),
            EventJson.Default.DelayDetail);

    /// <summary>A Bounce.</summary>
    /// <param name="type">SES's <c>bounceType</c>.</param>
    /// <param name="subType">SES's <c>bounceSubType</c>.</param>
    /// <param name="recipient">Who does not get the message, and why.</param>
    /// <param name="remoteMtaIp">Who said so; null when nobody did.</param>
    /// <param name="reportingMta">Our name.</param>
    public static string Bounce(string type, string subType, RecipientDetail recipient, string? remoteMtaIp, string reportingMta) =>
        JsonSerializer.Serialize(
            new BounceDetail(type, subType, [recipient with { Action = "failed" }], remoteMtaIp, $"dns; {reportingMta}"),
            EventJson.Default.BounceDetail);
}

/// <summary>One recipient of a Bounce or a DeliveryDelay.</summary>
/// <param name="EmailAddress">RCPT TO.</param>
/// <param name="Status">Enhanced status code.</param>
/// <param name="DiagnosticCode"><c>smtp; </c> and the reply.</param>
public sealed record RecipientDetail(string EmailAddress, string Status, string DiagnosticCode)
{
    /// <summary><c>failed</c> in a Bounce; absent in a DeliveryDelay.</summary>
    public string? Action { get; init; }
}

internal sealed record DeliveryDetail(
    long ProcessingTimeMillis, string SmtpResponse, string? RemoteMtaIp, [property: JsonPropertyName("reportingMTA")] string? ReportingMta);

internal sealed record DelayDetail(
    string DelayType,
    string ExpirationTime,
    IReadOnlyList<RecipientDetail> DelayedRecipients,
    [property: JsonPropertyName("reportingMTA")] string ReportingMta);

internal sealed record BounceDetail(
    string BounceType,
    string BounceSubType,
    IReadOnlyList<RecipientDetail> BouncedRecipients,
    string? RemoteMtaIp,
    [property: JsonPropertyName("reportingMTA")] string ReportingMta);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeliveryDetail))]
[JsonSerializable(typeof(DelayDetail))]
[JsonSerializable(typeof(BounceDetail))]
internal sealed partial class EventJson : JsonSerializerContext;
