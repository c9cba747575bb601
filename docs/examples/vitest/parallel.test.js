import { randomUUID } from "node:crypto";
import { describe, expect } from "vitest";
import { test } from "./mail-test.js";
import { sendPasswordReset } from "./shop.js";

// All of them mail the same customer at the same time, while the other file runs. Each sees one mail, its own.
describe.concurrent("tests that run beside each other share no mail", () => {
  test.for(Array.from({ length: 8 }, (_, n) => n))("%i", async (_, { ses, inbox }) => {
    const token = randomUUID();

    await sendPasswordReset(ses, "ann@example.net", token);

    expect((await inbox.waitFor("ann@example.net")).text).toContain(token);
    expect(await inbox.count()).toBe(1);
  });
});
