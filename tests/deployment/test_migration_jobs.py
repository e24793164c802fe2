"""The jobs that run before the first pod of a production installation, with what the chart gives them and nothing else."""

import os
import subprocess
import sys

import pytest

from tests.deployment.charts import SERVICES, needs_helm, objects, render, values

REAL = "umass.edu"


@needs_helm
@pytest.mark.parametrize("service", SERVICES)
def test_migrations_run_in_production_with_what_the_chart_gives_them(service, database_url):
    jobs = {job["metadata"]["name"]: job["spec"]["template"]["spec"] for job in objects(render(values("plain")), "Job")}
    (container,) = [one for one in jobs["cpt-migrate-pre"]["containers"] if one["name"] == service]
    told = {one["name"]: one["value"].replace("example", REAL) for one in container["env"] if "value" in one}
    mine = {name: value for name, value in os.environ.items() if not name.startswith("CPT_")}
    done = subprocess.run(
        [sys.executable, "-m", service.replace("-", "_"), *container["args"]],
        env=mine | told | {"CPT_POSTGRES__DSN": database_url}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert told["CPT_ENVIRONMENT"] == "production"
    assert (done.returncode, done.stderr) == (0, "")
