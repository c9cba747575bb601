// Drives the running program with node-ses. It signs by itself, names no API version, and leaves the port out of Host.

import assert from "node:assert/strict";
import { test } from "node:test";
import { promisify } from "node:util";
import nodeSes from "node-ses";
import { account, arrivedFor, newAddress, newSender, url } from "./signet.mjs";

const client = nodeSes.createClient({ key: account, secret: "test", amazon: url });
const sendEmail = promisify(client.sendEmail.bind(client));
const sendRawEmail = promisify(client.sendRawEmail.bind(client));

test("a mail with text, HTML, copies and tags arrives", async () => {
  const [from, to, cc, bcc] = [await newSender(), newAddress("to"), newAddress("cc"), newAddress("bcc")];

  const answer = await sendEmail({
    from: `Shop News <${from}>`, to, cc, bcc: [bcc], replyTo: "answers@example.com", subject: "Grüße & mehr",
    message: "<p>100 % 日本語</p>", altText: "a+b=c", messageTags: [{ name: "campaign", value: "spring" }],
  });

  const { id, recipients, message } = await arrivedFor(to);
  assert.match(answer, new RegExp(`<MessageId>${id}</MessageId>`));
  assert.deepEqual(recipients, [to, cc, bcc].sort());
  assert.equal(message.subject, "Grüße & mehr");
  assert.equal(message.html, "<p>100 % 日本語</p>");
  assert.equal(message.text.trim(), "a+b=c");
  assert.deepEqual([message.from.text, message.cc.text, message.replyTo.text], [`"Shop News" <${from}>`, cc, "answers@example.com"]);
  assert.equal(message.bcc, undefined);
});

test("a raw mail arrives with its attachment", async () => {
  const [from, to] = [await newSender(), newAddress("to")];
  const rawMessage = [
    `From: ${from}`, `To: ${to}`, "Subject: Raw", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "", "--b",
    "Content-Type: text/plain", "", "Text", "--b", 'Content-Type: application/octet-stream; name="a.bin"',
    "Content-Transfer-Encoding: base64", 'Content-Disposition: attachment; filename="a.bin"', "",
    Buffer.from([0, 1, 2, 255]).toString("base64"), "--b--", "",
  ].join("\r\n");

  await sendRawEmail({ from, rawMessage });

  const { recipients, message } = await arrivedFor(to);
  assert.deepEqual(recipients, [to]);
  assert.equal(message.subject, "Raw");
  assert.equal(message.attachments[0].filename, "a.bin");
  assert.deepEqual([...message.attachments[0].content], [0, 1, 2, 255]);
});

test("a refusal has the code and the text of SES", async () => {
  const mail = { from: newAddress("nobody"), to: newAddress("to"), subject: "s", altText: "t" };

  await assert.rejects(sendEmail(mail), (error) => error.Code === "MessageRejected" && error.Message.includes("is not verified"));
  await assert.rejects(sendEmail({ ...mail, secret: "wrong" }), { Code: "SignatureDoesNotMatch" });
});
