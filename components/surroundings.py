"""What the layers stand on and do not make: the network that is there, and the code that they run.

Asked before anything is made, by `__main__.py` alone; what is missing is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components import egress, package, terraform_state
from components.configuration import Configuration, Functions
from components.networking import Existing, Small
from components.refusal import Misconfigured

_ZONES = 2


def network(config: Configuration, asked: pulumi.InvokeOptions) -> Existing | Small:
    """Return the network that Terraform's state tells of, or what a small one is made from."""
    if not config.network.terraform_state:
        zones = aws.get_availability_zones(state="available", opts=asked).names
        return Small(cidr=config.network.vpc_cidr, zones=zones[:_ZONES])
    return _existing(config, asked)


def code(functions: Functions) -> pulumi.Archive:
    """Return what the functions run, made now if nothing names what was made before."""
    target = package.Target(functions.lambda_runtime, functions.lambda_architecture)
    path = functions.lambda_package or package.build(target, Path(".packages"), pulumi.log.info)
    return pulumi.FileArchive(str(path))


def random_key(asked: pulumi.InvokeOptions) -> pulumi.Output[str]:
    """Return a key that AWS made up, another at each deployment: whoever keeps it ignores the later ones."""
    made = aws.secretsmanager.get_random_password_output(password_length=64, exclude_punctuation=True, opts=asked)
    return pulumi.Output.secret(made.random_password)


def known_later() -> tuple[pulumi.Output[str], Callable[[pulumi.Output[str]], None]]:
    """Return a text for layers that come before the one that knows it, and what to tell it to then."""
    return pulumi.deferred_output()


def _existing(config: Configuration, asked: pulumi.InvokeOptions) -> Existing:
    told = config.network
    state = terraform_state.read(told.terraform_state, token=told.terraform_token, asked=asked)
    vpc, subnets = state.text(told.terraform_vpc_output), state.texts(told.terraform_subnets_output)
    groups = state.texts(told.terraform_security_groups_output) if told.terraform_security_groups_output else []
    _check_zones(config, subnets)
    if config.search.search_in_vpc or config.work.worker == "fargate":
        egress.need(vpc, subnets, asked=asked)
    return Existing(
        vpc_id=state.guarded(told.terraform_vpc_output, vpc),
        subnet_ids=state.guarded(told.terraform_subnets_output, subnets),
        security_group_ids=state.guarded(told.terraform_security_groups_output, groups),
    )


def _check_zones(config: Configuration, subnets: Sequence[str]) -> None:
    zones = config.search.search_zones
    if config.search.search_in_vpc and len(subnets) < zones:
        raise Misconfigured.because(
            got=f"{len(subnets)} subnets of Terraform's, and searchZones: {zones}",
            why="the search domain stands in a subnet of each zone",
            instead=f"pulumi config set searchZones {len(subnets)}, or name an output with more subnets",
        )
