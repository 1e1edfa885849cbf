"""An OpenSearch node with k-NN, of the same minor version as the service's, put together from Maven Central's files.

The distribution there has only its transport: painless (which k-NN needs), reindex (delete by query) and the analysers
are jars of their own, and become modules by a descriptor. The k-NN plugin comes without its native library: map vectors
with the engine `lucene`, for `faiss` kills the node at the first refresh.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from stat import S_IMODE

from tests.parts import java, maven
from tests.parts.endpoint import Endpoint
from tests.parts.process import Served, serve

_VERSION = "2.19.6"
_HOME = Path(__file__).parents[2] / ".parts" / f"opensearch-{_VERSION}"
_NOBODY = 65534


@dataclass(frozen=True)
class _Module:
    """The class that a module's jars begin with, what it builds on, and what its code may do."""

    starts: str
    builds_on: str = ""
    may: Sequence[str] = ()


_MODULES: Mapping[str, _Module] = {
    "lang-painless": _Module(
        "org.opensearch.painless.PainlessPlugin",
        may=('java.lang.RuntimePermission "createClassLoader"', 'java.lang.RuntimePermission "getClassLoader"'),
    ),
    "reindex": _Module("org.opensearch.index.reindex.ReindexPlugin", may=('java.net.SocketPermission "*", "connect"',)),
    "analysis-common": _Module("org.opensearch.analysis.common.CommonAnalysisPlugin", builds_on="lang-painless"),
}
_DESCRIPTOR = """\
description={name}
version={version}
name={name}
classname={module.starts}
java.version=11
opensearch.version={version}
custom.foldername=
extended.plugins={module.builds_on}
has.native.controller=false
"""
_CONFIGURATION = """\
discovery.type: single-node
network.host: 127.0.0.1
http.port: {port}
transport.port: 0
path.data: {folder}/data
path.logs: {folder}/logs
cluster.routing.allocation.disk.threshold_enabled: false
"""
_JVM = """\
-Xms512m
-Xmx512m
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-Djava.io.tmpdir={folder}/tmp
"""


@dataclass(frozen=True)
class OpenSearch(Endpoint):
    """A node: anybody may call it, signed or not; its bytes are in the folder *data*."""

    data: Path = Path()

    def reset(self) -> None:
        """Delete all indices."""
        self.ask("/*", "DELETE")


def start(folder: Path) -> Served:
    """Start a node that keeps everything in *folder*; as root, in the name of nobody, for it refuses root."""
    runtime, home = java.home(), _assembled()
    root = os.geteuid() == 0
    if root:
        # Nobody may not look into every checkout.
        home = shutil.copytree(home, folder / "home")
    for name in ("config", "data", "logs", "tmp"):
        (folder / name).mkdir()
    shutil.copy(home / "config" / "log4j2.properties", folder / "config")
    (folder / "config" / "jvm.options").write_text(_JVM.format(folder=folder))

    def command(port: int) -> Sequence[str]:
        (folder / "config" / "opensearch.yml").write_text(_CONFIGURATION.format(port=port, folder=folder))
        if root:
            _give_away(folder)
        return [str(home / "bin" / "opensearch")]

    places = {"PATH_CONF": folder / "config", "TMPDIR": folder / "tmp", "JAVA_HOME": runtime}
    environ = {f"OPENSEARCH_{name}": str(place) for name, place in places.items()}
    return serve(command, folder / "opensearch.log", environ, _NOBODY if root else None)


def _assembled() -> Path:
    """Return the home of the program, put together in one step so that what is there is whole."""
    if not _HOME.exists():
        coming = _HOME.with_name(f"{_HOME.name}.{os.getpid()}")
        _assemble(coming)
        try:
            coming.rename(_HOME)
        except OSError:
            shutil.rmtree(coming)
            if not _HOME.exists():
                raise
    return _HOME


def _assemble(there: Path) -> None:
    [distribution], [knn] = maven.fetch("opensearch/node"), maven.fetch("opensearch/knn")
    _unpack(distribution, there)
    home = next(there.iterdir())
    for entry in home.iterdir():
        entry.rename(there / entry.name)
    home.rmdir()
    _unpack(knn, there / "plugins" / "opensearch-knn")
    for name, module in _MODULES.items():
        _add_module(there / "modules" / name, name, module)
    for program in (there / "bin").iterdir():
        program.chmod(0o755)


def _unpack(archive: Path, there: Path) -> None:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(there)


def _add_module(there: Path, name: str, module: _Module) -> None:
    there.mkdir()
    for jar in maven.fetch(f"opensearch/{name}"):
        shutil.copy(jar, there)
    (there / "plugin-descriptor.properties").write_text(_DESCRIPTOR.format(name=name, version=_VERSION, module=module))
    if module.may:
        allowed = "".join(f"  permission {permission};\n" for permission in module.may)
        (there / "plugin-security.policy").write_text(f"grant {{\n{allowed}}};\n")


def _give_away(folder: Path) -> None:
    """Give *folder* to nobody, and let it be reached."""
    folder.parent.chmod(S_IMODE(folder.parent.stat().st_mode) | 0o055)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, _NOBODY, _NOBODY)
