"""HTTPS of a host's own: who is trusted, for which names, how long, and that nobody else can read its keys."""

import http.client
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509

from dashboard.certificates import permits
from dashboard.tls import own_names, served


def test_a_browser_that_trusts_the_authority_reaches_the_host(tmp_path):
    made = served(tmp_path)

    class Hello(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Hello)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(made.certificate, made.key)
    server.socket = ours.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for name in ("127.0.0.1", "localhost"):
            trusting = ssl.create_default_context(cafile=str(made.authority))
            asking = http.client.HTTPSConnection(name, server.server_port, context=trusting, timeout=10)
            asking.request("GET", "/")
            assert asking.getresponse().status == 200
        stranger = http.client.HTTPSConnection("127.0.0.1", server.server_port, timeout=10)
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("GET", "/")
    finally:
        server.shutdown()
        server.server_close()


def test_keys_are_nobody_elses_to_read(tmp_path):
    made = served(tmp_path)
    for key in (made.key, made.authority.with_suffix(".key")):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.authority.parent.stat().st_mode) == 0o700


def test_the_authority_stays_and_the_certificate_is_renewed_before_its_end(tmp_path):
    first = served(tmp_path)
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()
    assert served(tmp_path).certificate.read_bytes() == certificate
    later = served(tmp_path, now=datetime.now(UTC) + timedelta(days=380))
    assert later.certificate.read_bytes() != certificate
    assert later.authority.read_bytes() == authority


def test_the_authority_may_sign_for_this_host_and_private_networks_only(tmp_path):
    made = served(tmp_path, "https://beat.example/")
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    assert "beat.example" in made.names
    assert permits(authority, "192.168.3.4")
    assert not permits(authority, "bank.example")
    assert not permits(authority, "8.8.8.8")


def test_a_name_that_the_authority_may_not_sign_for_is_left_out(tmp_path):
    served(tmp_path)
    assert "new.example" not in served(tmp_path, "https://new.example").names
    assert own_names("https://new.example:8443/x")[0] == "new.example"
