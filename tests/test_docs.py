"""The documents say what is so: every setting, command and error code, and no other; no link leads nowhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import pytest
from flask.cli import FlaskGroup, ScriptInfo

from config import Settings
from server.domain.refusals import REFUSALS
from tests.harness.databases import app_on
from tests.harness.live_server import ROOT

READ_BY_PEOPLE = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
READS_SETTINGS = ["Makefile", "config.py", "gunicorn.conf.py", "server/**/*.py", "tools/*", "tests/harness/*.py"]
OWN_SETTING = re.compile(r"\bSHISHIBU_[A-Z_]*[A-Z]\b")
OF_GUNICORN = re.compile(r"""environ\.get\(["'](\w+)["']""")
GUNICORNS_OWN = {"GUNICORN_CMD_ARGS"}

ROW = re.compile(r"^\| (`.+) \|$", re.MULTILINE)
HEADING = re.compile(r"^### `(.+)`$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
FLASK = re.compile(r"(?:flask --app wsgi|-u shishibu shishibu) ([a-z][^\n`|]*)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE = re.compile(r"\bmake((?: +[A-Z_]+=\S+)*) +([a-z][a-z-]*)")
KINDS = {"文本 text": str, "整数 int": int, "真假 bool": bool}


@cache
def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def rows(document: str) -> Iterator[list[str]]:
    """The cells of every table row whose first cell begins with code."""
    for row in ROW.findall(text_of(document)):
        yield [cell.strip() for cell in row.split(" | ")]


def bare(cell: str) -> str:
    return cell.strip("`")


def code_in(path: Path) -> str:
    """What stands in a document's code blocks and between its backticks, prose left out."""
    return "\n".join(CODE.findall(path.read_text(encoding="utf-8")))


# Settings


def settings_read() -> set[str]:
    names = {f"SHISHIBU_{name}" for name in vars(Settings) if name.isupper()} | GUNICORNS_OWN
    for pattern in READS_SETTINGS:
        files = [path for path in ROOT.glob(pattern) if path.is_file()]
        assert files, pattern
        for path in files:
            names |= set(OWN_SETTING.findall(path.read_text(encoding="utf-8")))
    return names | set(OF_GUNICORN.findall(text_of("gunicorn.conf.py")))


def test_every_setting_is_documented_and_no_other():
    documented = [bare(row[0]) for row in rows("docs/settings.md")]
    assert sorted(documented) == sorted(settings_read())


@pytest.mark.parametrize("name", [name for name in vars(Settings) if name.isupper()])
def test_a_settings_kind_and_default_are_as_documented(name: str):
    _, kind, default, *_ = next(row for row in rows("docs/settings.md") if bare(row[0]) == f"SHISHIBU_{name}")
    real = getattr(Settings, name)
    shown = str(real).lower() if isinstance(real, bool) else str(real).removeprefix(f"{ROOT}/")
    assert KINDS[kind] is type(real)
    assert bare(default) == (shown or "空 empty")


def test_every_setting_that_a_document_mentions_exists():
    mentioned = {name for path in READ_BY_PEOPLE for name in OWN_SETTING.findall(path.read_text(encoding="utf-8"))}
    assert mentioned
    assert mentioned - settings_read() == set()


# Error codes


def test_every_error_code_is_documented_with_its_status_and_sentence_and_no_other():
    documented = {
        bare(row[0]): (int(row[1]), row[2]) for row in rows("docs/errors.md") if len(row) == 4 and row[1].isdigit()
    }
    assert documented == REFUSALS


def test_every_code_of_the_phone_itself_is_documented_with_its_sentence_and_no_other():
    problems = dict(
        re.findall(r"^  (\w+): '(.+)',$", text_of("pwa/src/sync/problems.ts").split("\n}\n")[0], re.MULTILINE)
    )
    assert problems
    assert {bare(row[0]): row[1] for row in rows("docs/errors.md") if len(row) == 3} == problems


def test_every_error_code_says_what_to_do():
    assert [row[0] for row in rows("docs/errors.md") if not row[-1]] == []


# Commands


@dataclass(frozen=True)
class Commands:
    """Everything that `flask --app wsgi` can be told, the frameworks' commands included."""

    every: dict[str, click.Command]

    @property
    def ours(self) -> dict[str, click.Command]:
        return {path: one for path, one in self.every.items() if (one.callback or one).__module__.startswith("server.")}

    @property
    def groups(self) -> set[str]:
        return {path.split()[0] for path in self.every}

    def find(self, words: list[str]) -> tuple[click.Command, list[str]]:
        """The command that `words` begin with, and the words after its name."""
        length = next((n for n in (1, 2) if " ".join(words[:n]) in self.every), None)
        assert length, f"no such command: {' '.join(words)}"
        return self.every[" ".join(words[:length])], words[length:]


def leaves(group: click.Group, context: click.Context, *path: str) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from leaves(command, context, *path, name)
        else:
            yield " ".join((*path, name)), command


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    var = tmp_path_factory.mktemp("var")
    group = FlaskGroup(create_app=lambda: app_on(f"sqlite:///{var}/none.db", var))
    context = click.Context(group, obj=ScriptInfo(create_app=group.create_app))
    return Commands(dict(leaves(group, context)))


def arguments(command: click.Command) -> set[str]:
    """`FILE` for an argument, `--area` for an option."""
    return {
        max(one.opts, key=len) if isinstance(one, click.Option) else one.human_readable_name for one in command.params
    }


def usage(heading: str) -> tuple[str, set[str]]:
    """The command of a heading like `units add NAME --area CODE`, and its arguments: NAME, --area."""
    path, _, said = re.sub(r"(?= [A-Z[-])", "|", heading, count=1).partition("|")
    return path, set(re.findall(r"--[a-z-]+|\b[A-Z_]+\b", re.sub(r"(--[a-z-]+) [A-Z:]+", r"\1", said)))


def test_every_command_is_documented_with_its_arguments_and_no_other(commands: Commands):
    documented = dict(map(usage, HEADING.findall(text_of("docs/commands.md"))))
    assert documented == {path: arguments(command) for path, command in commands.ours.items()}


def test_every_command_is_in_the_english_part_too(commands: Commands):
    english = text_of("docs/commands.md").split("\n## English\n")[1]
    assert {path for path in commands.ours if f"| `{path}` |" not in english} == set()


def test_what_the_frameworks_add_to_the_command_line_is_explained(commands: Commands):
    section = text_of("docs/commands.md").split("\n## 框架自带的")[1].split("\n---\n")[0]
    explained = {name for row in ROW.findall(section) for name in re.findall(r"`([a-z ]+)`", row.split(" | ")[0])}
    assert explained - set(commands.every) - commands.groups == set()
    assert commands.groups - {path.split()[0] for path in commands.ours} == {name.split()[0] for name in explained}


@pytest.mark.parametrize("path", READ_BY_PEOPLE, ids=lambda path: path.name)
def test_every_command_that_a_document_quotes_exists(path: Path, commands: Commands):
    for line in FLASK.findall(code_in(path)):
        command, rest = commands.find(line.split("#")[0].split())
        options = {name for one in command.params for name in one.opts}
        assert {word for word in rest if word.startswith("--")} <= options, line


# Links, pictures, make


@pytest.mark.parametrize("path", READ_BY_PEOPLE, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(path: Path):
    targets = {target.split("#")[0] for target in LINK.findall(path.read_text(encoding="utf-8"))}
    inside = {target for target in targets if target and not re.match(r"[a-z]+:", target)}
    assert {target for target in inside if not (path.parent / target).exists()} == set()


@pytest.mark.parametrize("path", READ_BY_PEOPLE, ids=lambda path: path.name)
def test_every_make_target_that_a_document_names_exists(path: Path):
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    assert "run" in targets
    assert {target for _, target in MAKE.findall(code_in(path))} - targets == set()
