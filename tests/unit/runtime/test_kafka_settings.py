"""A login at Kafka that is half said is named, line by line, before anything starts (docs/kafka.md)."""

import base64
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from pydantic import ValidationError

from cpt.messaging.access import access
from cpt.messaging.kafka_settings import KafkaSettings
from cpt.messaging.kafka_tokens import SignedForMsk

no_signer = find_spec("aws_msk_iam_sasl_signer") is None


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (
            {"tls": True, "cert_file": "a.crt"},
            "CPT_KAFKA__CERT_FILE, CPT_KAFKA__KEY_FILE and CPT_KAFKA__TLS belong together",
        ),
        ({"tls": True, "key_file": "a.key"}, "belong together"),
        ({"cert_file": "a.crt", "key_file": "a.key"}, "belong together"),
        ({"mechanism": "OAUTHBEARER", "username": "intake"}, "OAUTHBEARER knows no CPT_KAFKA__USERNAME"),
        ({"mechanism": "GSSAPI"}, "SCRAM-SHA-512"),
    ],
)
def test_what_does_not_fit_beside_another_is_refused(given, fault):
    with pytest.raises(ValidationError, match=fault):
        KafkaSettings(**given)


def test_a_process_that_logs_in_starts_only_with_all_that_its_login_needs():
    """A web process may be given half of it, since one ConfigMap serves all."""
    given = {"CPT_POSTGRES__DSN": "postgresql://db/cpt", "CPT_KAFKA__MECHANISM": "OAUTHBEARER"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")} | given
    command = [sys.executable, "-m", "review", "worker"]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert said.returncode == 2
    assert said.stderr.splitlines() == [
        "OAUTHBEARER needs CPT_KAFKA__OAUTH__TOKEN_URL",
        "OAUTHBEARER needs CPT_KAFKA__OAUTH__CLIENT_ID",
    ]


def test_msk_needs_its_region_and_an_image_with_the_signer():
    lines = KafkaSettings(mechanism="AWS_MSK_IAM").missing()

    assert lines[0] == "AWS_MSK_IAM needs CPT_KAFKA__AWS_REGION"
    assert ("--build-arg EXTRA=msk" in lines[-1]) is no_signer


@pytest.mark.skipif(no_signer, reason="no signer: .venv/bin/uv pip install --require-hashes -r requirements/msk.txt")
async def test_a_token_for_msk_is_signed_for_its_region(monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}.items():
        monkeypatch.setenv(name, value)
    login = access(KafkaSettings(tls=True, mechanism="AWS_MSK_IAM", aws_region="us-east-1"))
    provider = login["sasl_oauth_token_provider"]
    signed = base64.urlsafe_b64decode(await provider.token() + "==")

    assert (login["sasl_mechanism"], type(provider)) == ("OAUTHBEARER", SignedForMsk)
    assert signed.startswith(b"https://kafka.us-east-1.amazonaws.com/?Action=kafka-cluster%3AConnect&")
    assert b"secret" not in signed
