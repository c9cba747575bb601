// Drives the running program with the JavaScript SDK v3, and reads what arrived with mailparser.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  GetIdentityPoliciesCommand, GetSendQuotaCommand, ListIdentitiesCommand, PutIdentityPolicyCommand, SendEmailCommand,
  SendRawEmailCommand, SESClient, VerifyDomainDkimCommand, VerifyDomainIdentityCommand, VerifyEmailIdentityCommand,
} from "@aws-sdk/client-ses";
import { simpleParser } from "mailparser";

const url = process.env.SIGNET_URL;
const owner = "111122223333";
const delegate = "444455556666";

const client = (account, secretAccessKey = "test") => new SESClient({
  region: "us-east-1", endpoint: url, maxAttempts: 1, credentials: { accessKeyId: account, secretAccessKey },
});
const newDomain = () => `d${randomUUID().replaceAll("-", "").slice(0, 12)}.test`;
const arnOf = (domain) => `arn:aws:ses:us-east-1:${owner}:identity/${domain}`;
const arrived = async (id) => simpleParser(Buffer.from(await (await fetch(`${url}/_signet/messages/${id}/raw`)).arrayBuffer()));

test("an owner lends its domain to a delegate under a condition", async () => {
  const domain = newDomain();
  const arn = arnOf(domain);
  await client(owner).send(new VerifyDomainIdentityCommand({ Domain: domain }));
  await client(owner).send(new PutIdentityPolicyCommand({
    Identity: domain,
    PolicyName: "partner",
    Policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow", Principal: { AWS: `arn:aws:iam::${delegate}:root` }, Action: "ses:SendEmail", Resource: arn,
        Condition: { StringEquals: { "ses:FromDisplayName": "Shop News" } },
      }],
    }),
  }));
  const mail = (source) => new SendEmailCommand({
    Source: source, SourceArn: arn, Destination: { ToAddresses: ["c@client.test"] },
    Message: { Subject: { Data: "Grüße" }, Body: { Html: { Data: "<p>日本語</p>" }, Text: { Data: "Text" } } },
  });

  const { MessageId } = await client(delegate).send(mail(`"Shop News" <news@${domain}>`));

  const message = await arrived(MessageId);
  assert.equal(message.subject, "Grüße");
  assert.equal(message.html, "<p>日本語</p>");
  assert.equal(message.from.value[0].name, "Shop News");
  await assert.rejects(client(delegate).send(mail(`news@${domain}`)), { name: "AccessDenied" });
  const { Policies } = await client(owner).send(new GetIdentityPoliciesCommand({ Identity: arn, PolicyNames: ["partner"] }));
  assert.match(Policies.partner, /FromDisplayName/);
});

test("a raw message arrives with its attachment, and without its Bcc", async () => {
  const address = `a@${newDomain()}`;
  await client(owner).send(new VerifyEmailIdentityCommand({ EmailAddress: address }));
  const raw = [
    `From: ${address}`, "To: c@client.test", "Bcc: hidden@client.test", "Subject: Raw", "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", "Text", "--b",
    'Content-Type: application/octet-stream; name="a.bin"', "Content-Transfer-Encoding: base64",
    'Content-Disposition: attachment; filename="a.bin"', "", Buffer.from([0, 1, 2, 255]).toString("base64"), "--b--", "",
  ].join("\r\n");

  const { MessageId } = await client(owner).send(new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) } }));

  const message = await arrived(MessageId);
  assert.deepEqual([...message.attachments[0].content], [0, 1, 2, 255]);
  assert.equal(message.bcc, undefined);
});

test("identities, DKIM tokens and quota have the shapes the SDK expects", async () => {
  const domain = newDomain();
  const { VerificationToken } = await client(owner).send(new VerifyDomainIdentityCommand({ Domain: domain }));
  const { DkimTokens } = await client(owner).send(new VerifyDomainDkimCommand({ Domain: domain }));
  const { Identities } = await client(owner).send(new ListIdentitiesCommand({ IdentityType: "Domain" }));
  const quota = await client(owner).send(new GetSendQuotaCommand({}));

  assert.equal(VerificationToken.length, 44);
  assert.equal(DkimTokens.length, 3);
  assert.ok(Identities.includes(domain));
  assert.equal(quota.Max24HourSend, 1_000_000);
});

test("errors arrive as the SDK's exceptions", async () => {
  const rejected = client(owner).send(new SendEmailCommand({
    Source: `nobody@${newDomain()}`, Destination: { ToAddresses: ["c@client.test"] },
    Message: { Subject: { Data: "s" }, Body: { Text: { Data: "t" } } },
  }));

  await assert.rejects(rejected, (error) => error.name === "MessageRejected" && error.$metadata.httpStatusCode === 400
    && /^[0-9a-f-]{36}$/.test(error.$metadata.requestId) && error.message.includes("US-EAST-1"));
  await assert.rejects(client(owner, "wrong").send(new GetSendQuotaCommand({})), { name: "SignatureDoesNotMatch" });
  await assert.rejects(
    client(owner).send(new PutIdentityPolicyCommand({ Identity: "x.test", PolicyName: "p", Policy: undefined })),
    { name: "ValidationError" });
});
