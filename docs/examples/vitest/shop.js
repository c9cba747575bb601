// The application: it sends with the AWS SDK and knows nothing of Signet.

import { SendEmailCommand } from "@aws-sdk/client-ses";

export const sender = "shop@example.com";
const customers = new Map([["ann@example.net", "Ann"], ["bob@example.net", "Bob"]]);

/** Mails a customer a link to choose a new password. Whoever is no customer gets no mail. */
export async function sendPasswordReset(ses, address, token, from = sender) {
  if (!customers.has(address)) {
    return;
  }

  const link = `https://shop.example.com/reset?token=${token}`;
  await ses.send(new SendEmailCommand({
    Source: `Shop <${from}>`,
    Destination: { ToAddresses: [address] },
    Message: {
      Subject: { Data: "Choose a new password" },
      Body: {
        Text: { Data: `Hello ${customers.get(address)},\n\nchoose a new password here: ${link}\n` },
        Html: { Data: `<p>Hello ${customers.get(address)}, <a href="${link}">choose a new password</a>.</p>` },
      },
    },
  }));
}
