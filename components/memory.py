"""What is remembered: tables of exchanges, turns, connections and the erased, and the index that memories are found in.

Who needs one of them is granted that one. The domain knows functions by their roles, whose ARNs are known before they
are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies, search, tables
from components.configuration import Keeping
from components.configuration import Search as SearchSettings
from components.function import Function, Job, Placement, Platform, new_role
from components.grants import grant

_READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
_WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)
_ASK = ("es:ESHttpGet", "es:ESHttpPost")
_RULE = ("es:ESHttpPut",)
_OUTPUTS = (
    "memory_table",
    "turns_table",
    "connections_table",
    "erased_table",
    "pseudonym_secret",
    "search_endpoint",
    "search_domain",
)
_READERS, _WRITERS = ("worker",), ("actions", "background")


@dataclass(frozen=True, kw_only=True)
class MemoryArgs:
    """How memories are kept; *placement* is where what searches runs, if the domain is in a network."""

    keeping: Keeping
    search: SearchSettings
    placement: Placement | None
    pseudonym_key: pulumi.Input[str]


class Memory(pulumi.ComponentResource):
    """The tables, the secret that the erased are named by, and the search domain with its index."""

    memory_table: pulumi.Output[str]
    turns_table: pulumi.Output[str]
    connections_table: pulumi.Output[str]
    erased_table: pulumi.Output[str]
    pseudonym_secret: pulumi.Output[str]
    search_endpoint: pulumi.Output[str]
    search_domain: pulumi.Output[str]
    index: Function

    def __init__(
        self, name: str, platform: Platform, args: MemoryArgs, *, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Memory", name, None, opts)
        self._platform, self._child = platform, pulumi.ResourceOptions(parent=self)
        self._tables = _tables(name, platform, args.keeping, self._child)
        self.memory_table, self.turns_table, self.connections_table, self.erased_table = (
            self._tables[title].name for title in ("memories", "turns", "connections", "erased")
        )
        self.pseudonym_secret = _secret(name, platform, args, self._child)
        master = new_role(f"{name}-index", platform, "index", self._child)
        self.search_domain, self.search_endpoint = _domain(name, platform, args, master, self._child)
        allowed = [self.grant_search(master), self._grant_rule(master)]
        self.index = _index(name, platform, args, self.search_endpoint, master, self._child)
        _call_index(name, self.index, allowed, self._child)
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_recent(self, role: aws.iam.Role) -> None:
        """Let *role* read, keep and forget recent exchanges."""
        self._grant_table("memories", role, *_READ, *_WRITE)

    def grant_turns(self, role: aws.iam.Role) -> None:
        """Let *role* read and change the rows of users and of their turns."""
        self._grant_table("turns", role, *_READ, *_WRITE)

    def grant_connections(self, role: aws.iam.Role) -> None:
        """Let *role* see who is connected, and note who comes and goes."""
        self._grant_table("connections", role, *_READ, *_WRITE)

    def grant_erased(self, role: aws.iam.Role) -> None:
        """Let *role* see who was erased, under the name that the secret gives them."""
        self._grant_table("erased", role, *_READ)
        secret = policies.allow(["secretsmanager:GetSecretValue"], self.pseudonym_secret)
        self._grant(f"{role.pulumi_resource_name}-pseudonyms", role, secret, "secretsmanager")

    def grant_erase(self, role: aws.iam.Role) -> None:
        """Let *role* note who is to be erased, and how far that is."""
        statement = policies.allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], self._tables["erased"].arn)
        self._grant(f"{role.pulumi_resource_name}-erases", role, statement, "dynamodb")

    def grant_everybody(self, role: aws.iam.Role) -> None:
        """Let *role* go through the rows of all users: for what holds them against the list of the erased."""
        statement = policies.allow(["dynamodb:Scan"], self._tables["turns"].arn)
        self._grant(f"{role.pulumi_resource_name}-everybody", role, statement, "dynamodb")

    def grant_search(self, role: aws.iam.Role) -> aws.iam.RolePolicy:
        """Let *role* ask the domain; what it may see and change there, the domain's own roles say."""
        statement = policies.allow(_ASK, pulumi.Output.concat(self.search_domain, "/*"))
        return self._grant(f"{role.pulumi_resource_name}-search", role, statement)

    def _grant_rule(self, master: aws.iam.Role) -> aws.iam.RolePolicy:
        """Let *master* make the index, and say who may do what in the domain."""
        statement = policies.allow(_RULE, pulumi.Output.concat(self.search_domain, "/*"))
        return self._grant(f"{master.pulumi_resource_name}-rule", master, statement)

    def _grant_table(self, title: str, role: aws.iam.Role, *actions: str) -> None:
        arn = self._tables[title].arn
        statement = policies.allow(actions, arn, pulumi.Output.concat(arn, "/index/*"))
        self._grant(f"{role.pulumi_resource_name}-{title}", role, statement, "dynamodb")

    def _grant(
        self, name: str, role: aws.iam.Role, statement: policies.Statement, *services: str
    ) -> aws.iam.RolePolicy:
        """Grant *statement*, with the use of our key by way of the *services* that the thing is encrypted by."""
        return grant(name, role, statement, *self._platform.use_key(*services), opts=self._child)


def _tables(
    name: str, platform: Platform, keeping: Keeping, opts: pulumi.ResourceOptions
) -> dict[str, aws.dynamodb.Table]:
    return {
        shape.title: tables.table(name, shape, keeping, key=platform.key, opts=opts) for shape in tables.shapes(name)
    }


def _secret(name: str, platform: Platform, args: MemoryArgs, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """Keep the key that pseudonyms are made with; it never changes, or nobody would know the erased again."""
    protected = args.keeping.deletion_protection
    secret = aws.secretsmanager.Secret(
        f"{name}-pseudonyms",
        name=f"{name}-pseudonyms",
        description="The key that the names of the erased are made with.",
        kms_key_id=platform.key,
        recovery_window_in_days=30 if protected else 0,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=protected)),
    )
    aws.secretsmanager.SecretVersion(
        f"{name}-pseudonyms-key",
        secret_id=secret.id,
        secret_string=args.pseudonym_key,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=["secretString"])),
    )
    return secret.arn


def _domain(
    name: str, platform: Platform, args: MemoryArgs, master: aws.iam.Role, opts: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """Return the ARN and the address of the domain that exists, or of one that is made."""
    if args.search.search_endpoint:
        return pulumi.Output.from_input(args.search.search_domain_arn), pulumi.Output.from_input(
            args.search.search_endpoint
        )
    plan = search.Plan(settings=args.search, keeping=args.keeping, platform=platform, placement=args.placement)
    domain = search.domain(name, plan, master=master.arn, opts=opts)
    return domain.arn, pulumi.Output.concat("https://", domain.endpoint)


def _index(
    name: str,
    platform: Platform,
    args: MemoryArgs,
    endpoint: pulumi.Output[str],
    master: aws.iam.Role,
    opts: pulumi.ResourceOptions,
) -> Function:
    """Make the function that looks after the index; who may use it, it says in a domain of our own alone."""
    told: dict[str, pulumi.Input[str]] = {"search_endpoint": endpoint, "search_engine": args.search.search_engine}
    if not args.search.search_endpoint:
        told["search_readers"] = ",".join(platform.role_arn(role) for role in _READERS)
        told["search_writers"] = ",".join(platform.role_arn(role) for role in _WRITERS)
    job = Job(role="index", environment=told, timeout=120, placement=args.placement)
    return Function(f"{name}-index", platform, job, role=master, opts=opts)


def _call_index(name: str, index: Function, allowed: Sequence[pulumi.Resource], opts: pulumi.ResourceOptions) -> None:
    """Call the function at each deployment of another package, once it is *allowed* to do its work, and every day."""
    aws.lambda_.Invocation(
        f"{name}-index-made",
        function_name=index.name,
        input="{}",
        triggers={"code": index.code_sha256},
        lifecycle_scope="CREATE_ONLY",
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=allowed)),
    )
    why = "Memories that have expired leave the index."
    index.repeat(f"{name}-daily", "1 day", named=f"{name}-index-daily", why=why, opts=opts)
