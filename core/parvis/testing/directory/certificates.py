"""Throw-away certificates for encrypted demonstrations and tests, by the `openssl` command."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

# Python 3.13 checks strictly: a CA needs keyUsage and a key identifier, a certificate needs its authority's.
_CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
"""
_NEW_KEY = (
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-noenc",
    "-days",
    "398",
)


@dataclass(frozen=True)
class Certificates:
    """Where they lie: what clients trust, and what the server shows."""

    authority: Path
    certificate: Path
    key: Path

    @property
    def tls(self) -> tuple[Path, Path]:
        """Return what `DirectoryServer` takes as `tls`."""
        return self.certificate, self.key


def can_create_certificates() -> bool:
    return shutil.which("openssl") is not None


def create_certificates(folder: Path, *names: str) -> Certificates:
    """Create an authority of one's own, and a certificate that it signs for host names (else `localhost`).

    Raises:
        FileNotFoundError: there is no `openssl` (on Debian: `apt install openssl`).
        subprocess.CalledProcessError: it failed; its words are in `stderr`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    signer = folder / "authority.key"
    names = names or ("localhost",)
    _create(folder, made.authority, signer, "authority", (f"Authority for {names[0]}",))
    _create(folder, made.certificate, made.key, "server", names, "-CA", made.authority, "-CAkey", signer)
    return made


def _create(
    folder: Path, certificate: Path, key: Path, section: str, names: tuple[str, ...], *signer: str | Path
) -> None:
    configuration = folder / f"{section}.cnf"
    configuration.write_text(
        _CONFIGURATION.format(name=names[0], names=", ".join(f"DNS:{name}" for name in names))
    )
    where: list[str | Path] = [
        "-config",
        configuration,
        "-extensions",
        section,
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(["openssl", *_NEW_KEY, *where, *signer], check=True, capture_output=True, timeout=30)
