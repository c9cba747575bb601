using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Signet.Smtp;

/// <summary>Says whether a server's certificate is trusted, in force and for the server's name, and if not, why.</summary>
internal static class ServerCertificate
{
    public const string Valid = "valid";

    public const string Missing = "missing";

    /// <summary>How chains are built.</summary>
    /// <param name="roots">Trusted authorities; null for those of the system.</param>
    /// <param name="now">The time at which the certificate must be in force.</param>
    public static X509ChainPolicy Policy(X509Certificate2Collection? roots, DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            VerificationTime = now.UtcDateTime,
            VerificationTimeIgnored = false,
            RevocationMode = X509RevocationMode.NoCheck,

            // A certificate may name any URL for the rest of its chain. A server has to send the chain itself (RFC 8446 §4.4.2).
            DisableCertificateDownloads = true,
        };
        if (roots is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return policy;
    }

    /// <summary><see cref="Valid"/>, or every reason why it is not: <c>expired; wrong name</c>.</summary>
    public static string Describe(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return Valid;
        }

        if (certificate is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            return Missing;
        }

        List<string> reasons = [];
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            AddChain(reasons, (X509Certificate2)certificate, chain);
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add("wrong name");
        }

        return string.Join("; ", reasons);
    }

    private static void AddChain(List<string> reasons, X509Certificate2 certificate, X509Chain? chain)
    {
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, s) => all | s.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            var isEarly = chain!.ChainPolicy.VerificationTime.ToUniversalTime() < certificate.NotBefore.ToUniversalTime();
            reasons.Add(isEarly ? "not yet valid" : "expired");
        }

        const X509ChainStatusFlags untrusted =
            X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotSignatureValid;
        if ((status & untrusted) != 0)
        {
            reasons.Add(certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData) ? "self-signed" : "untrusted");
        }

        if (status.HasFlag(X509ChainStatusFlags.NotValidForUsage))
        {
            reasons.Add("not for servers");
        }

        if (reasons.Count == 0)
        {
            reasons.Add("invalid");
        }
    }
}
