import re
import secrets

import pytest

import shop


@pytest.fixture
def token():
    return secrets.token_urlsafe(8)


def test_the_mail_has_a_subject_and_greets_the_customer(ses, inbox, token):
    shop.send_password_reset(ses, "ann@example.net", token)

    mail = inbox.wait_for(to="ann@example.net")
    assert mail["message"]["subject"] == "Choose a new password"
    assert mail["message"]["source"] == f"Shop <{shop.SENDER}>"
    assert mail["text"].startswith("Hello Ann,")


def test_text_and_html_have_the_same_link(ses, inbox, token):
    shop.send_password_reset(ses, "bob@example.net", token)

    mail = inbox.wait_for(to="bob@example.net")
    [in_text] = re.findall(r"https://\S+", mail["text"])
    [in_html] = re.findall(r'href="([^"]+)"', mail["html"])
    assert in_text == in_html == f"https://shop.example.com/reset?token={token}"


# All of them mail the same customer at the same time. Each sees one mail, its own.
@pytest.mark.parametrize("test", range(8))
def test_tests_that_run_beside_each_other_share_no_mail(ses, inbox, token, test):
    shop.send_password_reset(ses, "ann@example.net", token)

    assert token in inbox.wait_for(to="ann@example.net")["text"]
    assert inbox.count() == 1


def test_a_stranger_gets_no_mail(ses, inbox, token):
    shop.send_password_reset(ses, "stranger@example.net", token)

    assert inbox.count() == 0


def test_an_address_that_is_not_verified_cannot_send(ses, inbox, token, monkeypatch):
    monkeypatch.setattr(shop, "SENDER", "other@example.com")

    with pytest.raises(ses.exceptions.MessageRejected, match="other@example.com"):
        shop.send_password_reset(ses, "ann@example.net", token)
    assert inbox.count() == 0
