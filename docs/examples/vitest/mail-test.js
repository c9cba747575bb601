// `test` with what every test that sends mail needs: an account of its own, a client for it, and its inbox.

import { randomInt } from "node:crypto";
import { SESClient, VerifyEmailIdentityCommand } from "@aws-sdk/client-ses";
import { expect, inject, test as base } from "vitest";
import { sender } from "./shop.js";

const signet = inject("signet");

async function call(method, path, query) {
  const answer = await fetch(`${signet}${path}?${new URLSearchParams(query)}`, { method });
  expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
  return answer.status === 204 ? null : answer.json();
}

export const test = base.extend({
  // Twelve digits that no other test has, so that tests may run beside each other. Emptied after the test.
  account: async ({}, use) => {
    const account = `${randomInt(1e12)}`.padStart(12, "0");
    await use(account);
    await call("POST", "/_signet/reset", { account });
  },

  // The client that the application gets. It may send from the application's address.
  ses: async ({ account }, use) => {
    const ses = new SESClient({
      region: "us-east-1", endpoint: signet, credentials: { accessKeyId: account, secretAccessKey: "test" },
    });
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress: sender }));
    await use(ses);
    ses.destroy();
  },

  inbox: async ({ account }, use) => {
    await use({
      count: async () => (await call("GET", "/_signet/messages/count", { account })).count,

      // The one mail to an address: its text, HTML, headers and attachments. Answers as soon as the mail is there.
      waitFor: async (to) => {
        const { messages } = await call("GET", "/_signet/messages", { account, to, wait: 10 });
        expect(messages).toHaveLength(1);
        return call("GET", `/_signet/messages/${messages[0].id}`);
      },
    });
  },
});
