namespace Signet.Smtp;

/// <summary>Failures of TLS in words: what happened, and who requires TLS where somebody does.</summary>
internal static class TlsFailures
{
    /// <summary>TLS is required, and the server has none.</summary>
    /// <param name="options">Of the connection.</param>
    /// <param name="what">The server does instead.</param>
    public static SmtpException NotStarted(SmtpClientOptions options, string what) =>
        new(SmtpStage.Tls, SmtpFailure.Tls, $"TLS is required by {By(options)}, and {options.ServerName} {what}");

    /// <summary>The certificate is not valid, and has to be.</summary>
    /// <param name="options">Of the connection.</param>
    /// <param name="certificate">What <see cref="ServerCertificate.Describe"/> says.</param>
    public static SmtpException NotValid(SmtpClientOptions options, string certificate) =>
        new(SmtpStage.Tls, SmtpFailure.Tls, $"a valid certificate is required by {By(options)}, and that of {options.ServerName} is not: {certificate}")
        {
            Certificate = certificate,
        };

    /// <summary>TLS was begun and did not come about.</summary>
    public static SmtpException Broken(SmtpClientOptions options, SmtpFailure failure, string reason, Exception? inner = null) => new(
        SmtpStage.Tls,
        failure,
        options.TlsRequiredBy is { } by
            ? $"TLS is required by {by}, and could not be started with {options.ServerName}: {reason}"
            : $"TLS could not be started: {reason}",
        inner);

    private static string By(SmtpClientOptions options) => options.TlsRequiredBy ?? "this server";
}
