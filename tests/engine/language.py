"""A stand-in for Pulumi's Python language host: it runs the program and the policy pack.

python -m tests.engine.language [ENGINE]         as the engine starts it
python -m tests.engine.language --run            one run of a program, in a process of its own; stdin says which
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import subprocess
import sys
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pulumi
from google.protobuf import empty_pb2
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from tests.engine.serving import serve

_TOLD_ALREADY = 32
_MANY = 64


def run(asked: bytes) -> int:
    """Run the program of the request that was *asked*; return 0, or `_TOLD_ALREADY` when the engine knows why not."""
    request = language_pb2.RunRequest.FromString(asked)
    reset_options(
        project=request.project,
        stack=request.stack,
        parallel=request.parallel,
        preview=request.dryRun,
        engine_address=request.args[0],
        monitor_address=request.monitor_address,
        organization=request.organization or "organization",
        root_directory=request.info.root_directory,
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))
    folder = Path(request.info.program_directory)
    os.chdir(request.pwd or folder)
    sys.path.insert(0, str(folder))
    with asyncio.Runner() as runner:
        return runner.run(_run(folder))


async def _run(folder: Path) -> int:
    # Each thread waits for an answer of the engine: with fewer than there are resources, some wait for nothing.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_MANY))
    try:
        await run_in_stack(lambda: _program(folder))
    except pulumi.RunError as error:
        pulumi.log.error(str(error))
        return _TOLD_ALREADY
    except Exception:  # noqa: BLE001 - the outermost loop of a program
        pulumi.log.error(f"Program failed with an unhandled exception:\n{traceback.format_exc()}")
        return _TOLD_ALREADY
    return 0


def _program(folder: Path) -> None:
    runpy.run_path(str(folder), run_name="__main__")


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """The language as Pulumi's engine asks it; *engine* is where the engine listens."""

    def __init__(self, engine: str) -> None:
        self._engine, self._children = engine, list[subprocess.Popen[Any]]()

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        self._engine = request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="0.0.0")

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        return language_pb2.GetRequiredPackagesResponse()  # The project's file says where they are.

    def About(self, request: language_pb2.AboutRequest, context: grpc.ServicerContext) -> language_pb2.AboutResponse:
        return language_pb2.AboutResponse(executable=sys.executable)

    def GetProgramDependencies(
        self, request: language_pb2.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetProgramDependenciesResponse:
        return language_pb2.GetProgramDependenciesResponse()

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        if not request.args:
            request.args.append(self._engine)
        told = {"PULUMI_CONFIG": json.dumps(dict(request.config))}
        command = [sys.executable, "-m", __spec__.name, "--run"]
        child = subprocess.Popen(command, env=os.environ | told, stdin=subprocess.PIPE)
        self._children.append(child)
        child.communicate(request.SerializeToString())
        code = child.returncode
        failed = f"the program ended with {code}" if code not in (0, _TOLD_ALREADY) else ""
        return language_pb2.RunResponse(error=failed, bail=code == _TOLD_ALREADY)

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Run a policy pack in the environment that its own file names."""
        folder = Path(request.info.program_directory)
        python = folder / dict(request.info.options).get("virtualenv", ".venv") / "bin" / "python"
        child = subprocess.Popen(
            [str(python), "-u", "-m", "pulumi.policy", *request.args, str(folder)],
            cwd=folder,
            env={**os.environ, **dict(one.split("=", 1) for one in request.env)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._children.append(child)
        context.add_callback(child.kill)
        for line in child.stdout or ():
            yield language_pb2.RunPluginResponse(stdout=line)
        yield language_pb2.RunPluginResponse(exitcode=child.wait())

    def end(self) -> None:
        """Kill what was started."""
        for child in self._children:
            child.kill()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        sys.exit(run(sys.stdin.buffer.read()))
    _host = Host(next((one for one in sys.argv[1:] if not one.startswith("-")), ""))
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(_host, server), _host.end)
