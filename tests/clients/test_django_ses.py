"""Sends what Django writes as django-ses with default settings does.

django-ses itself is in neither Debian nor npm. What it asks of a server is replayed (django_ses/__init__.py and conf.py of 4.7):
the account's rate once for each process, because AWS_SES_AUTO_THROTTLE is 0.5 unless set, and each mail with SendRawEmail.
"""

import unittest
import uuid

import boto3
import django
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend

from signet_client import OWNER, REGION, URL, inspect, raw_of, recipients_of

AUTO_THROTTLE = 0.5  # of the account's rate
WINDOW = 2  # seconds in which it counts its sends


class SesBackend(BaseEmailBackend):
    """What a server sees of the library's backend."""

    rate = None

    def send_messages(self, messages):
        ses = boto3.Session(aws_access_key_id=OWNER, aws_secret_access_key="test").client(
            "ses", region_name=REGION, endpoint_url=URL, config=None)
        for message in messages:
            if SesBackend.rate is None:
                SesBackend.rate = float(ses.get_send_quota()["MaxSendRate"])
            answer = ses.send_raw_email(
                Source=message.from_email, Destinations=message.recipients(),
                RawMessage={"Data": message.message().as_bytes(linesep="\r\n")})
            message.extra_headers["message_id"] = answer["MessageId"]
            message.extra_headers["request_id"] = answer["ResponseMetadata"]["RequestId"]
        return len(messages)


settings.configure(EMAIL_BACKEND=f"{__name__}.SesBackend", USE_I18N=False)
django.setup()


class DjangoSes(unittest.TestCase):
    def setUp(self):
        domain = f"d{uuid.uuid4().hex[:12]}.test"
        self.sender = f"shop@{domain}"
        self.to, self.cc, self.bcc = (f"{name}@{domain}" for name in ("to", "cc", "bcc"))
        boto3.client("ses", region_name=REGION, endpoint_url=URL, aws_access_key_id=OWNER, aws_secret_access_key="test"
                     ).verify_domain_identity(Domain=domain)

    def arrived(self, to):
        [message] = inspect("/_signet/messages", wait=10, to=to)["messages"]
        return message["id"]

    def test_a_mail_arrives_with_its_html_its_attachment_and_its_blind_copy(self):
        message = mail.EmailMultiAlternatives(
            "Grüße & mehr", "Text für Sie", f"Der Laden für Süßes <{self.sender}>", [f"Änne <{self.to}>"], [self.bcc], cc=[self.cc],
            reply_to=["answers@example.com"], headers={"X-SES-MESSAGE-TAGS": "campaign=spring"})
        message.attach_alternative("<p>日本語</p>", "text/html")
        message.attach("Rechnung März.pdf", b"%PDF-1.4\n\x00\xff", "application/pdf")

        self.assertEqual(1, message.send())

        message_id = self.arrived(self.to)
        self.assertEqual(message_id, message.extra_headers["message_id"])
        self.assertEqual([self.to, self.cc, self.bcc], recipients_of(message_id))
        raw = raw_of(message_id)
        self.assertEqual("Grüße & mehr", raw["Subject"])
        self.assertEqual("Der Laden für Süßes", raw["From"].addresses[0].display_name)
        self.assertEqual(["Text für Sie", "<p>日本語</p>"], [raw.get_body((kind,)).get_content().strip() for kind in ("plain", "html")])
        [attachment] = raw.iter_attachments()
        self.assertEqual(("Rechnung März.pdf", b"%PDF-1.4\n\x00\xff"), (attachment.get_filename(), attachment.get_content()))
        self.assertEqual((None, None), (raw["Bcc"], raw["X-SES-MESSAGE-TAGS"]))

    def test_the_throttle_finds_a_rate_and_does_not_make_a_batch_wait(self):
        recipients = [self.to.replace("to@", f"to{n}@") for n in range(5)]

        sent = mail.send_mass_mail([("Digest", "Text", self.sender, [to]) for to in recipients])

        self.assertEqual(len(recipients), sent)
        self.assertGreaterEqual(SesBackend.rate * WINDOW * AUTO_THROTTLE, len(recipients))
        for to in recipients:
            self.assertEqual("Digest", raw_of(self.arrived(to))["Subject"])

    def test_a_refusal_reaches_the_application(self):
        with self.assertRaisesRegex(Exception, "MessageRejected.*is not verified"):
            mail.send_mail("Hello", "Text", "nobody@other.test", [self.to])


if __name__ == "__main__":
    unittest.main()
