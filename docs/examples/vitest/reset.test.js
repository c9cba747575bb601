import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { test } from "./mail-test.js";
import { sendPasswordReset, sender } from "./shop.js";

test("the mail has a subject and greets the customer", async ({ ses, inbox }) => {
  await sendPasswordReset(ses, "ann@example.net", randomUUID());

  const mail = await inbox.waitFor("ann@example.net");
  expect(mail.message).toMatchObject({ subject: "Choose a new password", source: `Shop <${sender}>` });
  expect(mail.text).toMatch(/^Hello Ann,/);
});

test("text and HTML have the same link", async ({ ses, inbox }) => {
  const token = randomUUID();

  await sendPasswordReset(ses, "bob@example.net", token);

  const mail = await inbox.waitFor("bob@example.net");
  const link = `https://shop.example.com/reset?token=${token}`;
  expect(mail.text.match(/https:\/\/\S+/g)).toEqual([link]);
  expect(mail.html).toContain(`href="${link}"`);
});

test("a stranger gets no mail", async ({ ses, inbox }) => {
  await sendPasswordReset(ses, "stranger@example.net", randomUUID());

  expect(await inbox.count()).toBe(0);
});

test("an address that is not verified cannot send", async ({ ses, inbox }) => {
  const refused = sendPasswordReset(ses, "ann@example.net", randomUUID(), "other@example.com");

  await expect(refused).rejects.toThrow(/not verified.*other@example.com/);
  expect(await inbox.count()).toBe(0);
});
