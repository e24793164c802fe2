"""`python -m infra.cluster [act …]`: the chart on a real one-node Kubernetes, used, upgraded, rolled back and hurt."""

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path
from subprocess import CalledProcessError

from infra.cluster.engine import Missing, docker, engine
from infra.cluster.images import SERVICES, base, build, save
from infra.cluster.installation import Installation
from infra.cluster.journey import Journey
from infra.cluster.kubernetes import ROOT, Kubernetes, prepared, running
from infra.cluster.report import Report
from infra.cluster.servers import beside
from infra.demo.cast import FIRST_DAY, TODAY
from infra.demo.office import Unexpected
from infra.devstack.child import StartError
from infra.devstack.janitor import marked

PODS = "10.0.0.0/8"
ACTS = ("sign_in", "use", "commands", "rotate_under_load", "change_under_load", "harm_under_load")


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the node goes away when the run is ended
    if TODAY == FIRST_DAY:
        print(
            "start it by `make cluster-e2e`: production shifts no clock, so the story is told its day", file=sys.stderr
        )
        return 1
    report = Report(ROOT / ".run" / "cluster-e2e.txt")
    with tempfile.TemporaryDirectory(prefix="cpt-cluster-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        try:
            programs = prepared()
            archive = _images(folder, report)
            with marked(f"{folder}|"), running(programs, folder / "node") as kubernetes:
                report.line("a node with etcd, API server and kubelet, pod security restricted everywhere")
                kubernetes.load(archive)
                asyncio.run(_play(kubernetes, folder, report))
        except (Missing, StartError) as error:
            print(f"cluster-e2e stops here: {error}", file=sys.stderr)
            return 1
        except (Unexpected, CalledProcessError) as error:
            print(f"cluster-e2e failed: {error}\n{getattr(error, 'stderr', '')}", file=sys.stderr)
            return 1
    return report.verdict()


def _images(folder: Path, report: Report) -> Path:
    """Two versions of each image, which differ by name: what is proven is the change, not the content."""
    archive = folder / "images.tar"
    with engine() as environment:
        on = base(environment)
        names = [build(environment, service, on, tag="1") for service in SERVICES]
        for service in SERVICES:
            docker(environment, "tag", f"localhost/cpt/{service}:1", f"localhost/cpt/{service}:2")
        save(environment, [*names, *(name[:-1] + "2" for name in names)], archive)
    report.line(f"four images on {on}, {archive.stat().st_size >> 20} MiB together")
    return archive


async def _play(kubernetes: Kubernetes, folder: Path, report: Report) -> None:
    async with beside(kubernetes.host, PODS, folder) as outside:
        report.line("PostgreSQL, Kafka and the campus beside it, no topic and no table yet")
        journey = Journey(Installation(kubernetes, outside, folder), report)
        try:
            await journey.install()
            for act in sys.argv[1:] or ACTS:
                await getattr(journey, act)()
            await journey.prove()
        except (Unexpected, CalledProcessError) as error:
            await _look_around(kubernetes, error)
            raise


async def _look_around(kubernetes: Kubernetes, error: Exception) -> None:
    """KEEP=1 leaves everything up for a person who wants to see why."""
    if os.environ.get("KEEP"):
        print(f"{error}\n{getattr(error, 'stderr', '')}", flush=True)
        print(f"kept until Ctrl-C; export KUBECONFIG={kubernetes.environment['KUBECONFIG']}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
