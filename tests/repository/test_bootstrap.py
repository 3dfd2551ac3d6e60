"""Set-up from an interpreter alone: which registry is asked, and that only pinned bytes are used."""

import hashlib
import importlib.util
import ssl
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bootstrap"] = module
    spec.loader.exec_module(module)
    return module


bootstrap = load()
WHEEL = f"uv-{bootstrap.UV_VERSION}-py3-none-test.whl"


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "UV_DEFAULT_INDEX",
        "UV_INDEX_URL",
        "UV_INDEX",
        "PIP_CONFIG_FILE",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path / "clone")


@pytest.fixture
def registry(tmp_path: Path) -> str:
    """A registry in a folder, holding one wheel with a program in it."""
    page = tmp_path / "simple" / "uv"
    page.mkdir(parents=True)
    with zipfile.ZipFile(page / WHEEL, "w") as wheel:
        wheel.writestr(f"uv-{bootstrap.UV_VERSION}.data/scripts/uv", "#!/bin/sh\necho a program\n")
    (page / "index.html").write_text(f'<a href="{WHEEL}#sha256=whatever-the-page-claims">{WHEEL}</a>')
    return (tmp_path / "simple").as_uri()


def pin(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    monkeypatch.setattr(bootstrap, "uv_wheel", lambda: (WHEEL, digest))


def test_the_public_registry_is_used_where_nothing_is_configured() -> None:
    assert bootstrap.registries({}) == (f"{bootstrap.PUBLIC_REGISTRY}/simple", [])


def test_a_pip_configuration_names_the_registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nindex-url = https://mirror.example/a/\nextra-index-url =\n    https://mirror.example/b\n    https://mirror.example/c/\n"
    )
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    expected = ("https://mirror.example/a", ["https://mirror.example/b", "https://mirror.example/c"])
    assert bootstrap.registries(bootstrap.pip_settings()) == expected


def test_the_environment_stands_over_files_and_uv_over_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    assert bootstrap.registries(bootstrap.pip_settings())[0] == "https://pip.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert bootstrap.registries(bootstrap.pip_settings())[0] == "https://uv.example/simple"


def test_the_pinned_wheel_is_unpacked_and_can_be_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, registry: str
) -> None:
    pin(monkeypatch, hashlib.sha256((tmp_path / "simple" / "uv" / WHEEL).read_bytes()).hexdigest())
    program = bootstrap.obtain_uv({"index-url": registry})
    assert program.read_text().endswith("echo a program\n")
    assert program.stat().st_mode & 0o111


def test_a_wheel_with_other_bytes_is_refused_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, registry: str
) -> None:
    pin(monkeypatch, "0" * 64)
    with pytest.raises(bootstrap.BootstrapError, match="SHA-256 differs"):
        bootstrap.obtain_uv({"index-url": registry})
    assert not (tmp_path / "clone" / ".tools").exists()


def test_a_registry_without_the_wheel_is_named_as_such(
    monkeypatch: pytest.MonkeyPatch, registry: str
) -> None:
    monkeypatch.setattr(bootstrap, "uv_wheel", lambda: ("uv-0-other.whl", ""))
    with pytest.raises(bootstrap.BootstrapError, match="has no"):
        bootstrap.obtain_uv({"index-url": registry})


def test_a_platform_without_a_pinned_wheel_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.platform, "machine", lambda: "pdp11")
    with pytest.raises(bootstrap.BootstrapError, match="put uv on the PATH"):
        bootstrap.uv_wheel()


def test_a_password_is_never_sent_without_a_certificate_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_certificates(cafile: str | None = None) -> ssl.SSLContext:
        assert cafile is None
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(bootstrap, "_has_certificate_folder", lambda: False)
    monkeypatch.setattr(bootstrap.ssl, "create_default_context", without_certificates)
    with pytest.raises(bootstrap.BootstrapError, match="ca-certificates"):
        bootstrap.connection(None, secrets=True)
    assert bootstrap.connection(None, secrets=False).verify_mode == ssl.CERT_NONE


def test_only_addresses_of_registries_are_opened() -> None:
    with pytest.raises(bootstrap.BootstrapError, match="scheme"):
        bootstrap.fetch("ftp://mirror.example/uv", bootstrap.connection(None, secrets=False))
