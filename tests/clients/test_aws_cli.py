"""Drives the running program with the AWS CLI."""

import json
import os
import subprocess
import tempfile
import unittest
import uuid

from signet_client import DELEGATE, OWNER, REGION, URL, arn, inspect, policy, raw_of

AWS = os.environ.get("SIGNET_AWS", "aws")


def aws(account, *arguments):
    environment = {
        **os.environ, "AWS_ACCESS_KEY_ID": account, "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1"}
    done = subprocess.run(
        [AWS, "ses", *arguments, "--endpoint-url", URL, "--output", "json"],
        capture_output=True, text=True, timeout=60, env=environment)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


class AwsCli(unittest.TestCase):
    def setUp(self):
        self.domain = f"d{uuid.uuid4().hex[:12]}.test"
        self.arn = arn(OWNER, self.domain)

    def test_an_owner_lends_its_domain_and_the_delegate_sends(self):
        source = f"news@{self.domain}"
        send = ["send-email", "--from", source, "--destination", "ToAddresses=c@client.test,CcAddresses=d@client.test",
                "--message", "Subject={Data=Hello},Body={Text={Data=Text},Html={Data=<p>HTML</p>}}", "--source-arn", self.arn]
        aws(OWNER, "verify-domain-identity", "--domain", self.domain)
        with self.assertRaisesRegex(RuntimeError, "AccessDenied"):
            aws(DELEGATE, *send)

        aws(OWNER, "put-identity-policy", "--identity", self.domain, "--policy-name", "partner",
            "--policy", policy(self.arn, DELEGATE, ["ses:SendEmail", "ses:SendRawEmail"]))
        message_id = aws(DELEGATE, *send)["MessageId"]

        message = raw_of(message_id)
        self.assertEqual("<p>HTML</p>", message.get_body(("html",)).get_content().strip())
        self.assertEqual(["partner"], aws(OWNER, "list-identity-policies", "--identity", self.arn)["PolicyNames"])
        self.assertIn("partner", aws(OWNER, "get-identity-policies", "--identity", self.domain, "--policy-names", "partner")["Policies"])
        aws(OWNER, "delete-identity-policy", "--identity", self.domain, "--policy-name", "partner")
        with self.assertRaisesRegex(RuntimeError, "AccessDenied"):
            aws(DELEGATE, *send)

    def test_a_raw_message_goes_through_unchanged_but_for_its_envelope_headers(self):
        aws(OWNER, "verify-email-identity", "--email-address", f"a@{self.domain}")
        raw = f"From: a@{self.domain}\r\nTo: c@client.test\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nBody\r\n"
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            import base64
            json.dump({"Data": base64.b64encode(raw.encode()).decode()}, file)
            file.flush()
            message_id = aws(OWNER, "send-raw-email", "--raw-message", f"file://{file.name}",
                             "--cli-binary-format", "base64")["MessageId"] if cli_version() >= 2 else \
                aws(OWNER, "send-raw-email", "--raw-message", json.dumps({"Data": raw}))["MessageId"]

        self.assertEqual("Grüße", raw_of(message_id)["Subject"])

    def test_identities_dkim_quota_and_the_switch(self):
        aws(OWNER, "verify-domain-identity", "--domain", self.domain)
        tokens = aws(OWNER, "verify-domain-dkim", "--domain", self.domain)["DkimTokens"]

        self.assertEqual(3, len(tokens))
        self.assertIn(self.domain, aws(OWNER, "list-identities", "--identity-type", "Domain")["Identities"])
        attributes = aws(OWNER, "get-identity-verification-attributes", "--identities", self.domain)["VerificationAttributes"]
        self.assertEqual("Success", attributes[self.domain]["VerificationStatus"])
        self.assertIn("Max24HourSend", aws(OWNER, "get-send-quota"))
        self.assertIn("SendDataPoints", aws(OWNER, "get-send-statistics"))
        aws(OWNER, "delete-identity", "--identity", self.domain)
        self.assertNotIn(self.domain, aws(OWNER, "list-identities", "--identity-type", "Domain")["Identities"])

    def test_the_inbox_answers_in_localstacks_shape(self):
        source = f"a@{self.domain}"
        aws(OWNER, "verify-email-identity", "--email-address", source)

        message_id = aws(OWNER, "send-email", "--from", source, "--to", "c@client.test", "--subject", "Hi", "--text", "Text")["MessageId"]

        [message] = inspect("/_aws/ses", email=source)["messages"]
        self.assertEqual((message_id, "Hi", "Text"), (message["Id"], message["Subject"], message["Body"]["text_part"]))


def cli_version():
    text = subprocess.run([AWS, "--version"], capture_output=True, text=True, timeout=60)
    return int((text.stdout or text.stderr).split("/")[1].split(".")[0])


if __name__ == "__main__":
    unittest.main()
