"""Jobs by the clock: proofs of every service, and a backup that is whole or not there."""

import os
import subprocess

from tests.deployment.charts import CHART, OPEN, SERVICES, needs_helm, objects, pods, render, values


@needs_helm
def test_each_service_has_its_audit_record_verified_and_the_line_is_proved_every_day():
    text = render(values("plain"))
    jobs = {d["metadata"]["name"]: d["spec"] for d in objects(text, "CronJob")}
    made = pods(text)

    assert jobs.keys() == {"cpt-verify-audit", "cpt-prove-line"}
    for name, services in (("verify-audit", SERVICES), ("prove-line", ("review",))):
        assert jobs[f"cpt-{name}"]["concurrencyPolicy"] == "Forbid"
        containers = made[f"cpt-{name}"]["containers"]
        assert {c["name"]: c["args"] for c in containers} == {service: [name] for service in services}
        secrets = {v["name"]: v["projected"]["sources"] for v in made[f"cpt-{name}"]["volumes"] if "projected" in v}
        assert secrets == {s: [{"secret": {"name": f"cpt-{s}-worker"}}] for s in services}


@needs_helm
def test_a_backup_is_made_only_where_somebody_asked_for_it():
    assert "cpt-backup" not in pods(render(values("plain")))

    (container,) = pods(render(values("plain") | OPEN))["office-cpt-backup"]["containers"]

    assert container["image"] == "registry.example/postgres:17"
    assert {"name": "backup", "mountPath": "/backup"} in container["volumeMounts"]


PROGRAMS = {
    "pg_dump": 'for word in "$@"; do case "$word" in --file=*) echo dumped > "${word#--file=}";; esac; done\nexit ${DUMP:-0}\n',
    "pg_restore": "exit ${LIST:-0}\n",
}


def backed_up(folder, **answers):
    """The script as the container runs it, on a folder of its own, with a client that answers as asked."""
    programs, backups = folder / "bin", folder / "backup"
    for each in (programs, backups):
        each.mkdir(exist_ok=True)
    for name, text in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}")
        (programs / name).chmod(0o755)
    script = (CHART / "files" / "backup.sh").read_text().replace("/backup", str(backups))
    given = {"PATH": f"{programs}:{os.environ['PATH']}", "DSN": "postgresql://nowhere", "KEEP_DAYS": "30", **answers}
    code = subprocess.run(["sh", "-ec", script], env=given, capture_output=True, check=False).returncode
    return code, sorted(path.suffix for path in backups.iterdir())


def test_a_backup_has_its_name_only_when_it_is_whole(tmp_path):
    assert backed_up(tmp_path, DUMP="1") == (1, [".part"])
    assert backed_up(tmp_path, LIST="1")[0] == 1
    assert ".dump" not in backed_up(tmp_path, LIST="1")[1]
    code, kinds = backed_up(tmp_path)
    assert (code, kinds.count(".dump")) == (0, 1)


def test_an_old_backup_goes_when_a_new_one_is_whole_and_not_before(tmp_path):
    backed_up(tmp_path)
    (old,) = (tmp_path / "backup").glob("*.dump")
    os.utime(old, (0, 0))
    older = old.rename(old.with_name("cpt-old.dump"))

    backed_up(tmp_path, DUMP="1")
    assert older.exists()
    backed_up(tmp_path)
    assert not older.exists()
