"""Drives the running program with boto3: two accounts, a user, every action of the first version."""

import email.message
import unittest
import uuid

import boto3
from botocore.client import Config
from botocore.exceptions import ClientError

from signet_client import DELEGATE, OWNER, REGION, URL, arn, bytes_of, inspect, policy, raw_of, recipients_of, signet


def client(key, secret="test", region=REGION):
    return boto3.client(
        "ses", region_name=region, endpoint_url=URL, aws_access_key_id=key, aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}))


class Case(unittest.TestCase):
    def setUp(self):
        self.owner = client(OWNER)
        self.delegate = client(DELEGATE)
        self.domain = f"d{uuid.uuid4().hex[:12]}.test"
        self.domain_arn = arn(OWNER, self.domain)

    def refused(self, call, code, text=None, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(code, error["Code"], error)
        if text:
            self.assertIn(text, error["Message"])
        return error

    def send(self, ses=None, **changes):
        arguments = {
            "Source": f"news@{self.domain}",
            "Destination": {"ToAddresses": ["c@client.test"]},
            "Message": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Text"}}},
        }
        arguments.update(changes)
        return (ses or self.owner).send_email(**arguments)["MessageId"]


class Identities(Case):
    def test_an_address_is_verified_at_once_in_dev_and_can_be_deleted(self):
        address = f"a@{self.domain}"

        self.owner.verify_email_identity(EmailAddress=address)
        attributes = self.owner.get_identity_verification_attributes(Identities=[address])["VerificationAttributes"]
        self.owner.delete_identity(Identity=address)
        after = self.owner.get_identity_verification_attributes(Identities=[address])["VerificationAttributes"]

        self.assertEqual({address: {"VerificationStatus": "Success"}}, attributes)
        self.assertNotIn(address, after)

    def test_a_domain_has_a_token_and_three_dkim_tokens_that_stay(self):
        token = self.owner.verify_domain_identity(Domain=self.domain)["VerificationToken"]
        tokens = self.owner.verify_domain_dkim(Domain=self.domain)["DkimTokens"]

        self.assertEqual(44, len(token))
        self.assertEqual(3, len(set(tokens)))
        self.assertEqual(token, self.owner.verify_domain_identity(Domain=self.domain)["VerificationToken"])
        self.assertEqual(tokens, self.owner.verify_domain_dkim(Domain=self.domain)["DkimTokens"])
        dkim = self.owner.get_identity_dkim_attributes(Identities=[self.domain])["DkimAttributes"][self.domain]
        self.assertEqual({"DkimEnabled": True, "DkimVerificationStatus": "Success", "DkimTokens": tokens}, dkim)

        self.owner.set_identity_dkim_enabled(Identity=self.domain, DkimEnabled=False)
        dkim = self.owner.get_identity_dkim_attributes(Identities=[self.domain])["DkimAttributes"][self.domain]
        self.assertFalse(dkim["DkimEnabled"])

    def test_identities_are_listed_in_pages(self):
        account = client(f"{uuid.uuid4().int % 10**12:012d}")
        names = sorted(f"p{i}@{self.domain}" for i in range(5))
        for name in names:
            account.verify_email_identity(EmailAddress=name)
        account.verify_domain_identity(Domain=self.domain)

        pages = list(account.get_paginator("list_identities").paginate(
            IdentityType="EmailAddress", PaginationConfig={"PageSize": 2}))

        self.assertEqual(3, len(pages))
        self.assertEqual(names, sorted(name for page in pages for name in page["Identities"]))
        self.assertEqual([self.domain], account.list_identities(IdentityType="Domain")["Identities"])

    def test_the_waiter_sees_an_identity_exist(self):
        self.owner.verify_domain_identity(Domain=self.domain)

        self.owner.get_waiter("identity_exists").wait(Identities=[self.domain], WaiterConfig={"MaxAttempts": 1})

    def test_the_old_address_actions_still_work(self):
        address = f"old@{self.domain}"

        self.owner.verify_email_address(EmailAddress=address)
        listed = self.owner.list_verified_email_addresses()["VerifiedEmailAddresses"]
        self.owner.delete_verified_email_address(EmailAddress=address)

        self.assertIn(address, listed)
        self.assertNotIn(address, self.owner.list_verified_email_addresses()["VerifiedEmailAddresses"])


class Policies(Case):
    def setUp(self):
        super().setUp()
        self.owner.verify_domain_identity(Domain=self.domain)

    def put(self, name="p", **parts):
        self.owner.put_identity_policy(
            Identity=self.domain, PolicyName=name,
            Policy=policy(self.domain_arn, **{"principal": DELEGATE, "action": "ses:SendEmail", **parts}))

    def test_a_policy_is_put_listed_read_and_deleted_by_its_owner(self):
        self.put("partner")

        self.assertEqual(["partner"], self.owner.list_identity_policies(Identity=self.domain_arn)["PolicyNames"])
        policies = self.owner.get_identity_policies(Identity=self.domain, PolicyNames=["partner", "nobody"])["Policies"]
        self.assertEqual(["partner"], list(policies))
        self.assertIn('"Effect":"Allow"', policies["partner"])
        self.owner.delete_identity_policy(Identity=self.domain, PolicyName="partner")
        self.owner.delete_identity_policy(Identity=self.domain, PolicyName="partner")
        self.assertEqual([], self.owner.list_identity_policies(Identity=self.domain)["PolicyNames"])

    def test_what_a_policy_cannot_say_is_refused_when_it_is_put(self):
        put = self.owner.put_identity_policy

        self.refused(put, "InvalidPolicy", Identity=self.domain, PolicyName="p", Policy="{")
        self.refused(
            put, "InvalidPolicy", "Unknown or unapplicable condition field 'AWS:SourceAccount'.",
            Identity=self.domain, PolicyName="p",
            Policy=policy(self.domain_arn, DELEGATE, "ses:SendEmail", condition={"StringEquals": {"AWS:SourceAccount": OWNER}}))
        self.refused(put, "InvalidParameterValue", "alpha-numeric", Identity=self.domain, PolicyName="a b", Policy="{}")
        self.refused(put, "ValidationError", "less than or equal to 64", Identity=self.domain, PolicyName="p" * 65, Policy="{}")
        self.refused(
            put, "InvalidParameterValue", "does not exist", Identity="nobody.test", PolicyName="p",
            Policy=policy(arn(OWNER, "nobody.test"), DELEGATE, "ses:SendEmail"))
        self.refused(
            self.delegate.list_identity_policies, "AccessDenied", Identity=self.domain_arn)

    def test_a_delegate_sends_only_while_the_policy_says_so(self):
        self.refused(
            self.send, "AccessDenied", f"not authorized to perform `ses:SendEmail' on resource `{self.domain_arn}'",
            ses=self.delegate, SourceArn=self.domain_arn)

        self.put()
        message_id = self.send(self.delegate, SourceArn=self.domain_arn)

        self.assertEqual(["c@client.test"], recipients_of(message_id))
        self.assertTrue(inspect(f"/_signet/messages/{message_id}/decision")["allowed"])
        self.assertEqual(f"news@{self.domain}", raw_of(message_id)["From"])
        self.owner.delete_identity_policy(Identity=self.domain, PolicyName="p")
        self.refused(self.send, "AccessDenied", ses=self.delegate, SourceArn=self.domain_arn)

    def test_without_an_arn_only_the_callers_own_identities_count(self):
        self.put()

        self.refused(
            self.send, "MessageRejected",
            "Email address is not verified. The following identities failed the check in region US-EAST-1: news@" + self.domain,
            ses=self.delegate)

    def test_a_condition_on_recipients_holds_for_every_recipient(self):
        self.put(condition={"ForAllValues:StringLike": {"ses:Recipients": "*@client.test"}})
        ours = {"ToAddresses": ["c@client.test"], "BccAddresses": ["d@client.test"]}

        self.send(self.delegate, SourceArn=self.domain_arn, Destination=ours)
        self.refused(
            self.send, "AccessDenied", ses=self.delegate, SourceArn=self.domain_arn,
            Destination={**ours, "CcAddresses": ["x@other.test"]})

    def test_a_user_needs_its_own_permission_too(self):
        name = f"mailer{uuid.uuid4().hex[:8]}"
        signet("user", "create", name, "--account", DELEGATE)
        key = signet("key", "create", "--account", DELEGATE, "--user", name)
        user = client(key["accessKeyId"], key["secretAccessKey"])
        self.put(principal=f"arn:aws:iam::{DELEGATE}:user/{name}")

        self.send(user, SourceArn=self.domain_arn)
        self.refused(self.send, "AccessDenied", ses=self.delegate, SourceArn=self.domain_arn)

        signet("user", "policy", "put", name, "default", "-", "--account", DELEGATE,
               stdin='{"Statement":{"Effect":"Allow","Action":"ses:GetSendQuota","Resource":"*"}}')
        self.refused(self.send, "AccessDenied", f"user/{name}", ses=user, SourceArn=self.domain_arn)
        user.get_send_quota()
        self.refused(
            user.verify_email_identity, "AccessDenied",
            f"User: arn:aws:iam::{DELEGATE}:user/{name} is not authorized to perform: ses:VerifyEmailIdentity",
            EmailAddress="x@example.com")
        signet("key", "revoke", key["accessKeyId"])
        self.refused(user.get_send_quota, "InvalidClientTokenId")

    def test_the_command_line_explains_what_the_api_refuses(self):
        self.put(condition={"StringLike": {"ses:FromAddress": f"promo-*@{self.domain}"}})

        decision = signet(
            "policy", "explain", "--principal", DELEGATE, "--action", "ses:SendEmail", "--source", f"news@{self.domain}",
            "--source-arn", self.domain_arn, "--to", "c@client.test")

        self.assertFalse(decision["allowed"])
        condition = decision["checks"][0]["ownerPolicies"]["statements"][0]["conditions"][0]
        self.assertEqual("ses:FromAddress", condition["key"])
        self.assertFalse(condition["holds"])
        self.assertEqual([f"news@{self.domain}"], condition["requestValues"])


class Sending(Case):
    def setUp(self):
        super().setUp()
        self.owner.verify_domain_identity(Domain=self.domain)

    def test_parts_become_a_message_that_another_parser_reads_back(self):
        message_id = self.send(
            Source=f'"Shop, News" <news@{self.domain}>',
            Destination={
                "ToAddresses": ["Zoë <zoe@client.test>", "b@client.test"], "CcAddresses": ["c@client.test"],
                "BccAddresses": ["hidden@client.test"]},
            Message={
                "Subject": {"Data": "Größe ☃ " + "lang " * 40, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Grüße\n.\nEnde", "Charset": "ISO-8859-1"},
                         "Html": {"Data": "<p>日本語</p>", "Charset": "ISO-2022-JP"}}},
            ReplyToAddresses=["reply@client.test"],
            Tags=[{"Name": "campaign", "Value": "spring"}])

        message = raw_of(message_id)
        self.assertEqual("Shop, News", message["From"].addresses[0].display_name)
        self.assertEqual(["Zoë", ""], [a.display_name for a in message["To"].addresses])
        self.assertEqual(("Größe ☃ " + "lang " * 40).strip(), message["Subject"].strip())
        self.assertEqual("reply@client.test", message["Reply-To"])
        self.assertIsNone(message["Bcc"])
        self.assertIn(message_id, message["Message-ID"])
        self.assertEqual("multipart/alternative", message.get_content_type())
        self.assertEqual("Grüße\n.\nEnde", message.get_body(("plain",)).get_content().strip().replace("\r\n", "\n"))
        self.assertEqual("iso-8859-1", message.get_body(("plain",)).get_content_charset())
        self.assertEqual("<p>日本語</p>", message.get_body(("html",)).get_content().strip())
        self.assertNotIn(b"hidden@client.test", bytes_of(message_id))
        self.assertTrue(all(b < 128 for b in bytes_of(message_id)))
        self.assertEqual(
            ["zoe@client.test", "b@client.test", "c@client.test", "hidden@client.test"], recipients_of(message_id))

    def test_a_raw_message_keeps_its_parts_and_loses_what_is_not_for_the_recipient(self):
        mail = email.message.EmailMessage()
        mail["From"] = f"Zoë <news@{self.domain}>"
        mail["To"] = "Team: a@client.test, b@client.test;, c@client.test"
        mail["Bcc"] = "hidden@client.test"
        mail["Subject"] = "Raw"
        mail["X-SES-SOURCE-ARN"] = self.domain_arn
        mail["X-Kept"] = "yes"
        mail.set_content("Text ü")
        mail.add_alternative("<b>HTML</b>", subtype="html")
        mail.add_attachment(bytes(range(256)), maintype="application", subtype="octet-stream", filename="dáta.bin")

        message_id = self.owner.send_raw_email(RawMessage={"Data": mail.as_bytes()})["MessageId"]

        got = raw_of(message_id)
        self.assertEqual("yes", got["X-Kept"])
        self.assertIsNone(got["Bcc"])
        self.assertIsNone(got["X-SES-SOURCE-ARN"])
        self.assertEqual(bytes(range(256)), next(got.iter_attachments()).get_content())
        self.assertEqual("dáta.bin", next(got.iter_attachments()).get_filename())
        self.assertEqual(["a@client.test", "b@client.test", "c@client.test", "hidden@client.test"], recipients_of(message_id))

    def test_destinations_win_over_the_headers(self):
        raw = f"From: news@{self.domain}\r\nTo: shown@client.test\r\nSubject: x\r\n\r\nbody\r\n".encode()

        message_id = self.owner.send_raw_email(RawMessage={"Data": raw}, Destinations=["real@client.test"])["MessageId"]

        self.assertEqual("shown@client.test", raw_of(message_id)["To"])
        self.assertEqual(["real@client.test"], recipients_of(message_id))

    def test_a_delegate_sends_raw_by_header_and_the_parameter_wins(self):
        self.owner.put_identity_policy(
            Identity=self.domain, PolicyName="raw", Policy=policy(self.domain_arn, DELEGATE, "ses:SendRawEmail"))
        other = f"other-{self.domain}"
        client("777788889999").verify_domain_identity(Domain=other)
        raw = f"X-SES-SOURCE-ARN: {self.domain_arn}\r\nFrom: news@{self.domain}\r\nTo: c@client.test\r\nSubject: x\r\n\r\nbody\r\n".encode()

        message_id = self.delegate.send_raw_email(RawMessage={"Data": raw})["MessageId"]

        self.assertNotIn(b"X-SES", bytes_of(message_id))
        self.refused(
            self.delegate.send_raw_email, "MessageRejected", RawMessage={"Data": raw}, SourceArn=arn("777788889999", other))
        self.delegate.send_raw_email(
            RawMessage={"Data": raw.split(b"\r\n", 1)[1]}, Source=f"news@{self.domain}", SourceArn=self.domain_arn,
            FromArn=self.domain_arn, ReturnPathArn=self.domain_arn)

    def test_ten_megabytes_are_the_limit(self):
        head = f"From: news@{self.domain}\r\nTo: c@client.test\r\nSubject: big\r\n\r\n".encode()
        line = b"x" * 998 + b"\r\n"
        fits = head + line * ((10485760 - len(head)) // len(line))

        self.owner.send_raw_email(RawMessage={"Data": fits})
        self.refused(
            self.owner.send_raw_email, "InvalidParameterValue", "Message length is more than 10485760 bytes long",
            RawMessage={"Data": fits + line})

    def test_refusals_speak_ses(self):
        invalid = "InvalidParameterValue"

        self.refused(self.send, invalid, "Missing final '@domain'", Source="nobody")
        self.refused(self.send, invalid, "Recipient count exceeds 50.",
                     Destination={"ToAddresses": [f"r{i}@client.test" for i in range(51)]})
        self.refused(self.send, invalid, "Local address contains control or whitespace", Destination={"ToAddresses": ["a b@c.test"]})
        self.refused(self.send, "ConfigurationSetDoesNotExist", "Configuration set <nope> does not exist.", ConfigurationSetName="nope")
        self.refused(self.owner.send_raw_email, invalid, "Missing required header 'To'.",
                     RawMessage={"Data": f"From: a@{self.domain}\r\n\r\nx".encode()})
        self.refused(self.owner.create_template, "InvalidAction", "CreateTemplate",
                     Template={"TemplateName": "t", "SubjectPart": "s"})
        self.refused(client(OWNER, "wrong").get_send_quota, "SignatureDoesNotMatch", "`signet dev` has the access key `test`")

    def test_dev_takes_any_key_that_nobody_made(self):
        self.assertEqual(1_000_000, client("AKIAUNKNOWN", "whatever").get_send_quota()["Max24HourSend"])


class Account(Case):
    def test_quota_statistics_and_the_sending_switch(self):
        account = client(f"{uuid.uuid4().int % 10**12:012d}")
        account.verify_domain_identity(Domain=self.domain)

        self.send(account)
        self.assertEqual(1.0, account.get_send_quota()["SentLast24Hours"])
        self.assertEqual(1, account.get_send_statistics()["SendDataPoints"][0]["DeliveryAttempts"])
        self.assertTrue(account.get_account_sending_enabled()["Enabled"])
        account.update_account_sending_enabled(Enabled=False)
        self.assertFalse(account.get_account_sending_enabled()["Enabled"])
        self.refused(self.send, "AccountSendingPausedException", ses=account)
        account.update_account_sending_enabled(Enabled=True)
        self.send(account)


if __name__ == "__main__":
    unittest.main()
