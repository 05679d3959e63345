"""A server that can't prove who it is gives nothing, and the user is told why."""

import shutil
import ssl
import subprocess

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl makes the certificates"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for localhost that nobody has signed but itself."""
    folder = tmp_path_factory.mktemp("certificate")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    options = "-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    subprocess.run(
        [
            "openssl",
            "req",
            *options.split(),
            *names,
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture
def secure_server(certificate, kit):
    def wrap(server):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        return server

    running = kit.serve(wrap)
    running.described = kit.server(f"https://localhost:{running.server_port}")
    yield running.described
    running.shutdown()
    running.server_close()


def test_an_unknown_certificate_is_refused_with_advice(
    secure_server, plans, archive_at, download, require_nothing_wrong, tmp_path
):
    archive = archive_at(secure_server.url("a", plans.whole))
    status, printed = download(tmp_path / "voc", archive)
    assert status == 2
    assert "its certificate can't be verified" in printed
    assert "Install Certificates.command" in printed
    assert secure_server.log == []
    require_nothing_wrong(tmp_path / "voc")


def test_the_next_mirror_is_asked_instead(
    secure_server, server, plans, archive_at, download, require_complete, tmp_path
):
    urls = secure_server.url("a", plans.whole), server.url("b", plans.whole)
    status, _ = download(tmp_path / "voc", archive_at(*urls))
    assert status == 0
    require_complete(tmp_path / "voc")


def test_a_certificate_for_another_name_is_refused(
    secure_server, plans, archive_at, download, tmp_path, monkeypatch, certificate
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    url = secure_server.url("a", plans.whole).replace("localhost", "127.0.0.1")
    status, printed = download(tmp_path / "voc", archive_at(url))
    assert (status, secure_server.log) == (2, [])
    assert "its certificate can't be verified" in printed


def test_a_certificate_that_the_user_trusts_is_enough(
    secure_server,
    plans,
    archive_at,
    download,
    require_complete,
    tmp_path,
    monkeypatch,
    certificate,
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
    archive = archive_at(secure_server.url("a", plans.cut(9000), plans.whole))
    status, _ = download(tmp_path / "voc", archive)
    assert status == 0
    require_complete(tmp_path / "voc")
