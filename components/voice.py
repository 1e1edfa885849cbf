"""The voice: what lets a worker speak and a page be heard. Polly and Transcribe have nothing to be made, but a lexicon.

Neither AWS's provider nor CloudFormation makes lexicons: one that exists is named, and put there by the AWS CLI.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import policies
from components.configuration import Voice as Settings
from components.function import Platform
from components.grants import grant

_OUTPUTS = ("voice_id", "voice_engine", "voice_lexicon", "voice_requests", "languages")


class Voice(pulumi.ComponentResource):
    """How the companion sounds, and which languages it hears, as the roles are told it."""

    voice_id: pulumi.Output[str]
    voice_engine: pulumi.Output[str]
    voice_lexicon: pulumi.Output[str]
    voice_requests: pulumi.Output[str]
    languages: pulumi.Output[str]

    def __init__(
        self, name: str, platform: Platform, settings: Settings, *, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Voice", name, None, opts)
        self._platform, self._settings = platform, settings
        self._child = pulumi.ResourceOptions(parent=self)
        self.voice_id = pulumi.Output.from_input(settings.voice_id)
        self.voice_engine = pulumi.Output.from_input(settings.voice_engine)
        self.voice_lexicon = pulumi.Output.from_input(settings.voice_lexicon)
        self.voice_requests = pulumi.Output.from_input(str(settings.voice_requests))
        self.languages = pulumi.Output.from_input(",".join(settings.languages))
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_speak(self, role: aws.iam.Role) -> None:
        """Let *role* have text spoken, by the lexicon if there is one."""
        region, account, lexicon = self._platform.region, self._platform.account, self._settings.voice_lexicon
        spoken = f"arn:aws:polly:{region}:{account}:lexicon/{lexicon}" if lexicon else "*"
        speak = policies.allow(["polly:SynthesizeSpeech"], spoken)
        grant(f"{role.pulumi_resource_name}-speech", role, speak, opts=self._child)

    def grant_listen(self, role: aws.iam.Role) -> None:
        """Let *role* sign addresses at which a page is heard."""
        heard = policies.allow(["transcribe:StartStreamTranscriptionWebSocket"], "*")
        grant(f"{role.pulumi_resource_name}-hearing", role, heard, opts=self._child)
