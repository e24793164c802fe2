"""An authority of a test's own, and a server certificate for 127.0.0.1 that only those trust who are told to."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM


def write_certificates(folder, host="127.0.0.1", clients=()):
    """`ca.pem` for clients; `key.pem`, `server.pem` and both in `both.pem` for a server; `<name>.crt` and `<name>.key` of each
    client that shows its own.
    """
    authority, authority_key = _signed("authority", None, None, x509.BasicConstraints(ca=True, path_length=0))
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
    server, key = _signed("server", authority, authority_key, names)
    private = _private(key)
    for name in clients:
        own, own_key = _signed(name, authority, authority_key, x509.BasicConstraints(ca=False, path_length=None))
        (folder / f"{name}.crt").write_bytes(own.public_bytes(PEM))
        (folder / f"{name}.key").touch(mode=0o600)
        (folder / f"{name}.key").write_bytes(_private(own_key))
    files = {
        "ca.pem": authority.public_bytes(PEM),
        "key.pem": private,
        "server.pem": server.public_bytes(PEM),
        "both.pem": private + server.public_bytes(PEM) + authority.public_bytes(PEM),
    }
    for name, content in files.items():
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(content)
    return folder


def _private(key):
    return key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _signed(name, issuer, issuer_key, extension):
    key = rsa.generate_private_key(65537, 2048)
    subject, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(issuer.subject if issuer else subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()), critical=False
        )
    )
    if issuer is None:
        builder = builder.add_extension(
            x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
        )
    return builder.sign(issuer_key or key, hashes.SHA256()), key
