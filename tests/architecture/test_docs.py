"""The documents say what is: links lead somewhere, commands and settings exist, the tutorial runs."""

import importlib.metadata
import inspect
import json
import os
import re
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterable
from pathlib import Path

import click
import parvis
import parvis.api
import parvis_social.api
import pluggy
import pytest
from babel.messages.pofile import read_po
from parvis.cli import CORE_COMMANDS
from parvis.cli import parvis as command_line
from parvis.config import read, validate
from parvis.config.validation import TABLES, variable
from parvis.directory.ldap import Reason
from parvis.directory.preset import PRESETS
from parvis.events import Event
from parvis.hookspecs import SPECIFICATIONS
from parvis.testing.directory import DirectoryServer
from parvis_blog.plugin import BlogPlugin
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin

ROOT = Path(__file__).parents[2]
CORE = Path(parvis.__file__).parent
DOCUMENTS = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").glob("*.md")), *ROOT.glob("plugins/*/README.md")]
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in DOCUMENTS}
APIS = {"docs/plugin.md": parvis.api, "docs/social.md": parvis_social.api}
HOOKS = {"docs/hooks.md": SPECIFICATIONS, "docs/social.md": (parvis_social.api.SocialHooks,)}
EVENTS = {"core": "docs/hooks.md", **dict.fromkeys(("social", "groups", "blog"), "docs/social.md")}
EVENTS |= {name: f"docs/{name}.md" for name in ("expertise", "moderation")}
CATALOGUE = "translations/fr/LC_MESSAGES/*.po"
PLUGINS = (SocialPlugin, GroupsPlugin, BlogPlugin, ExpertisePlugin, ModerationPlugin)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def fences(document: str, language: str) -> list[str]:
    """Return the code blocks of a document in one language."""
    return [body for found, body in FENCE.findall(TEXTS[document]) if found == language]


def code(document: str) -> str:
    """Return all that a document shows as something to type: blocks and inline code."""
    blocks = [*fences(document, "console"), *fences(document, "ini")]
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", FENCE.sub("", TEXTS[document]))])


# links


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", TEXTS)
def test_every_link_leads_somewhere(document):
    lost = []
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", TEXTS[document])):
        if re.match(r"https?:|mailto:", target) or target.startswith("docs/images/"):
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / document).parent / file if file else ROOT / document
        if not path.exists() or (anchor and anchor not in anchors(path.read_text("utf-8"))):
            lost.append(target)
    assert lost == []


# the guides


def french() -> dict[str, str]:
    """Return every sentence of the screens in English, with its French."""
    found: dict[str, str] = {}
    for path in [*CORE.glob(CATALOGUE), *ROOT.glob(f"plugins/*/parvis_*/{CATALOGUE}")]:
        with path.open("rb") as file:
            found.update({m.id: m.string for m in read_po(file) if isinstance(m.id, str)})
    return found


def quoted(document: str) -> list[str]:
    """Return what a guide quotes of the screens, in italics."""
    text = re.sub(r"^\*\[.*$|\*\*[^*]+\*\*", "", TEXTS[document], flags=re.MULTILINE)
    names = {"helene", "dupont jean"}
    return [
        said for found in re.findall(r"\*([^*]+)\*", text) if (said := " ".join(found.split())) not in names
    ]


def test_the_guides_quote_the_same_of_the_screens_and_it_is_there():
    words = french()
    english = [word if word in words else begun(word, words) for word in quoted("docs/user.md")]
    said = [word.replace("\xa0", " ") for word in map(words.__getitem__, english)]
    told = quoted("docs/utilisateur.md")
    assert [
        word for word, full in zip(sorted(told), sorted(said), strict=True) if not full.startswith(word)
    ] == []


def begun(word: str, words: Iterable[str]) -> str:
    """Return the sentence that begins so, if there is one: long ones are quoted by their beginning."""
    return next((sentence for sentence in words if sentence.startswith(f"{word}:")), word)


def test_the_guides_have_the_same_parts_of_the_same_paragraphs():
    parts = [
        [part.count("\n\n") for part in TEXTS[name].split("\n## ")]
        for name in ("docs/user.md", "docs/utilisateur.md")
    ]
    assert parts[0] == parts[1]


# commands


def commands_in(text: str) -> set[tuple[str, ...]]:
    """Name what is called by `parvis …`: alone, with its path, for another user, or by a service."""
    called = r"^(?:ExecStart=|su [^']*-c ')?(?:/\S+/)?parvis((?: +[^\s'|#]+)+)"
    return {tuple(found.split()) for found in re.findall(called, text, re.MULTILINE)}


def unknown_part(words: tuple[str, ...]) -> str | None:
    """Name the first word that is no command where one must stand, or no option of the command."""
    command: click.Command = command_line
    context = click.Context(command)
    for word in words:
        if isinstance(command, click.Group):
            found = (
                command.get_command(context, word)
                if command is not command_line or word in CORE_COMMANDS
                else next((each.commands for each in PLUGINS if each.name == word), None)
            )
            if found is None:
                return word
            command = found
        elif word.startswith("--") and word not in {option for p in command.params for option in p.opts}:
            return word
    return None


@pytest.mark.parametrize("document", TEXTS)
def test_every_command_that_is_named_exists(document):
    told = commands_in(code(document))
    assert {" ".join(words): part for words in told if (part := unknown_part(words))} == {}


def test_a_command_that_does_not_exist_would_be_found():
    assert [
        unknown_part(words) for words in (("db", "upgrad"), ("serve", "--prot", "1"), ("db", "upgrade"))
    ] == ["upgrad", "--prot", None]


@pytest.mark.parametrize("document", TEXTS)
def test_every_make_target_that_is_named_exists(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"^make ([a-z-]+)", code(document), re.MULTILINE))
    assert named - targets == set()


# settings


def keys_of(table: str) -> set[str]:
    model = TABLES[table]
    return {*model.model_fields, *(f"{key}_file" for key in model.secrets())}


@pytest.mark.parametrize("document", TEXTS)
def test_every_setting_that_is_named_exists(document):
    named = re.findall(rf"`({'|'.join(TABLES)})\.(\w+)`", TEXTS[document])
    assert [f"{table}.{key}" for table, key in named if key != "py" and key not in keys_of(table)] == []


def test_every_table_of_the_configuration_is_listed():
    listed = re.findall(r"^\| `\[(\w+)\]` \|", TEXTS["docs/configuration.md"], re.MULTILINE)
    assert listed == [*TABLES, "plugins"]


def test_every_setting_of_our_plugins_is_listed_with_its_default():
    listed = [
        row
        for heading in ("Conversations and groups", "Blogs", "Expertise", "Moderation")
        for row in table("docs/configuration.md", heading)
    ]
    assert [(key.strip("`"), json.loads(default.strip("`"))) for key, default, _what in listed] == [
        (f"plugins.{plugin.name}.{key}", field.default)
        for plugin in PLUGINS
        for key, field in plugin.settings_model().model_fields.items()
    ]


def test_every_job_of_our_plugins_is_listed():
    listed = re.findall(r"^\| `(\w+:\w+)` \|", TEXTS["docs/install.md"], re.MULTILINE)
    jobs = [job.name for plugin in PLUGINS for job in plugin.register_jobs(None)]
    assert listed == jobs


def test_every_secret_is_listed():
    listed = re.search(r"## Secrets\n\n(.*?) are\nsecrets", TEXTS["docs/configuration.md"], re.DOTALL)
    assert listed is not None
    secrets = {f"{table}.{key}" for table, model in TABLES.items() for key in model.secrets()}
    assert set(re.findall(r"`([\w.]+)`", listed[1])) == secrets


@pytest.mark.parametrize("document", ["docs/install.md", "docs/directory.md"])
def test_every_example_of_a_configuration_is_valid(document, tmp_path):
    examples = fences(document, "toml")
    for example in examples:
        for name in re.findall(r'^\w+_file = "([\w]+)"', example, re.MULTILINE):
            (tmp_path / name).write_text("a secret of more than thirty-two characters\n", "utf-8")
        path = tmp_path / "parvis.toml"
        server = "" if "[server]" in example else '[server]\nsecret_key_file = "secret_key"\n'
        (tmp_path / "secret_key").write_text("a secret of more than thirty-two characters\n", "utf-8")
        path.write_text(f"{example}\n{server}", "utf-8")
        validate(read(path), {}, environ={})
    assert len(examples) >= 3


@pytest.mark.parametrize("document", TEXTS)
def test_every_environment_variable_that_is_named_is_read(document):
    sources = "".join(
        path.read_text("utf-8")
        for path in [*CORE.rglob("*.py"), *(ROOT / "tools").iterdir()]
        if path.is_file()
    )
    secrets = {variable((table, key)) for table, model in TABLES.items() for key in model.secrets()}
    named = set(re.findall(r"PARVIS_[A-Z_]+[A-Z]\b", TEXTS[document]))
    assert {name for name in named - secrets if not re.search(rf"\b{name}\b", sources)} == set()


def test_the_attributes_of_each_preset_are_those_told():
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", TEXTS["docs/directory.md"], re.MULTILINE)
    told = {field: [re.findall(r"`(\w+)`", cell) for cell in cells] for field, *cells in rows}
    for field, (openldap, active_directory) in told.items():
        assert (openldap[0], openldap[-1], active_directory[0]) == tuple(
            PRESETS[preset].attributes[field] for preset in ("openldap", "389ds", "active-directory")
        )
    assert set(told) == set(PRESETS["openldap"].attributes)


def test_every_reason_of_a_refusal_is_told():
    told = set(re.findall(r"`([a-z-]+)`", TEXTS["docs/directory.md"].partition("| refused with |")[2]))
    assert {str(reason) for reason in Reason} - {"bad-input"} - told == set()


# hooks: what tests/matrix does not compare


def table(document: str, heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading."""
    section = TEXTS[document].partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_slot_is_told_with_its_context():
    used = {}
    for path in (*(CORE / "templates").rglob("*.html"), *(CORE / "application").glob("*.py")):
        for name, context in re.findall(r'slot\("(\w+)"((?:, *\w+=\w+)*)\)', path.read_text("utf-8")):
            used[name] = re.findall(r"(\w+)=", context)
    assert {
        row[0].strip("`"): re.findall(r"`(\w+)`", row[2]) for row in table("docs/hooks.md", "Slots")
    } == used


@pytest.mark.parametrize("owner", EVENTS)
def test_every_event_is_told_with_its_data(owner):
    kinds = {each.kind: each for each in Event.__subclasses__() if each.kind.startswith(f"{owner}.")}
    common = set(Event.__dataclass_fields__)
    data = {kind: sorted(set(each.__dataclass_fields__) - common) for kind, each in kinds.items()}
    rows = table(EVENTS[owner], f"Events that {owner} records")
    names = [name for fields in data.values() for name in fields]
    told = {
        row[0].strip("`"): sorted(n for n in re.findall(r"`(\w+)`", row[3]) if n in names) for row in rows
    }
    assert told == data


def test_every_icon_is_told():
    section = TEXTS["docs/hooks.md"].partition("\n## Icons\n")[2].partition("\n## ")[0]
    drawn = re.findall(r'<symbol id="([\w-]+)"', (CORE / "static" / "icons.svg").read_text("utf-8"))
    assert re.findall(r"`([\w-]+)`", section) == sorted(drawn)


@pytest.mark.parametrize("document", HOOKS)
def test_the_examples_of_hooks_implement_them(document):
    methods = [each for each in fences(document, "python") if each.startswith("@hookimpl\n")]
    body = textwrap.indent("\n".join(methods), "    ")
    scope = {name: getattr(api, name) for api in APIS.values() for name in api.__all__}
    exec(f"from collections.abc import Iterable\nclass Examples:\n{body}", scope)
    examples = scope["Examples"]
    manager = pluggy.PluginManager("parvis")
    for specification in HOOKS[document]:
        manager.add_hookspecs(specification)
    manager.register(examples(), "examples")
    manager.check_pending()
    assert sorted(n for n in vars(examples) if not n.startswith("_")) == sorted(
        re.findall(r"^### `(\w+)\(", TEXTS[document], re.MULTILINE)
    )


@pytest.mark.parametrize("document", HOOKS)
def test_every_value_that_hooks_give_is_told_with_its_fields(document):
    told = re.findall(r"\bGive\s`(\w+)\((.*?)\)`", TEXTS[document])
    scope = {name: getattr(api, name) for api in APIS.values() for name in api.__all__}
    assert told == [(name, fields(scope[name])) for name, _told in told] != []


def fields(value: type) -> str:
    """Return the fields of a value with their defaults, as a document tells them."""
    parameters = inspect.signature(value).parameters.values()
    plain = ", ".join(str(each.replace(annotation=each.empty)) for each in parameters)
    return plain.replace("'", '"').replace("<factory>", "{}").replace("mappingproxy({})", "{}")


@pytest.mark.parametrize("document", APIS)
def test_every_name_that_plugins_may_import_is_told_with_what_it_is_for(document):
    told = [
        name
        for names, reason in table(document, f"What `{APIS[document].__name__}` offers")
        for name in re.findall(r"`(\w+)`", names)
        if reason
    ]
    assert sorted(told) == sorted(APIS[document].__all__)


# the fixtures


def test_every_fixture_and_mark_that_is_told_exists(request):
    told = [*table("docs/testing.md", "Fixtures"), *table("docs/testing.md", "With social")]
    rows = [name for row in told for name in re.findall(r"`(\w+)`", row[0])]
    for name in rows:
        assert request._fixturemanager.getfixturedefs(name, request.node), name
    marks = " ".join(request.config.getini("markers"))
    assert [
        row[0] for row in table("docs/testing.md", "Marks") if re.split(r"[`(]", row[0])[1] not in marks
    ] == []


def test_the_example_of_a_directory_runs():
    example = next(each for each in fences("docs/testing.md", "python") if "DirectoryServer(" in each)
    scope: dict[str, object] = {}
    exec(example, scope)
    assert isinstance(scope["directory"], DirectoryServer)


# the tutorial, and the example that builds on social


def written(document: str, folder: Path) -> int:
    """Write the files that a document shows, each under the name that stands before it; return how many."""
    files = re.findall(
        r"`([\w./-]+\.\w+)`[^`\n]*:\n\n```\w+\n(.*?)^```$", TEXTS[document], re.MULTILINE | re.DOTALL
    )
    for name, body in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(body, "utf-8")
    return len(files)


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory):
    """Write the files of docs/plugin.md and install them, as a distribution, into a folder of their own."""
    folder, site = tmp_path_factory.mktemp("tutorial"), tmp_path_factory.mktemp("site")
    assert written("docs/plugin.md", folder) == 12
    (folder / "tests/test_more.py").write_text(fences("docs/testing.md", "python")[0], "utf-8")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--root-user-action=ignore",
    ]
    subprocess.run(
        [*pip, "--no-deps", "--no-index", "--no-build-isolation", "--target", site, folder], check=True
    )
    return folder, site


def run(
    arguments: list[str], folder: Path, site: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(map(str, (site, CORE.parent)))
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.proof
def test_the_tutorials_own_tests_pass(tutorial):
    folder, site = tutorial
    installed = importlib.metadata.entry_points(group="pytest11", name="parvis")
    fixtures = [] if installed else ["-p", "parvis.testing.plugin"]
    done = run(["pytest", "-q", "-p", "no:cacheprovider", *fixtures], folder, site)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.proof
def test_the_tutorials_plugin_is_found_migrated_and_switched_on(tutorial, tmp_path):
    _folder, site = tutorial
    switched_on = next(each for each in fences("docs/plugin.md", "toml") if "[plugins]" in each)
    configuration = f'[server]\nsecret_key = "{"x" * 40}"\n{switched_on}'
    (tmp_path / "parvis.toml").write_text(configuration, "utf-8")
    example = run(["parvis.cli", "config", "example"], tmp_path, site)
    upgraded = run(["parvis.cli", "db", "upgrade"], tmp_path, site)
    listed = run(["parvis.cli", "plugins", "list"], tmp_path, site)
    section = tomllib.loads(example.stdout.partition("[plugins]")[2].replace("#in_menu", "in_menu"))
    assert section["plugins"]["officehours"] == tomllib.loads(switched_on)["plugins"]["officehours"]
    assert "officehours: 0001" in upgraded.stdout.splitlines()
    lines = [line.split() for line in listed.stdout.splitlines()]
    assert (["officehours", "active", "0.1.0"] in lines, listed.returncode) == (True, 0)


@pytest.mark.proof
def test_the_example_that_builds_on_social_works(tmp_path):
    assert written("docs/social.md", tmp_path) == 9
    done = run(["pytest", "-q", "-p", "no:cacheprovider"], tmp_path, tmp_path)
    assert done.returncode == 0, done.stdout[-4000:]
