"""A real Prometheus beside the stack: scrapes its processes every second and judges the rules of the repository."""

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from infra.devstack.ports import free_port

ROOT = Path(__file__).parents[2]


@contextmanager
def scraping(stack, folder):
    """Yields its address; `stack` is what `.run/stack.json` says."""
    program = shutil.which("prometheus") or pytest.skip("no prometheus: apt-get install prometheus")
    targets = {name: port_of(pid) for name, pid in stack["processes"].items() if name != "campus"}
    written = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(ROOT / "infra" / "observability" / "rules" / "*.yaml")],
        "scrape_configs": [
            {
                "job_name": name,
                "static_configs": [{"targets": [f"127.0.0.1:{port}"], "labels": {"process": name}}],
            }
            for name, port in targets.items()
        ],
    }
    folder.mkdir()
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(written))
    address = f"127.0.0.1:{free_port()}"
    command = (program, f"--config.file={folder / 'prometheus.yaml'}", f"--storage.tsdb.path={folder / 'data'}")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*command, f"--web.listen-address={address}"], stdout=log, stderr=log)
        try:
            yield f"http://{address}/api/v1"
        finally:
            process.terminate()
            process.wait(10)


def port_of(pid):
    variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    return next(v.partition(b"=")[2].decode() for v in variables if v.startswith(b"CPT_HTTP__PORT="))
