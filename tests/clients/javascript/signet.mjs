// What the JavaScript client tests share: the running program, an address that may send, and the mail that arrived.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { SESClient, VerifyEmailIdentityCommand } from "@aws-sdk/client-ses";
import { simpleParser } from "mailparser";

export const url = process.env.SIGNET_URL;
export const account = "111122223333";

export const sdk = () => new SESClient({
  region: "us-east-1", endpoint: url, maxAttempts: 1, credentials: { accessKeyId: account, secretAccessKey: "test" },
});

/** An address that nobody has used before. */
export const newAddress = (name) => `${name}@d${randomUUID().replaceAll("-", "").slice(0, 12)}.test`;

/** A new address that the account may send from. */
export async function newSender() {
  const address = newAddress("sender");
  await sdk().send(new VerifyEmailIdentityCommand({ EmailAddress: address }));
  return address;
}

/** Waits for the one mail to an address. Gives the envelope's recipients and the message, read by mailparser. */
export async function arrivedFor(to) {
  const answer = await fetch(`${url}/_signet/messages?${new URLSearchParams({ wait: "10", to })}`);
  const { messages } = await answer.json();
  assert.equal(messages.length, 1, `mails to ${to}`);
  const raw = await fetch(`${url}/_signet/messages/${messages[0].id}/raw`);
  return {
    id: messages[0].id,
    recipients: messages[0].deliveries.map((delivery) => delivery.recipient).sort(),
    message: await simpleParser(Buffer.from(await raw.arrayBuffer())),
  };
}
