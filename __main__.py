"""Companion on AWS: configuration in, layers in order, outputs out."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
from pulumi.runtime import get_config_env

from components import configuration, egress, package, terraform_state
from components.alarms import Alarms
from components.encryption import Encryption
from components.function import Platform
from components.memory import Memory, MemoryArgs
from components.networking import Existing, Networking, Small

config = configuration.read(get_config_env(), pulumi.get_stack())
name, region = config.names.prefix, config.names.region

provider = aws.Provider(
    f"{name}-aws",
    region=region,
    default_tags=aws.ProviderDefaultTagsArgs(tags={"Project": "companion", "Stack": pulumi.get_stack()}),
)
here, asked = pulumi.ResourceOptions(providers=[provider]), pulumi.InvokeOptions(provider=provider)
account = aws.get_caller_identity(opts=asked).account_id


def network() -> Existing | Small:
    """Return the network that Terraform's state tells of, or what a small one is made from."""
    told = config.network
    if not told.terraform_state:
        zones = aws.get_availability_zones(state="available", opts=asked).names
        return Small(cidr=told.vpc_cidr, zones=zones[:2])
    state = terraform_state.read(told.terraform_state, token=told.terraform_token, asked=asked)
    vpc, subnets = state.text(told.terraform_vpc_output), state.texts(told.terraform_subnets_output)
    groups = state.texts(told.terraform_security_groups_output) if told.terraform_security_groups_output else []
    if config.search.search_in_vpc or config.work.worker == "fargate":
        egress.need(vpc, subnets, asked=asked)
    return Existing(
        vpc_id=state.guarded(told.terraform_vpc_output, vpc),
        subnet_ids=state.guarded(told.terraform_subnets_output, subnets),
        security_group_ids=state.guarded(told.terraform_security_groups_output, groups),
    )


def package_path() -> str:
    """Return the path of what the functions run, made now if there is none."""
    functions = config.functions
    target = package.Target(functions.lambda_runtime, functions.lambda_architecture)
    return functions.lambda_package or str(package.build(target, Path(".packages"), pulumi.log.info))


encryption = Encryption(name, ours=config.keeping.customer_keys, account=account, region=region, opts=here)
alarms = Alarms(name, email=config.watch.alarm_email, account=account, key=encryption.key, opts=here)
platform = Platform(
    prefix=name,
    account=account,
    region=region,
    code=pulumi.FileArchive(package_path()),
    settings=config.functions,
    key=encryption.key,
)
networking = Networking(name, network(), opts=here)
memory = Memory(
    name,
    platform,
    MemoryArgs(
        keeping=config.keeping,
        search=config.search,
        placement=networking.placement if config.search.search_in_vpc else None,
        pseudonym_key=aws.secretsmanager.get_random_password_output(
            password_length=64, exclude_punctuation=True, opts=asked
        ).random_password,
    ),
    opts=here,
)

pulumi.export("memoryTable", memory.memory_table)
