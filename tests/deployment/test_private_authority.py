"""Everything that calls out trusts the bundle that the chart mounts, by the variables that the chart sets, and only it."""

import os
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager

import pytest

from infra.devstack.patience import stretched
from tests.certificates import write_certificates
from tests.deployment.charts import OPEN, needs_helm, pods, render, values

pytestmark = needs_helm
MOUNTED = "/run/trust/ca.pem"
CALLERS = ("pages_and_spire", "bucket", "traces", "kafka", "mail", "postgres")
PROGRAM = """
import asyncio, sys
from functools import partial
import asyncpg, httpx2, obstore
from aiosmtplib import SMTP
from obstore.store import from_url
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from cpt.messaging.kafka_settings import KafkaSettings

def pages_and_spire(port):
    return httpx2.AsyncClient(timeout=30).get(f"https://127.0.0.1:{port}/")

def bucket(port):
    given = {"endpoint": f"https://127.0.0.1:{port}", "access_key_id": "a", "secret_access_key": "b", "region": "r"}
    return obstore.get_async(from_url("s3://b", retry_config={"max_retries": 0}, **given), "k")

def traces(port):
    return asyncio.to_thread(OTLPSpanExporter(f"https://127.0.0.1:{port}/v1/traces", timeout=10).export, [])

def kafka(port):
    return asyncio.open_connection("127.0.0.1", port, ssl=KafkaSettings(tls=True).tls_context())

def mail(port):
    return SMTP(hostname="127.0.0.1", port=port, use_tls=True, timeout=30).connect()

def postgres(port):
    return asyncpg.connect(f"postgresql://nobody@127.0.0.1:{port}/no?sslmode=verify-full", timeout=30)

async def main():
    calls = (call(int(port)) for call, port in zip((pages_and_spire, bucket, traces, kafka, mail, postgres), sys.argv[1:]))
    await asyncio.gather(*calls, return_exceptions=True)

asyncio.run(main())
"""
"""What comes after the handshake is no answer that a client expects, so each call fails; the handshake is what counts."""


@contextmanager
def listening(name, context, finished):
    """Its port; `finished` gets the name when a client has taken the certificate, at once or after PostgreSQL's question."""

    def meet():
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(120)
                try:
                    if client.recv(1, socket.MSG_PEEK) == b"\0":
                        client.recv(8)
                        client.sendall(b"S")
                    with context.wrap_socket(client, server_side=True) as secure:
                        if secure.recv(1) or name in {"kafka", "mail"}:  # a client that refuses says so by an alert
                            finished.append(name)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=meet, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def given():
    """The variables of every container that hold the mounted bundle; the same for all."""
    containers = [c for pod in pods(render(values("plain") | OPEN)).values() for c in pod["containers"]]
    found = [{e["name"] for e in c["env"] if e.get("value") == MOUNTED} for c in containers]
    assert all({"name": "trust", "mountPath": "/run/trust", "readOnly": True} in c["volumeMounts"] for c in containers)
    assert found
    assert all(names == found[0] for names in found)
    return found[0]


@pytest.mark.parametrize("trusted", [True, False], ids=["with the bundle", "without it"])
def test_every_client_trusts_the_campus_authority_only_by_the_charts_variables(given, tmp_path, trusted):
    folder, finished, context = write_certificates(tmp_path), [], ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    plain = {
        n: v for n, v in os.environ.items() if not n.startswith(("SSL_", "REQUESTS_", "OTEL_", "PG", "AWS_", "CURL_"))
    }
    added = dict.fromkeys(given, str(folder / "ca.pem")) if trusted else {}

    with ExitStack() as stack:
        ports = [str(stack.enter_context(listening(name, context, finished))) for name in CALLERS]
        subprocess.run([sys.executable, "-c", PROGRAM, *ports], env=plain | added, check=True, timeout=stretched(120))

    assert set(finished) == (set(CALLERS) if trusted else set())
