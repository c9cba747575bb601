using System.Collections.Frozen;
using Signet.Server.Aws;
using Signet.Server.Ses.Actions.Account;
using Signet.Server.Ses.Actions.Identities;
using Signet.Server.Ses.Actions.Sending;
using Signet.Server.Ses.Actions.SendingAuthorization;

namespace Signet.Server.Ses;

/// <summary>The table of SES's operations, version 2010-12-01: all 71, those we answer and those we refuse, by family and name.</summary>
internal static class SesActions
{
    public const string Version = "2010-12-01";

    private const string NoTemplates = "templates";
    private const string NoCustomVerification = "custom verification mails";
    private const string NoConfigurationSets = "configuration sets";
    private const string NoReceiving = "receiving of mail";
    private const string NoNotifications = "notifications";
    private const string NoMailFrom = "custom MAIL FROM domains";

    public static IReadOnlyList<SesAction> All { get; } =
    [
        Refused(Family.Sending, "SendBounce", NoReceiving),
        Refused(Family.Sending, "SendBulkTemplatedEmail", NoTemplates),
        Refused(Family.Sending, "SendCustomVerificationEmail", NoCustomVerification),
        Answered(Family.Sending, nameof(SendEmail), SendEmail.Input, SendEmail.HandleAsync),
        Answered(Family.Sending, nameof(SendRawEmail), SendRawEmail.Input, SendRawEmail.HandleAsync),
        Refused(Family.Sending, "SendTemplatedEmail", NoTemplates),

        Answered(Family.SendingAuthorization, nameof(DeleteIdentityPolicy), DeleteIdentityPolicy.Input, DeleteIdentityPolicy.HandleAsync),
        Answered(Family.SendingAuthorization, nameof(GetIdentityPolicies), GetIdentityPolicies.Input, GetIdentityPolicies.HandleAsync),
        Answered(Family.SendingAuthorization, nameof(ListIdentityPolicies), ListIdentityPolicies.Input, ListIdentityPolicies.HandleAsync),
        Answered(Family.SendingAuthorization, nameof(PutIdentityPolicy), PutIdentityPolicy.Input, PutIdentityPolicy.HandleAsync),

        Answered(Family.Identities, nameof(DeleteIdentity), DeleteIdentity.Input, DeleteIdentity.HandleAsync),
        Answered(
            Family.Identities, nameof(DeleteVerifiedEmailAddress),
            DeleteVerifiedEmailAddress.Input, DeleteVerifiedEmailAddress.HandleAsync, hasResult: false),
        Answered(
            Family.Identities, nameof(GetIdentityDkimAttributes),
            GetIdentityDkimAttributes.Input, GetIdentityDkimAttributes.HandleAsync),
        Refused(Family.Identities, "GetIdentityMailFromDomainAttributes", NoMailFrom),
        Refused(Family.Identities, "GetIdentityNotificationAttributes", NoNotifications),
        Answered(
            Family.Identities, nameof(GetIdentityVerificationAttributes),
            GetIdentityVerificationAttributes.Input, GetIdentityVerificationAttributes.HandleAsync),
        Answered(Family.Identities, nameof(ListIdentities), ListIdentities.Input, ListIdentities.HandleAsync),
        Answered(
            Family.Identities, nameof(ListVerifiedEmailAddresses),
            ListVerifiedEmailAddresses.Input, ListVerifiedEmailAddresses.HandleAsync),
        Answered(Family.Identities, nameof(SetIdentityDkimEnabled), SetIdentityDkimEnabled.Input, SetIdentityDkimEnabled.HandleAsync),
        Refused(Family.Identities, "SetIdentityFeedbackForwardingEnabled", NoNotifications),
        Refused(Family.Identities, "SetIdentityHeadersInNotificationsEnabled", NoNotifications),
        Refused(Family.Identities, "SetIdentityMailFromDomain", NoMailFrom),
        Refused(Family.Identities, "SetIdentityNotificationTopic", NoNotifications),
        Answered(Family.Identities, nameof(VerifyDomainDkim), VerifyDomainDkim.Input, VerifyDomainDkim.HandleAsync),
        Answered(Family.Identities, nameof(VerifyDomainIdentity), VerifyDomainIdentity.Input, VerifyDomainIdentity.HandleAsync),
        Answered(Family.Identities, nameof(VerifyEmailAddress), VerifyEmailAddress.Input, VerifyEmailAddress.HandleAsync, hasResult: false),
        Answered(Family.Identities, nameof(VerifyEmailIdentity), VerifyEmailIdentity.Input, VerifyEmailIdentity.HandleAsync),

        Answered(Family.Account, nameof(GetAccountSendingEnabled), GetAccountSendingEnabled.Input, GetAccountSendingEnabled.HandleAsync),
        Answered(Family.Account, nameof(GetSendQuota), GetSendQuota.Input, GetSendQuota.HandleAsync),
        Answered(Family.Account, nameof(GetSendStatistics), GetSendStatistics.Input, GetSendStatistics.HandleAsync),
        Answered(
            Family.Account, nameof(UpdateAccountSendingEnabled),
            UpdateAccountSendingEnabled.Input, UpdateAccountSendingEnabled.HandleAsync, hasResult: false),

        Refused(Family.Templates, "CreateTemplate", NoTemplates),
        Refused(Family.Templates, "DeleteTemplate", NoTemplates),
        Refused(Family.Templates, "GetTemplate", NoTemplates),
        Refused(Family.Templates, "ListTemplates", NoTemplates),
        Refused(Family.Templates, "TestRenderTemplate", NoTemplates),
        Refused(Family.Templates, "UpdateTemplate", NoTemplates),

        Refused(Family.CustomVerification, "CreateCustomVerificationEmailTemplate", NoCustomVerification),
        Refused(Family.CustomVerification, "DeleteCustomVerificationEmailTemplate", NoCustomVerification),
        Refused(Family.CustomVerification, "GetCustomVerificationEmailTemplate", NoCustomVerification),
        Refused(Family.CustomVerification, "ListCustomVerificationEmailTemplates", NoCustomVerification),
        Refused(Family.CustomVerification, "UpdateCustomVerificationEmailTemplate", NoCustomVerification),

        Refused(Family.ConfigurationSets, "CreateConfigurationSet", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "CreateConfigurationSetEventDestination", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "CreateConfigurationSetTrackingOptions", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "DeleteConfigurationSet", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "DeleteConfigurationSetEventDestination", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "DeleteConfigurationSetTrackingOptions", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "DescribeConfigurationSet", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "ListConfigurationSets", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "PutConfigurationSetDeliveryOptions", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "UpdateConfigurationSetEventDestination", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "UpdateConfigurationSetReputationMetricsEnabled", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "UpdateConfigurationSetSendingEnabled", NoConfigurationSets),
        Refused(Family.ConfigurationSets, "UpdateConfigurationSetTrackingOptions", NoConfigurationSets),

        Refused(Family.Receiving, "CloneReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "CreateReceiptFilter", NoReceiving),
        Refused(Family.Receiving, "CreateReceiptRule", NoReceiving),
        Refused(Family.Receiving, "CreateReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "DeleteReceiptFilter", NoReceiving),
        Refused(Family.Receiving, "DeleteReceiptRule", NoReceiving),
        Refused(Family.Receiving, "DeleteReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "DescribeActiveReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "DescribeReceiptRule", NoReceiving),
        Refused(Family.Receiving, "DescribeReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "ListReceiptFilters", NoReceiving),
        Refused(Family.Receiving, "ListReceiptRuleSets", NoReceiving),
        Refused(Family.Receiving, "ReorderReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "SetActiveReceiptRuleSet", NoReceiving),
        Refused(Family.Receiving, "SetReceiptRulePosition", NoReceiving),
        Refused(Family.Receiving, "UpdateReceiptRule", NoReceiving),
    ];

    private static readonly FrozenDictionary<string, SesAction> ByName = All.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    /// <summary>The row of that name, with case, or null if SES has no such operation.</summary>
    public static SesAction? Find(string name) => ByName.GetValueOrDefault(name);

    private static SesAction.Supported Answered(Family family, string name, Structure input, ActionHandler handler, bool hasResult = true) =>
        new(family, name, input, handler) { HasResult = hasResult };

    private static SesAction.Unsupported Refused(Family family, string name, string missing) => new(family, name, missing);
}
