"""Make `.venv` from the lock with nothing but a Python interpreter.

Debian ships Python without `ensurepip`, often without `pip`; a compiler, root or an account is not
assumed either. So this script, standard library only, fetches one pinned wheel from the package
registry (uv, which makes environments by itself), checks its SHA-256 and lets it install exactly
what `uv.lock` pins, each file by its hash.

The registry is whatever the machine is configured for: `UV_DEFAULT_INDEX`, `UV_INDEX_URL`,
`PIP_INDEX_URL` or pip's configuration files, else the public one. The lock is exported to a list of
hashes without addresses first, so that a mirror serves as well as the original.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import http
import io
import os
import platform
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
UV_VERSION = "0.13.9"
PUBLIC_REGISTRY = "https://pypi.org"

# (system, machine, C library) -> the wheel of that platform and the SHA-256 of its bytes.
UV_WHEELS = {
    ("Linux", "x86_64", "glibc"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("Linux", "x86_64", "musl"): (
        "musllinux_1_1_x86_64",
        "2c45530751517d6c3bbc69a19473f6effe47cce047bede01ffd8af7ea7b36b25",
    ),
    ("Linux", "aarch64", "glibc"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Linux", "aarch64", "musl"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("Darwin", "arm64", ""): (
        "macosx_11_0_arm64",
        "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63",
    ),
    ("Darwin", "x86_64", ""): (
        "macosx_10_12_x86_64",
        "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5",
    ),
}

# What `make` asks for -> the dependency groups and extras of pyproject.toml behind it.
PROFILES = {
    "run": ["--no-default-groups", "--group", "build"],
    "dev": ["--all-extras"],
    "all": ["--all-extras", "--all-groups"],
}

CERTIFICATE_STORES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


class BootstrapError(Exception):
    """Set-up cannot go on; the message says what to do."""


class LinkFinder(HTMLParser):
    """Collects the addresses of a registry's page for one project (PEP 503)."""

    def __init__(self) -> None:
        """Start with no address."""
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the target of each anchor."""
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]


def pip_settings() -> dict[str, str]:
    """Read what pip would read: its configuration files, then the environment over them."""
    home = Path.home()
    files = [
        Path("/etc/pip.conf"),
        Path("/Library/Application Support/pip/pip.conf"),
        home / ".pip/pip.conf",
        home / "Library/Application Support/pip/pip.conf",
        Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "pip/pip.conf",
    ]
    if named := os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(named))
    parser = configparser.RawConfigParser(strict=False)
    parser.read(files)
    settings: dict[str, str] = {}
    for section in ("global", "install"):
        if parser.has_section(section):
            settings.update(parser.items(section))
    for name, value in os.environ.items():
        if name.startswith("PIP_") and value:
            settings[name[4:].lower().replace("_", "-")] = value
    return settings


def registries(settings: dict[str, str]) -> tuple[str, list[str]]:
    """The main registry's address and any further ones, as this machine is configured."""
    main = (
        os.environ.get("UV_DEFAULT_INDEX")
        or os.environ.get("UV_INDEX_URL")
        or settings.get("index-url")
        or f"{PUBLIC_REGISTRY}/simple"
    )
    further = os.environ.get("UV_INDEX") or settings.get("extra-index-url", "")
    return main.rstrip("/"), [entry.rstrip("/") for entry in further.split()]


def certificate_file(settings: dict[str, str]) -> str | None:
    """The machine's certificate store; python.org's macOS builds come without one of their own."""
    named = [settings.get("cert"), os.environ.get("SSL_CERT_FILE")]
    return next((path for path in [*named, *CERTIFICATE_STORES] if path and Path(path).is_file()), None)


def connection(certificates: str | None, *, secrets: bool) -> ssl.SSLContext:
    """How to speak TLS here.

    A bare container may have no certificate store at all. The wheel is checked against a SHA-256 in
    this file, so whoever answers cannot change what is installed; only an address that carries a
    password is never used without a store.

    Raises:
        BootstrapError: no store, and the registry's address carries a password.
    """
    context = ssl.create_default_context(cafile=certificates)
    if certificates is None and not context.get_ca_certs() and not _has_certificate_folder():
        if secrets:
            raise BootstrapError(
                "no certificate store for a registry with a password; install ca-certificates"
            )
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _has_certificate_folder() -> bool:
    return any(Path(ssl.get_default_verify_paths().capath or os.devnull).glob("*.0"))


def fetch(address: str, context: ssl.SSLContext) -> bytes:
    """The bytes at an address; proxies are taken from the environment by urllib.

    Raises:
        BootstrapError: an address scheme other than https, http or file.
    """
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in {"https", "http", "file"}:
        raise BootstrapError(f"refused address scheme [{parts.scheme}]; expected https, http or file")
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=context)]
    if parts.username:
        address = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        user, password = urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
        passwords.add_password(None, address, user, password, is_authenticated=True)
        handlers.append(urllib.request.HTTPBasicAuthHandler(passwords))
    request = urllib.request.Request(
        address, headers={"Accept": "text/html", "User-Agent": "habeas-bootstrap"}
    )
    with urllib.request.build_opener(*handlers).open(request, timeout=120) as response:
        return bytes(response.read())


def wheel_address(registry: str, name: str, context: ssl.SSLContext) -> str | None:
    """Where a registry keeps the wheel of that file name, or None if it does not."""
    page = f"{registry}/uv/" + ("index.html" if registry.startswith("file:") else "")
    finder = LinkFinder()
    try:
        finder.feed(fetch(page, context).decode())
    except urllib.error.HTTPError as error:
        if error.code == http.HTTPStatus.NOT_FOUND:
            return None
        raise
    links = (urllib.parse.urljoin(page, link.partition("#")[0]) for link in finder.links)
    return next((link for link in links if link.endswith("/" + name)), None)


def uv_wheel() -> tuple[str, str]:
    """The file name and SHA-256 of the uv wheel for this machine.

    Raises:
        BootstrapError: no wheel is pinned for this platform.
    """
    system, machine = platform.system(), platform.machine()
    libc = "" if system != "Linux" else ("glibc" if platform.libc_ver()[0] == "glibc" else "musl")
    try:
        tag, digest = UV_WHEELS[system, machine, libc]
    except KeyError:
        raise BootstrapError(
            f"no uv wheel pinned for [{system} {machine} {libc}]; put uv on the PATH"
        ) from None
    return f"uv-{UV_VERSION}-py3-none-{tag}.whl", digest


def obtain_uv(settings: dict[str, str]) -> Path:
    """The pinned uv, fetched once into `.tools`.

    Raises:
        BootstrapError: no registry has it, or its bytes are not those pinned here.
    """
    program = ROOT / ".tools" / f"uv-{UV_VERSION}" / "uv"
    if program.exists():
        return program
    name, digest = uv_wheel()
    main, further = registries(settings)
    addresses = [main, *further]
    context = connection(certificate_file(settings), secrets=any("@" in address for address in addresses))
    found = next((link for registry in addresses if (link := wheel_address(registry, name, context))), None)
    if found is None:
        raise BootstrapError(f"the configured package registry has no [{name}]")
    data = fetch(found, context)
    if hashlib.sha256(data).hexdigest() != digest:
        raise BootstrapError(f"[{name}] is not the file this script pins: its SHA-256 differs")
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        binary = wheel.read(f"uv-{UV_VERSION}.data/scripts/uv")
    program.parent.mkdir(parents=True, exist_ok=True)
    partial = program.with_suffix(f".{os.getpid()}")
    partial.write_bytes(binary)
    partial.chmod(0o755)
    partial.replace(program)
    return program


def uv_environment(settings: dict[str, str]) -> dict[str, str]:
    """The environment uv runs in: this machine's registry, certificates and no surprises."""
    main, further = registries(settings)
    environment = {
        name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}
    }
    environment |= {
        "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_NO_PROGRESS": "1",
        # Every file is pinned by its hash, so it does not matter which registry has it.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    if main != f"{PUBLIC_REGISTRY}/simple":
        environment["UV_DEFAULT_INDEX"] = main
    if further:
        environment["UV_INDEX"] = " ".join(further)
    if certificates := certificate_file(settings):
        environment |= {"SSL_CERT_FILE": certificates, "UV_SYSTEM_CERTS": "1"}
    if not os.access(Path.home(), os.W_OK):
        environment["UV_CACHE_DIR"] = str(ROOT / ".tools" / "cache")
    return environment


def install(uv: Path, profile: str, environment: dict[str, str]) -> None:
    """Bring `.venv` to what the lock pins for a profile, then habeas itself, editable."""

    def run(*arguments: str) -> None:
        subprocess.run([str(uv), "--quiet", *arguments], cwd=ROOT, env=environment, check=True)

    if not (ENVIRONMENT / "bin" / "python").exists():
        run("venv", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    pins = ENVIRONMENT / f"pins-{profile}.txt"
    run(
        "export",
        "--frozen",
        "--no-emit-project",
        "--no-header",
        *PROFILES[profile],
        "--output-file",
        str(pins),
    )
    into = ("--python", str(ENVIRONMENT / "bin" / "python"))
    run("pip", "install", *into, "--require-hashes", "--requirement", str(pins))
    # hatchling is among the pins: building the link to the source fetches nothing.
    run("pip", "install", *into, "--no-deps", "--no-build-isolation", "--offline", "--editable", ".")


def main() -> int:
    """Make the environment; 0 when it stands, 3 when set-up is impossible here."""
    parser = argparse.ArgumentParser(description="Make .venv from uv.lock.")
    parser.add_argument("profile", choices=sorted(PROFILES), nargs="?", default="dev")
    profile = parser.parse_args().profile
    settings = pip_settings()
    try:
        try:
            uv = obtain_uv(settings)
        except BootstrapError:
            on_path = shutil.which("uv")
            if on_path is None:
                raise
            uv = Path(on_path)
        print(f"setting up .venv ({profile}) with Python {platform.python_version()}", file=sys.stderr)
        install(uv, profile, uv_environment(settings))
    except (BootstrapError, urllib.error.URLError) as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 3
    except subprocess.CalledProcessError as error:
        print(
            f"bootstrap: uv {error.cmd[2]} failed (exit {error.returncode}); its message stands above",
            file=sys.stderr,
        )
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
