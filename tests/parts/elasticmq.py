"""ElasticMQ: an SQS that can be relied on for redelivery, stale handles, deduplication and dead letters.

Not as the service: after a message went to the dead letters the next receive may be empty once; deduplication ids are a
queue's and not a group's, and are lost on the way to the dead letters.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from tests.parts import java, maven
from tests.parts.endpoint import Endpoint
from tests.parts.process import Served, serve

_CONFIGURATION = """
include classpath("application.conf")
node-address { host = "127.0.0.1", port = PORT }
rest-sqs { bind-hostname = "127.0.0.1", bind-port = PORT, sqs-limits = strict }
rest-stats { enabled = false }
"""
_MODEST = ("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@dataclass(frozen=True)
class ElasticMq(Endpoint):
    """A queue server: any credentials will do, and signatures are not checked."""

    def reset(self) -> None:
        """Delete all queues."""
        for queue in re.findall("<QueueUrl>(.*?)</QueueUrl>", self.ask("/?Action=ListQueues")):
            self.ask(f"/?{urlencode({'Action': 'DeleteQueue', 'QueueUrl': queue})}")


def start(folder: Path, in_front: Sequence[Path] = (), options: Sequence[str] = ()) -> Served:
    """Start a queue server with its log in *folder*, *in_front* of its class path, and *options* for Java."""
    jars = maven.fetch("elasticmq")
    program = java.home() / "bin" / "java"
    classes = os.pathsep.join(map(str, (*in_front, *jars)))

    def command(port: int) -> Sequence[str]:
        configuration = folder / "elasticmq.conf"
        configuration.write_text(_CONFIGURATION.replace("PORT", str(port)))
        told = (*_MODEST, f"-Dconfig.file={configuration}", *options, "-cp", classes)
        return [str(program), *told, "org.elasticmq.server.Main"]

    return serve(command, folder / "elasticmq.log")
