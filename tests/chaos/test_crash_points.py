"""The points at which the fault suite ends a process."""

import subprocess
import sys

import pytest
from pydantic import SecretStr

from cpt.postgres import PostgresSettings
from cpt.runtime.settings import Settings

POSTGRES = PostgresSettings(dsn=SecretStr(""))
REACH = "from cpt.crash_points import reached, watch; watch('{}', 'intake-worker'); reached('produced'); print('alive')"


def reach(folder):
    command = (sys.executable, "-c", REACH.format(folder))
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_armed_point_ends_the_process_once(tmp_path):
    """Issue 5: kill -9 at named crash points."""
    (tmp_path / "intake-worker.produced").touch()

    assert reach(tmp_path).returncode == -9
    assert reach(tmp_path).stdout == "alive\n"


def test_without_the_variable_nothing_happens():
    """Issue 5: the mechanism is no part of the product."""
    assert reach("").stdout == "alive\n"


def test_production_refuses_crash_points(tmp_path):
    """Issue 5, the settings table: what is only for tests is refused in production."""
    with pytest.raises(ValueError, match="CPT_CRASH_AT"):
        Settings(environment="production", crash_at=str(tmp_path), postgres=POSTGRES)
