"""X.509: an authority that may sign for this host and private networks only, and the host's certificate from it."""

import ipaddress
import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3650)
LASTS = timedelta(days=397)  # phones refuse longer ones
RENEWED = timedelta(days=30)  # before its end
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "::1/128", "fc00::/7",
           "fe80::/10")  # fmt: skip


def authority(
    folder: Path, names: tuple[str, ...], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority kept in a folder (ca.crt, ca.key), made when there is none or its end is nearer than LASTS."""
    known, key_file = folder / "ca.crt", folder / "ca.key"
    if known.exists() and key_file.exists():
        found = x509.load_pem_x509_certificate(known.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if found.not_valid_after_utc - LASTS > now and isinstance(key, ec.EllipticCurvePrivateKey):
            return found, key
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"beatgrid {socket.gethostname()[:40]}")])
    built = (
        _begun(title, title, key, now, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(names), None), critical=True)
    )
    made = built.sign(key, hashes.SHA256())
    _write(key_file, _pem(key), secret=True)
    _write(known, made.public_bytes(serialization.Encoding.PEM))
    return made, key


def permits(issuer: x509.Certificate, name: str) -> bool:
    """Whether an authority may sign for a name or address."""
    allowed = issuer.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    general = _general(name)
    if isinstance(general, x509.DNSName):
        return any(name == each.value for each in allowed if isinstance(each, x509.DNSName))
    networks = [ipaddress.ip_network(str(each.value)) for each in allowed if isinstance(each, x509.IPAddress)]
    return any(ipaddress.ip_address(name) in network for network in networks)


def issue(
    folder: Path, names: tuple[str, ...], issuer: x509.Certificate, signing: ec.EllipticCurvePrivateKey, now: datetime
) -> None:
    """Write host.crt and host.key for these names, signed by the authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])])
    built = (
        _begun(title, issuer.subject, key, now, LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .add_extension(_usage(signs=False), critical=True)
    )
    _write(folder / "host.key", _pem(key), secret=True)
    _write(folder / "host.crt", built.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))


def fits(file: Path, names: tuple[str, ...], issuer: x509.Certificate, now: datetime) -> bool:
    """Whether a certificate is there, of this authority, for all these names, and not near its end."""
    if not file.exists() or not file.with_suffix(".key").exists():
        return False
    found = x509.load_pem_x509_certificate(file.read_bytes())
    told = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same = {_general(name) for name in names} <= set(told)
    return same and found.issuer == issuer.subject and found.not_valid_after_utc - RENEWED > now


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _permitted(names: tuple[str, ...]) -> list[x509.GeneralName]:
    """What the authority may sign for: this host's names, its own addresses, private networks; nothing else."""
    told: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_network(network)) for network in PRIVATE]
    for name in names:
        general = _general(name)
        told.append(x509.IPAddress(ipaddress.ip_network(name)) if isinstance(general, x509.IPAddress) else general)
    return told


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # phones whose clock is a little behind
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    no = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
    return x509.KeyUsage(
        digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False, **no
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(file: Path, told: bytes, *, secret: bool = False) -> None:
    """Write beside and put in place at once; secrets are nobody else's to read, from their first byte on."""
    beside = file.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if secret else 0o644), "wb") as out:
        out.write(told)
    beside.replace(file)
