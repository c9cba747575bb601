"""What every test that sends mail needs: Signet, an account of its own, and the inbox of that account."""

import json
import os
import random
import subprocess
import urllib.parse
import urllib.request

import boto3
import pytest

import shop


@pytest.fixture(scope="session")
def signet(tmp_path_factory):
    """The address of the Signet that SIGNET_URL names. Without it each worker starts one, on a free port."""
    if url := os.environ.get("SIGNET_URL"):
        yield url
        return

    folder = tmp_path_factory.mktemp("signet")
    command = ["signet", "dev", "--http", "127.0.0.1:0", "--data", str(folder / "data")]
    with open(folder / "log", "w") as log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
        lines = iter(server.stdout.readline, "")
        url = next(line.split()[1] for line in lines if line.startswith("http "))
        assert any(line.startswith("ready") for line in lines), (folder / "log").read_text()
        yield url
        server.terminate()


@pytest.fixture
def account(signet):
    """Twelve digits that no other test has, so that tests may run beside each other. Emptied after the test."""
    account = f"{random.randrange(10**12):012}"
    yield account
    call("POST", f"{signet}/_signet/reset", account=account)


@pytest.fixture
def ses(signet, account):
    """The client that the application gets. It may send from the application's address."""
    ses = boto3.client("ses", region_name="us-east-1", endpoint_url=signet, aws_access_key_id=account, aws_secret_access_key="test")
    ses.verify_email_identity(EmailAddress=shop.SENDER)
    return ses


@pytest.fixture
def inbox(signet, account):
    return Inbox(signet, account)


class Inbox:
    """The mail of one account."""

    def __init__(self, signet, account):
        self._messages = f"{signet}/_signet/messages"
        self._account = account

    def count(self):
        return call("GET", f"{self._messages}/count", account=self._account)["count"]

    def wait_for(self, to):
        """The one mail to an address: its text, HTML, headers and attachments. Answers as soon as the mail is there."""
        [found] = call("GET", self._messages, account=self._account, to=to, wait=10)["messages"]
        return call("GET", f"{self._messages}/{found['id']}")


def call(method, url, **query):
    request = urllib.request.Request(f"{url}?{urllib.parse.urlencode(query)}", method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or "null")
