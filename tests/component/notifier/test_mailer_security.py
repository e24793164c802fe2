"""The mail server is spoken to over TLS and with a login where the settings say so."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from notifier.mailer import Mailer
from notifier.settings import SmtpSettings
from tests.component.notifier.mail_server import MailServer
from tests.unit.notifier.events import MEI

PASSWORD = "correct"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for 127.0.0.1 that only those trust who are told to."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
async def guarded(certificate):
    """Admits nobody without STARTTLS and the right password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def authenticator(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    options = dict(tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticator)
    server = MailServer(options=options)
    await server.start()
    yield server
    await server.stop()


async def deliver(server, **changes):
    given = dict(username="cpt", password=SecretStr(PASSWORD), security="starttls", time_limit=5)
    settings = SmtpSettings(host="127.0.0.1", port=server.port, **given | changes)
    mailer = Mailer(settings, sender="cpt@ipo.example", greeting="cpt.example")
    return await mailer.deliver(b"Subject: hello\r\n\r\nhello\r\n", MEI.email, [])


@pytest.mark.parametrize("security", ["starttls", "auto"])
async def test_a_login_over_starttls_is_accepted(guarded, certificate, monkeypatch, security):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert (await deliver(guarded, security=security)).outcome == "accepted"


@pytest.mark.parametrize("security", ["starttls", "auto"])
async def test_an_untrusted_certificate_gets_no_password_and_no_mail(guarded, security):
    answer = await deliver(guarded, security=security)

    assert (answer.outcome, guarded.received) == ("deferred", [])


async def test_a_wrong_password_only_puts_the_mail_off(guarded, certificate, monkeypatch):
    """The address is not at fault: a person mends the setting, and the notice leaves later."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    answer = await deliver(guarded, password=SecretStr("wrong"))

    assert answer.outcome == "deferred"
    assert "does not let this service send (535" in answer.words


async def test_without_a_login_the_server_only_puts_the_mail_off(guarded, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    assert (await deliver(guarded, username="")).outcome == "deferred"
