"""The application: it sends with boto3 and knows nothing of Signet."""

SENDER = "shop@example.com"
CUSTOMERS = {"ann@example.net": "Ann", "bob@example.net": "Bob"}


def send_password_reset(ses, address, token):
    """Mails a customer a link to choose a new password. Whoever is no customer gets no mail."""
    if address not in CUSTOMERS:
        return
    link = f"https://shop.example.com/reset?token={token}"
    ses.send_email(
        Source=f"Shop <{SENDER}>",
        Destination={"ToAddresses": [address]},
        Message={
            "Subject": {"Data": "Choose a new password"},
            "Body": {
                "Text": {"Data": f"Hello {CUSTOMERS[address]},\n\nchoose a new password here: {link}\n"},
                "Html": {"Data": f'<p>Hello {CUSTOMERS[address]}, <a href="{link}">choose a new password</a>.</p>'},
            },
        })
