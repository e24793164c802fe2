"""Settings from variables and from files, as Kubernetes mounts a Secret."""

import pytest
from pydantic import SecretStr

from cpt.runtime.settings import Settings


@pytest.fixture
def mounted(tmp_path, monkeypatch):
    """A mounted Secret: every file is a link into a folder that is replaced as a whole."""
    data = tmp_path / "..2026_11_24"
    data.mkdir()
    (tmp_path / "..data").symlink_to(data.name)
    for name, content in {"CPT_POSTGRES__DSN": "postgresql://from-a-file/cpt\n", "CPT_SPIRE__TOKEN": "quiet"}.items():
        (data / name).write_text(content)
        (tmp_path / name).symlink_to(f"..data/{name}")
    monkeypatch.setenv("CPT_SECRETS_DIR", str(tmp_path))


def test_a_secret_is_read_from_a_file_named_like_its_variable(mounted, monkeypatch):
    monkeypatch.setenv("CPT_SPIRE__URL", "https://spire.example")

    settings = Settings()

    assert settings.postgres.dsn == SecretStr("postgresql://from-a-file/cpt")
    assert (settings.spire.url, settings.spire.token) == ("https://spire.example", SecretStr("quiet"))


def test_a_variable_wins_over_a_file(mounted, monkeypatch):
    monkeypatch.setenv("CPT_POSTGRES__DSN", "postgresql://from-the-environment/cpt")

    assert Settings().postgres.dsn == SecretStr("postgresql://from-the-environment/cpt")
