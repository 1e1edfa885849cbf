"""Companion on AWS: configuration in, layers in order, outputs out."""

import pulumi
import pulumi_aws as aws
from pulumi.runtime import get_config_env

from components import configuration, roles, surroundings
from components.alarms import Alarms
from components.edge import Edge, EdgeArgs, Shown
from components.encryption import Encryption
from components.function import Platform
from components.identity import Identity
from components.inference import Inference
from components.memory import Memory, MemoryArgs
from components.moderation import Moderation
from components.networking import Networking
from components.observability import Observability
from components.scaling import Scaling, ScalingArgs
from components.voice import Voice
from components.watching import Watched
from runtime import policy
from runtime.settings import cloud as parts

config = configuration.read(get_config_env(), pulumi.get_stack())
name, region = config.names.prefix, config.names.region

provider = aws.Provider(
    f"{name}-aws",
    region=region,
    default_tags=aws.ProviderDefaultTagsArgs(tags={"Project": "companion", "Stack": pulumi.get_stack()}),
)
here, asked = pulumi.ResourceOptions(providers=[provider]), pulumi.InvokeOptions(provider=provider)
account = aws.get_caller_identity(opts=asked).account_id
network, code = surroundings.network(config, asked), surroundings.code(config.functions)

encryption = Encryption(name, ours=config.keeping.customer_keys, account=account, region=region, opts=here)
alarms = Alarms(name, email=config.watch.alarm_email, account=account, key=encryption.key, opts=here)
platform = Platform(
    prefix=name,
    account=account,
    region=region,
    code=code,
    settings=config.functions,
    key=encryption.key,
)
networking = Networking(name, network, opts=here)
page_url, page_is_at = surroundings.known_later()
identity = Identity(
    name, platform, config.sign_in, page_url=page_url, protected=config.keeping.deletion_protection, opts=here
)
memory = Memory(
    name,
    platform,
    MemoryArgs(
        keeping=config.keeping,
        search=config.search,
        placement=networking.placement if config.search.search_in_vpc else None,
        pseudonym_key=surroundings.random_key(asked),
    ),
    opts=here,
)
moderation = Moderation(name, platform, policy.load(), alarms=alarms, opts=here)
inference = Inference(name, platform, config.answers, opts=here)
voice = Voice(name, platform, config.voice, opts=here)
known = (identity, memory, moderation, inference, voice, config.search, config.answers, config.keeping)
scaling = Scaling(
    name,
    platform,
    ScalingArgs(
        work=config.work,
        worker=roles.told("worker", *known),
        background=roles.told("background", *known),
        dead_letters=roles.told("dead_letters", *known),
        placement=networking.placement,
        in_network=config.search.search_in_vpc,
        public=networking.public,
    ),
    alarms,
    opts=here,
)
edge = Edge(
    name,
    platform,
    EdgeArgs(
        settings=config.edge,
        authorizer=roles.told("authorizer", *known),
        connect=roles.told("connect", *known),
        turn=roles.told("turn", *known, scaling),
        actions=roles.told("actions", *known, scaling),
        placement=networking.placement if config.search.search_in_vpc else None,
        shown=Shown(
            sign_in_url=identity.sign_in_url,
            client_id=identity.client_id,
            model=inference.served or config.answers.model_id,
        ),
    ),
    opts=here,
)
page_is_at(edge.page_url)

grants: roles.Grants = {
    parts.Sockets: [memory.grant_connections],
    parts.Rows: [memory.grant_turns, memory.grant_erased],
    parts.Hot: [memory.grant_recent],
    parts.Search: [memory.grant_search],
    parts.Meaning: [inference.grant_embed],
    parts.Answers: [inference.grant_ask],
    parts.Safety: [moderation.grant_judge],
    parts.Speaking: [voice.grant_speak],
    parts.Listening: [voice.grant_listen],
}
workers = {"worker": scaling.worker, "background": scaling.background, "dead_letters": scaling.dead_letters}
askers = {"turn": edge.handlers.turn, "actions": edge.handlers.actions}
for role, holder in {**workers, **askers, "connect": edge.handlers.connect}.items():
    roles.permit(role, holder.role, grants)
for holder in (*workers.values(), *askers.values()):
    edge.grant_post(holder.role)
scaling.grant_send_turns(edge.handlers.turn.role)
scaling.grant_send_background(edge.handlers.actions.role)
for holder in (edge.handlers.actions, scaling.background):
    memory.grant_erase(holder.role)
memory.grant_everybody(scaling.background.role)

functions = {**scaling.functions, **edge.handlers.named()}
observability = Observability(
    name,
    platform,
    config.watch,
    Watched(
        functions={title: function.name for title, function in functions.items()},
        queues={"turns": scaling.turn_queue_url, "background": scaling.background_queue_url},
        dead={"turns": scaling.dead_turn_queue_url, "background": scaling.dead_background_queue_url},
        tables={"memories": memory.memory_table, "rows": memory.turns_table, "sockets": memory.connections_table},
        domain=memory.search_domain,
        api_id=edge.api_id,
        distribution_id=edge.distribution_id,
        guardrail_arn=moderation.guardrail_arn,
        guardrail_version=moderation.guardrail_version,
        models=inference.models,
        endpoint=inference.served,
        service=scaling.service,
    ),
    alarms,
    opts=here,
)

outputs = {
    "prefix": name,
    "pageUrl": edge.page_url,
    "socketUrl": edge.socket_url,
    "signInUrl": identity.sign_in_url,
    "issuer": identity.issuer,
    "clientId": identity.client_id,
    "memoryTable": memory.memory_table,
    "turnsTable": memory.turns_table,
    "searchEndpoint": memory.search_endpoint,
    "turnQueueUrl": scaling.turn_queue_url,
    "turnDeadLettersUrl": scaling.dead_turn_queue_url,
    "backgroundQueueUrl": scaling.background_queue_url,
    "backgroundDeadLettersUrl": scaling.dead_background_queue_url,
    "guardrailId": moderation.guardrail_id,
    "guardrailVersion": moderation.guardrail_version,
    "alarmsTopic": alarms.topic,
    "dashboardUrl": observability.dashboard_url,
}
for title, output in outputs.items():
    pulumi.export(title, output)
