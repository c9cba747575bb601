"""What the Python client tests share: the running program, its inbox and its command line."""

import email
import email.policy
import json
import os
import subprocess
import urllib.parse
import urllib.request

URL = os.environ["SIGNET_URL"]
PROGRAM = json.loads(os.environ["SIGNET_PROGRAM"])  # the command as a list
DATA = os.environ["SIGNET_DATA"]
REGION = "us-east-1"
OWNER = "111122223333"
DELEGATE = "444455556666"


def inspect(path, **query):
    """The JSON that the inspection API answers."""
    with urllib.request.urlopen(f"{URL}{path}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
        return json.load(answer)


def history(message_id):
    """Envelope and deliveries of a message."""
    return inspect(f"/_signet/messages/{message_id}")["message"]


def recipients_of(message_id):
    return [delivery["recipient"] for delivery in history(message_id)["deliveries"]]


def raw_of(message_id):
    """The delivered message, read by Python's own parser."""
    with urllib.request.urlopen(f"{URL}/_signet/messages/{message_id}/raw", timeout=30) as answer:
        return email.message_from_bytes(answer.read(), policy=email.policy.default)


def bytes_of(message_id):
    with urllib.request.urlopen(f"{URL}/_signet/messages/{message_id}/raw", timeout=30) as answer:
        return answer.read()


def signet(*arguments, stdin=None):
    """Runs a signet command beside the running program, on the same data."""
    done = subprocess.run(
        [*PROGRAM, *arguments, "--data", DATA, "--json"], capture_output=True, text=True, timeout=60, input=stdin)
    if done.returncode not in (0, 1) or (done.returncode == 1 and not done.stdout):
        raise AssertionError(f"signet {' '.join(arguments)}: {done.returncode}: {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def arn(account, identity):
    return f"arn:aws:ses:{REGION}:{account}:identity/{identity}"


def policy(identity_arn, principal, action, effect="Allow", condition=None):
    statement = {"Effect": effect, "Principal": {"AWS": principal}, "Action": action, "Resource": identity_arn}
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
