// Drives the running program with the SES transport of nodemailer 6, which sends everything with SendRawEmail.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as aws from "@aws-sdk/client-ses";
import nodemailer from "nodemailer";
import { arrivedFor, newAddress, newSender, sdk } from "./signet.mjs";

const transport = () => nodemailer.createTransport({ SES: { ses: sdk(), aws } });

test("a mail arrives with its attachment and its inline picture, and without its Bcc", async () => {
  const [from, to, cc, bcc] = [await newSender(), newAddress("to"), newAddress("cc"), newAddress("bcc")];
  const bytes = Buffer.from([0, 1, 2, 255]);

  const sent = await transport().sendMail({
    from: { name: "Grüße vom Laden", address: from }, to: `Ann <${to}>`, cc, bcc, subject: "Ihre Bestellung – 日本語",
    text: "Text\n.\n", html: '<p>HTML <img src="cid:logo"></p>',
    attachments: [{ filename: "Rechnung März.bin", content: bytes }, { filename: "logo.png", content: bytes, cid: "logo" }],
    ses: { Tags: [{ Name: "campaign", Value: "spring" }] },
  });

  const { id, recipients, message } = await arrivedFor(to);
  assert.equal(sent.response, id);
  assert.deepEqual(recipients, [to, cc, bcc].sort());
  assert.equal(message.subject, "Ihre Bestellung – 日本語");
  assert.equal(message.from.value[0].name, "Grüße vom Laden");
  assert.equal(message.text.trim(), "Text\n.");
  assert.equal(message.bcc, undefined);
  assert.deepEqual(message.attachments.map((a) => [a.filename, [...a.content], a.related ?? false]), [
    ["logo.png", [0, 1, 2, 255], true], ["Rechnung März.bin", [0, 1, 2, 255], false],
  ]);
});

test("the recipients of the envelope are those that get the mail", async () => {
  const [from, to] = [await newSender(), newAddress("to")];

  await transport().sendMail({ from, to: "list@example.com", subject: "Digest", text: "Text", envelope: { from, to: [to] } });

  const { recipients, message } = await arrivedFor(to);
  assert.deepEqual(recipients, [to]);
  assert.equal(message.to.text, "list@example.com");
});

test("a burst that nodemailer paces arrives whole", async () => {
  const from = await newSender();
  const recipients = Array.from({ length: 5 }, (_, i) => newAddress(`to${i}`));
  const paced = nodemailer.createTransport({ SES: { ses: sdk(), aws }, sendingRate: 10, maxConnections: 2 });

  await Promise.all(recipients.map((to) => paced.sendMail({ from, to, subject: "Burst", text: "Text" })));

  for (const to of recipients) {
    assert.equal((await arrivedFor(to)).message.subject, "Burst");
  }
});

test("verify says that it can send, and that it cannot with a wrong secret", async () => {
  const stranger = new aws.SESClient({
    region: "us-east-1", endpoint: process.env.SIGNET_URL, maxAttempts: 1,
    credentials: { accessKeyId: "111122223333", secretAccessKey: "wrong" },
  });

  assert.equal(await transport().verify(), true);
  await assert.rejects(nodemailer.createTransport({ SES: { ses: stranger, aws } }).verify(), { name: "SignatureDoesNotMatch" });
});

test("a refusal has the code and the text of SES", async () => {
  const refused = transport().sendMail({ from: newAddress("nobody"), to: newAddress("to"), subject: "s", text: "t" });

  await assert.rejects(refused, (error) => error.name === "MessageRejected" && error.message.includes("is not verified"));
});
