"""What the environment may say, and what is said to one who set what cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import Misconfigured
from runtime.settings import ROLES, environment, read
from runtime.settings.cloud import Authorizer
from runtime.settings.laptop import Settings

REFUSED = [
    ({"PORT": "-1"}, "PORT=-1"),
    ({"PORT": "65536"}, "PORT=65536"),
    ({"PORT": "8O80"}, "PORT=8O80"),
    ({"PORT": "٨٠"}, "PORT=٨٠"),
    ({"PORT": "9" * 5000}, "PORT=999"),
    ({"HANDS": "0"}, "HANDS=0"),
    ({"HANDS": "1001"}, "HANDS=1001"),
    ({"DURABLE": "maybe"}, "DURABLE=maybe"),
    ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL=LOUD"),
    ({"ALLOWED_HOSTS": "http://me.test"}, "ALLOWED_HOSTS=http://me.test"),
    ({"ALLOWED_HOSTS": "me.test, you.test:8080"}, "ALLOWED_HOSTS=you.test:8080"),
    ({"ALLOWED_HOSTS": "me.test/page"}, "ALLOWED_HOSTS=me.test/page"),
    ({"ALLOWED_HOSTS": "[::1"}, "ALLOWED_HOSTS=[::1"),
    ({"MODEL": "llama3.2"}, "MODEL=llama3.2"),
    ({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, "no MODEL;"),
    ({"OPENAI_BASE_URL": "127.0.0.1:11434", "MODEL": "m"}, "OPENAI_BASE_URL=127.0.0.1:11434"),
    ({"OPENAI_BASE_URL": "ftp://me.test", "MODEL": "m"}, "OPENAI_BASE_URL=ftp://me.test"),
    ({"OPENAI_BASE_URL": "http://", "MODEL": "m"}, "OPENAI_BASE_URL=http://"),
    ({"OPENAI_BASE_URL": "http://[", "MODEL": "m"}, "OPENAI_BASE_URL=http://["),
    ({"OPENAI_BASE_URL": "http://me.test:99999", "MODEL": "m"}, "OPENAI_BASE_URL=http://me.test:99999"),
    ({"EMBEDDINGS_MODEL": "m"}, "EMBEDDINGS_MODEL=m"),
    ({"EMBEDDINGS_BASE_URL": "http://me.test/v1"}, "no EMBEDDINGS_MODEL;"),
    ({"EMBEDDINGS_BASE_URL": "me.test", "EMBEDDINGS_MODEL": "m"}, "EMBEDDINGS_BASE_URL=me.test"),
]


def test_without_an_environment_everything_has_a_default() -> None:
    assert Settings.read({}) == Settings("127.0.0.1", 8080, Path(".companion"))


def test_what_is_set_to_nothing_is_not_set() -> None:
    assert Settings.read({"PORT": "", "HOST": "", "MODEL": "", "ALLOWED_HOSTS": ""}) == Settings()


def test_each_field_is_a_variable_in_capitals() -> None:
    settings = Settings.read(
        {"HOST": "0.0.0.0", "PORT": "0", "DATA": "/tmp/kept", "HANDS": "1000", "LOG_LEVEL": "INFO"}  # noqa: S104, S108
        | {"OPENAI_BASE_URL": "https://me.test/v1", "MODEL": "m", "OPENAI_API_KEY": "k", "ELSE": "x"}
    )

    assert (settings.host, settings.port, settings.data) == ("0.0.0.0", 0, Path("/tmp/kept"))  # noqa: S104, S108
    assert (settings.hands, settings.log_level) == (1000, "INFO")
    assert (settings.openai_base_url, settings.model, settings.openai_api_key) == ("https://me.test/v1", "m", "k")


def test_names_are_listed_with_commas() -> None:
    read = Settings.read({"ALLOWED_HOSTS": "me.test, you.test,,192.168.1.7,[fe80::1]"})

    assert read.allowed_hosts == ("me.test", "you.test", "192.168.1.7", "[fe80::1]")


@pytest.mark.parametrize(("text", "meant"), [("1", True), ("True", True), ("on", True), ("0", False), ("no", False)])
def test_a_switch_is_read_as_people_write_one(text: str, meant: bool) -> None:  # noqa: FBT001
    assert Settings.read({"DURABLE": text}).durable is meant


@pytest.mark.parametrize(("environ", "got"), REFUSED)
def test_what_cannot_work_is_refused_with_got_why_and_instead(environ: dict[str, str], got: str) -> None:
    with pytest.raises(Misconfigured) as misconfigured:
        Settings.read(environ)

    message = str(misconfigured.value)
    assert message.startswith(f"got: {got}")
    assert "; why not: " in message
    assert "; instead: " in message


def test_a_number_that_is_none_is_answered_with_one_that_works() -> None:
    with pytest.raises(Misconfigured, match=r"instead: PORT=8080$"):
        Settings.read({"PORT": "http"})


def test_what_is_missing_is_not_shown_as_if_it_were_a_value() -> None:
    with pytest.raises(Misconfigured, match=r"^got: no MODEL; why not: a server may have many models; instead: MODEL="):
        Settings.read({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"})


def test_no_secret_is_shown() -> None:
    environ = {"OPENAI_BASE_URL": "ftp://ana:hunter2@me.test", "MODEL": "m", "OPENAI_API_KEY": "hunter2"}

    with pytest.raises(Misconfigured) as misconfigured:
        Settings.read(environ)

    assert "hunter2" not in str(misconfigured.value)
    assert "hunter2" not in repr(Settings(openai_api_key="hunter2"))


TOKENS = {"ISSUER": "https://issuer.test", "JWKS_URL": "https://issuer.test/keys", "CLIENTS": "page,phone"}
ANSWERING = {
    "connections_table": "sockets",
    "turns_table": "turns",
    "erased_table": "erased",
    "memory_table": "companion_memory",
    "search_endpoint": "https://search.test",
    "turn_queue_url": "https://sqs.test/turns.fifo",
    "background_queue_url": "https://sqs.test/background.fifo",
    "guardrail_id": "g",
    "guardrail_version": "1",
    "model_id": "us.amazon.nova-micro-v1:0",
}


def test_a_role_reads_what_its_environment_was_given() -> None:
    worker = read(ROLES["worker"], environment("worker", **ANSWERING))

    assert {name: getattr(worker, name) for name in ANSWERING} == ANSWERING


def test_a_role_reads_lists_and_leaves_what_is_not_its_own() -> None:
    authorizer = read(Authorizer, {**TOKENS, "MEMORY_TABLE": "x"})

    assert vars(authorizer) == {
        "issuer": "https://issuer.test",
        "jwks_url": "https://issuer.test/keys",
        "clients": ("page", "phone"),
    }


def test_settings_of_a_role_stay_as_they_were_read() -> None:
    authorizer = read(Authorizer, TOKENS)

    with pytest.raises(AttributeError, match="issuer"):
        authorizer.issuer = "https://another.test"  # type: ignore[misc]


def test_a_role_is_made_of_its_own_settings_alone() -> None:
    with pytest.raises(TypeError, match=r"issuer, jwks_url, clients.*look at clients, memory_table"):
        Authorizer(issuer="x", jwks_url="x", memory_table="x")  # type: ignore[call-arg]


def test_an_environment_without_something_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match=r"^got: for the role worker no memory_table; why not: "):
        environment("worker", **{name: value for name, value in ANSWERING.items() if name != "memory_table"})


def test_an_environment_with_something_that_nobody_reads_is_refused_by_name() -> None:
    with pytest.raises(Misconfigured, match=r"^got: for the role worker unknown memory_tabel; why not: "):
        environment("worker", **ANSWERING, memory_tabel="m")


def test_a_process_whose_environment_lacks_something_says_what() -> None:
    with pytest.raises(Misconfigured, match=r"^got: no CLIENTS; why not: it has no default; instead: "):
        read(Authorizer, {name: value for name, value in TOKENS.items() if name != "CLIENTS"})


@pytest.mark.parametrize(
    "changed",
    [
        {"log_level": "LOUD"},
        {"search_endpoint": "search.test"},
        {"search_engine": "nmslib"},
        {"inference": "guesswork"},
        {"inference": "sagemaker"},
        {"inference_dialect": "latin"},
        {"hands": "0"},
    ],
)
def test_a_worker_that_cannot_work_says_so_before_it_does(changed: dict[str, str]) -> None:
    (name,) = changed

    with pytest.raises(Misconfigured, match=rf"^got: (no )?{name.upper()}|INFERENCE_ENDPOINT"):
        read(ROLES["worker"], environment("worker", **{**ANSWERING, **changed}))
