"""A server that can't prove who it is gives nothing, and the user is told why."""

import shutil
import ssl
import subprocess

import pytest
from tiny_voc import serve

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificates"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for localhost that nobody has signed but itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    command += " -addext subjectAltName=DNS:localhost -keyout key.pem"
    command += " -out certificate.pem"
    subprocess.run(command.split(), check=True, capture_output=True, cwd=folder)
    return certificate, key


@pytest.fixture
def secure_server(certificate):
    def wrap(server):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return server

    with serve("https://localhost", wrap) as server:
        yield server


def test_an_unknown_certificate_is_refused_with_advice(
    secure_server, plans, archive_at, download, require_nothing_wrong
):
    archive = archive_at(secure_server.url("a", plans.whole))
    status, printed = download(archive)
    assert status == 2
    assert "its certificate can't be verified" in printed
    assert "Install Certificates.command" in printed
    assert secure_server.log == []
    require_nothing_wrong()


def test_the_next_mirror_is_asked_instead(
    secure_server, server, plans, archive_at, get
):
    urls = secure_server.url("a", plans.whole), server.url("b", plans.whole)
    get(archive_at(*urls))


def test_a_certificate_for_another_name_is_refused(
    secure_server, plans, archive_at, download, monkeypatch, certificate
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    url = secure_server.url("a", plans.whole).replace("localhost", "127.0.0.1")
    status, printed = download(archive_at(url))
    assert (status, secure_server.log) == (2, [])
    assert "its certificate can't be verified" in printed


def test_a_certificate_that_the_user_trusts_is_enough(
    secure_server, plans, archive_at, get, monkeypatch, certificate
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    get(archive_at(secure_server.url("a", plans.cut(9000), plans.whole)))
