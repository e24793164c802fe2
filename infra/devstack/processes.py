"""What runs beside the servers: the simulated campus and four services, each as web and worker, and their settings."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from infra.devstack.child import Program
from infra.devstack.databases import SERVICES, Addresses
from infra.devstack.ports import free_port
from infra.devstack.probe import answers
from infra.devstack.run_folder import ROOT, RunFolder

KINDS = ("web", "worker")


def process_name(service: str, kind: str) -> str:
    return f"{service.replace('_', '-')}-{kind}"


@dataclass(frozen=True)
class Plan:
    """Every address and secret of one stack."""

    run: RunFolder
    kafka: str
    databases: Addresses = field(default_factory=dict)
    campus: int = field(default_factory=free_port)
    smtp: int = field(default_factory=free_port)
    ports: Mapping[tuple[str, str], int] = field(
        default_factory=lambda: {(service, kind): free_port() for service in SERVICES for kind in KINDS}
    )
    client_secret: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    spire_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    session_key: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def links(self) -> dict[str, str]:
        return {service: _local(self.ports[service, "web"]) for service in SERVICES}

    def secrets(self) -> dict[str, str]:
        """For a person who looks into the databases."""
        return {f"{service} database, {kind}": address for (service, kind), address in self.databases.items()}

    def campus_program(self) -> Program:
        own = {"CPT_CAMPUS__PORT": str(self.campus), "CPT_CAMPUS__SMTP_PORT": str(self.smtp)}
        own |= {"CPT_CAMPUS__KAFKA": self.kafka, "CPT_CAMPUS__STATE_DIR": str(self.run.path / "campus")}
        own |= {"CPT_CAMPUS__CONSOLE_LINKS": json.dumps(self.links())}
        return self._program("campus", ("infra.campus",), self.campus, {**self._shared(), **own})

    def migrations(self) -> list[Program]:
        return [
            self._program(process_name(service, "migrate"), (service, "migrate"), 0, self._settings(service, "migrate"))
            for service in SERVICES
        ]

    def service_programs(self) -> list[Program]:
        return [
            self._program(process_name(service, kind), (service, kind), port, self._settings(service, kind))
            for (service, kind), port in self.ports.items()
        ]

    def _settings(self, service: str, kind: str) -> dict[str, str]:
        """What is a process's own, over what is everyone's."""
        return self._shared() | {
            "CPT_POSTGRES__DSN": self.databases[service, kind],
            "CPT_HTTP__PORT": str(self.ports.get((service, kind), 0)),
            "CPT_PUBLIC_URL": self.links()[service],
        }

    def _shared(self) -> dict[str, str]:
        """The caller's own variables win."""
        defaults = {
            "CPT_ENVIRONMENT": "development",
            "CPT_HTTP__HOST": "127.0.0.1",
            "CPT_KAFKA__BOOTSTRAP_SERVERS": self.kafka,
            "CPT_OIDC__ISSUER": f"{_local(self.campus)}/oidc",
            "CPT_OIDC__CLIENT_ID": "cpt",
            "CPT_OIDC__CLIENT_SECRET": self.client_secret,
            "CPT_SPIRE__URL": _local(self.campus),
            "CPT_SPIRE__TOKEN": self.spire_token,
            "CPT_SMTP__HOST": "127.0.0.1",
            "CPT_SMTP__PORT": str(self.smtp),
            "CPT_SESSION_KEY": self.session_key,
            "CPT_QUOTAS__OPEN_REQUESTS": "10000",  # a test's student is not one person
            "CPT_QUOTAS__UPLOADS": "100000",
            "CPT_DOCUMENTS__URL": (self.run.path / "documents").as_uri(),
            "CPT_LINKS__INTAKE": self.links()["intake"],
            "CPT_LINKS__REVIEW": self.links()["review"],
            "CPT_LINKS__ENROLLMENT_SYNC": self.links()["enrollment_sync"],
            "CPT_LINKS__NOTIFIER": self.links()["notifier"],
            "CPT_OFFICE__PHONE": "413-555-0100",
            "CPT_OFFICE__ADDRESS": "1 Campus Way, Amherst",
            "CPT_OFFICE__HOURS": "Monday to Friday, 9 AM to 4 PM",
        }
        return {name: os.environ.get(name) or value for name, value in defaults.items()}

    def _program(self, name: str, module: tuple[str, ...], port: int, settings: Mapping[str, str]) -> Program:
        return Program(
            name,
            (sys.executable, "-m", *module),
            folder=ROOT,
            log=self.run.logs / f"{name}.log",
            ready=partial(answers, port, "/readyz"),
            alive=partial(answers, port, "/livez"),
            env={**settings, "PYTHONUNBUFFERED": "1"},
            overrides=self.run.path / "overrides" / f"{name}.json",
        )


def _local(port: int) -> str:
    return f"http://127.0.0.1:{port}"
