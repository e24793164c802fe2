"""A production installation that would be a demonstration does not start, and says in one line each what is wrong."""

import os
import subprocess
import sys

import pytest
from pydantic import SecretStr, ValidationError

from cpt.postgres import PostgresSettings
from cpt.runtime import main
from cpt.runtime.production import known_variables, lost_documents
from cpt.runtime.sections import LinkSettings, OfficeSettings, SpireSettings
from cpt.runtime.settings import Settings
from intake.settings import DocumentSettings, IntakeSettings

GOOD = {"environment": "production", "postgres": PostgresSettings(dsn=SecretStr("postgresql://db.umass.edu/cpt"))}


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    for name in [name for name in os.environ if name.startswith("CPT_")]:
        monkeypatch.delenv(name)


def faults(**values):
    with pytest.raises(ValidationError) as refused:
        Settings(**GOOD | values)
    (fault,) = refused.value.errors()
    return fault["msg"].removeprefix("Value error, ").splitlines()


def test_an_ordinary_installation_starts():
    assert Settings(**GOOD).environment == "production"


def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(monkeypatch):
    monkeypatch.setenv("CPT_KAFKA__TSL", "true")
    monkeypatch.setenv("CPT_NOTHING_LIKE_IT_AT_ALL", "1")

    assert faults() == [
        "CPT_KAFKA__TSL is no setting; did you mean CPT_KAFKA__TLS?",
        "CPT_NOTHING_LIKE_IT_AT_ALL is no setting",
    ]


def test_a_misspelt_secret_file_is_named_too(tmp_path, monkeypatch):
    (tmp_path / "CPT_SPIRE__TOKN").write_text("secret")
    (tmp_path / "..data").mkdir()
    monkeypatch.setenv("CPT_SECRETS_DIR", str(tmp_path))

    assert faults() == ["CPT_SPIRE__TOKN is no setting; did you mean CPT_SPIRE__TOKEN?"]


def test_a_setting_of_another_service_is_fine(monkeypatch):
    """One ConfigMap serves all four."""
    monkeypatch.setenv("CPT_REVIEW__SETTLING_MINUTES", "10")
    monkeypatch.setenv("CPT_SMTP__HOST", "mail.umass.edu")

    assert Settings(**GOOD)


def test_development_takes_whatever_is_given(monkeypatch):
    monkeypatch.setenv("CPT_KAFKA__TSL", "true")

    assert Settings(**GOOD | {"environment": "development"})


def test_an_address_that_belongs_to_nobody_is_named_and_not_shown():
    spire = SpireSettings(url="https://spire.example/api")

    said = faults(spire=spire, links=LinkSettings(review="http://review.test"))

    assert [line.split()[0] for line in said] == ["CPT_SPIRE__URL", "CPT_LINKS__REVIEW"]
    assert "spire.example" not in "".join(said)


def test_a_folder_that_ends_with_the_container_is_named():
    assert [*lost_documents("file:///tmp-of-nobody/documents")] == [
        "CPT_DOCUMENTS__URL names a folder on no volume: what is kept there ends with the container"
    ]
    assert [*lost_documents("file:///proc/documents")] == []
    assert [*lost_documents("s3://documents")] == []


def test_it_stops_only_whom_the_chart_gives_the_volume(capsys):
    """A worker of review, a job by the clock and a command have none, and keep nothing."""
    office = OfficeSettings(phone="413-545-0100", address="70 Butterfield Terrace", hours="Monday to Friday, 9 to 5")
    settings = IntakeSettings(**GOOD | {"office": office, "documents": DocumentSettings(url="file:///tmp-of-nobody/x")})

    for service, kind in (("review", "worker"), ("intake", "verify-audit")):
        main._require(settings, service, kind)
    with pytest.raises(SystemExit):
        main._require(settings, "intake", "worker")
    assert capsys.readouterr().err.startswith("CPT_DOCUMENTS__URL")


def test_the_example_addresses_of_mail_stop_the_notifier():
    said = run("notifier", {"CPT_ENVIRONMENT": "production", "CPT_POSTGRES__DSN": "postgresql://db.umass.edu/cpt"})

    assert said.returncode == 2
    lines = said.stderr.splitlines()
    assert {line.split()[0] for line in lines} >= {"CPT_NOTIFIER__FROM_ADDRESS", "CPT_NOTIFIER__COMPLIANCE_ADDRESS"}
    assert "Traceback" not in said.stderr


def test_a_web_process_without_a_port_for_probes_alone_does_not_start():
    """ASVS 13.4.5: metrics are not for those who reach the pages."""
    given = {"CPT_ENVIRONMENT": "production", "CPT_POSTGRES__DSN": "postgresql://db.umass.edu/cpt"}
    said = run("enrollment_sync", given)

    assert (said.returncode, said.stderr.split()[0]) == (2, "CPT_HTTP__PROBE_PORT")


def test_a_wrong_value_is_one_line_without_the_value():
    said = run(
        "review", {"CPT_POSTGRES__DSN": "postgresql://x/y", "CPT_HTTP__PORT": "a-secret", "CPT_CLOCK_OFFSET": "z"}
    )

    assert said.returncode == 2
    assert [line.split(":")[0] for line in said.stderr.splitlines()] == ["CPT_CLOCK_OFFSET", "CPT_HTTP__PORT"]
    assert "a-secret" not in said.stderr


def test_every_known_variable_is_one_of_ours():
    assert {name.split("__")[0] for name in known_variables()} >= {"CPT_ENVIRONMENT", "CPT_KAFKA", "CPT_REVIEW"}


def run(service, given):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")} | given
    return subprocess.run(
        [sys.executable, "-m", service, "web"], env=environment, capture_output=True, text=True, check=False
    )
