"""The commands of an administrator, on real files, databases and directories, and how they fail."""

import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from zipfile import ZipFile

import pytest
from parvis.cli import main
from parvis.config.validation import TABLES
from parvis.testing.company import company
from parvis.testing.directory import DirectoryServer
from parvis.testing.plugin import make_config
from parvis.testing.services import free_port
from sqlalchemy import create_engine, inspect, text

PASSWORD = "a long enough password"


@dataclass
class Shell:
    """Runs commands on one configuration, and remembers what the last one said."""

    folder: object
    capsys: pytest.CaptureFixture
    out: str = ""
    err: str = ""

    def configure(self, **tables):
        database = tables.pop("database", {"url": f"sqlite:///{self.folder / 'parvis.db'}"})
        make_config(self.folder, database["url"], tables)
        return self

    def __call__(self, *arguments, config="parvis.toml"):
        """Run a command; return its exit code."""
        code = 0
        try:
            main(["--config", str(self.folder / config), *arguments])
        except SystemExit as end:
            code = end.code or 0
        self.out, self.err = self.capsys.readouterr()
        return code

    @property
    def engine(self):
        return create_engine(f"sqlite:///{self.folder / 'parvis.db'}")


@pytest.fixture
def shell(tmp_path, capsys):
    return Shell(tmp_path, capsys).configure()


@pytest.fixture
def site(shell):
    """Give a shell on a site whose tables are there."""
    assert shell("db", "upgrade") == 0
    return shell


@pytest.fixture(scope="module")
def known():
    return company(100, photos=False)


@pytest.fixture
def directory(known):
    with DirectoryServer(known.entries(), base_dn=known.base_dn) as server:
        yield server


def directory_table(known, url):
    return {
        "servers": [url], "start_tls": False,
        "bind_dn": known.service_dn, "bind_password": known.service_password,
        "base_dn": known.people_dn, "sign_in_group": known.members_dn,
        "administrators_group": known.administrators_dn,
    }  # fmt: skip


@pytest.fixture
def staffed(site, known, directory):
    """Give a shell on a site with a directory."""
    return site.configure(directory=directory_table(known, directory.url))


@pytest.fixture
def plugged(shell, tmp_path, monkeypatch):
    """Give a shell where the sample plugin is installed, as a wheel would have it."""
    installed = tmp_path / "installed" / "parvis_sample-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: parvis-sample\nVersion: 1\n")
    points = "sample = parvis_sample.plugin:SamplePlugin\nbroken = parvis_sample.nowhere:Plugin\n"
    (installed / "entry_points.txt").write_text(f"[parvis.plugins]\n{points}")
    monkeypatch.syspath_prepend(str(installed.parent))
    return shell.configure(plugins={"enabled": ["sample"]})


def run_python(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


# help


def test_help_names_every_command_without_loading_any(tmp_path):
    said = run_python(
        "import sys\nfrom parvis.cli import main\n"
        "try: main(['--config', '/nowhere', '--help'])\n"
        "except SystemExit: pass\n"
        "print('loaded', [m for m in ('flask', 'sqlalchemy', 'dbos', 'ldap3') if m in sys.modules])"
    )
    for name in ("check", "serve", "worker", "db", "directory", "plugins", "admin", "config", "i18n"):
        assert f"\n  {name} " in said
    assert "loaded []" in said


def test_the_words_of_help_are_those_of_the_commands(shell):
    from parvis.cli import CORE_COMMANDS, parvis  # noqa: PLC0415 - the table itself is compared

    first = {name: parvis.get_command(None, name).help.split(". ")[0].rstrip(".") for name in CORE_COMMANDS}
    assert first == {name: words.rstrip(".") for name, (_place, words) in CORE_COMMANDS.items()}


def test_an_app_starts_without_what_only_some_commands_need():
    heavy = ("dbos", "granian", "alembic", "PIL", "playwright", "pytest", "rich.progress")
    said = run_python(
        f"import sys, parvis.application.factory\nprint([m for m in {heavy} if m in sys.modules])"
    )
    assert said == "[]\n"


# configuration


def test_a_faulty_configuration_is_told_as_a_whole_with_exit_code_2(shell, tmp_path):
    (tmp_path / "bad.toml").write_text('[server]\nsecret_key = "short"\nprot = 1\n[sitee]\nname = 1\n')
    assert shell("check", config="bad.toml") == 2
    assert [line.split(": ")[0:2] for line in shell.err.splitlines()] == [
        [f"{tmp_path}/bad.toml:2", "server.secret_key"],
        [f"{tmp_path}/bad.toml:3", "server.prot"],
        [f"{tmp_path}/bad.toml:4", "sitee"],
    ]
    assert "did you mean “port”" in shell.err


@pytest.mark.parametrize("command", [["db", "upgrade"], ["serve"], ["worker"], ["plugins", "list"]])
def test_a_missing_configuration_is_a_sentence_with_exit_code_2(shell, tmp_path, command):
    assert shell(*command, config="none.toml") == 2
    assert shell.err == f"{tmp_path}/none.toml: there is no such file\n"


def test_an_unknown_command_is_exit_code_2(shell):
    assert shell("chekc") == 2


def test_the_example_has_every_table(shell):
    assert shell("config", "example") == 0
    tables = [line for line in shell.out.splitlines() if line.startswith("[")]
    assert [f"[{name}]" for name in (*TABLES, "plugins") if f"[{name}]" not in tables] == []


def test_the_example_leaves_out_a_plugin_that_cannot_be_imported(shell, tmp_path, monkeypatch):
    (tmp_path / "parvis_broken-1.dist-info").mkdir()
    points = tmp_path / "parvis_broken-1.dist-info" / "entry_points.txt"
    points.write_text("[parvis.plugins]\nbroken = parvis_nowhere.plugin:Broken\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert shell("config", "example") == 0
    told = (
        "parvis: the settings of broken are left out: ModuleNotFoundError: No module named 'parvis_nowhere'"
    )
    assert (told in shell.err.splitlines(), "[plugins]" in shell.out) == (True, True)


# the database


def test_tables_come_and_go(shell):
    assert shell("db", "current") == 0
    assert shell.out.startswith("core: nothing, newest is 0")
    assert shell("db", "upgrade") == 0
    newest = shell.out.split()[-1]
    assert shell("db", "current") == 0
    assert shell.out == f"core: {newest}\n"
    assert shell("db", "downgrade", "core", "base", "--yes") == 0
    assert inspect(shell.engine).get_table_names() == ["schema_version_core"]
    assert shell("db", "upgrade") == 0
    assert shell("db", "upgrade") == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nobody", "base"], "there is no 'nobody' with tables"), (["core", "7777"], "Can't locate revision")],
)
def test_a_downgrade_to_nowhere_is_a_sentence(site, arguments, words):
    assert site("db", "downgrade", *arguments, "--yes") == 1
    assert words in site.err
    assert "Traceback" not in site.err


@pytest.mark.parametrize(
    "command",
    [
        ["db", "upgrade"], ["db", "current"],
        ["admin", "create", "eve", "--name", "Eve", "--password", PASSWORD],
        ["directory", "sync"], ["plugins", "purge", "sample", "--yes"],
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/parvis.db", "postgresql+psycopg://parvis@127.0.0.1:1/parvis"]
)
def test_a_database_that_does_not_answer_is_a_sentence(plugged, command, url):
    plugged.configure(database={"url": url})
    assert plugged(*command) == 1
    assert "Traceback" not in plugged.err
    assert "database" in plugged.err


@pytest.mark.parametrize(
    "command",
    [["admin", "create", "eve", "--name", "Eve", "--password", PASSWORD], ["directory", "sync"], ["serve"]],
)
def test_old_tables_are_told_with_the_remedy(shell, command):
    assert shell(*command) == 1
    assert shell.err.endswith("the tables of the database are not up to date; run: parvis db upgrade\n")


# check


def findings(shell):
    """Return what `check` said: subject to whether it was well, and the remedies."""
    lines = shell.out.splitlines()
    judged = {line[5:].partition(":")[0]: line[:4].strip() for line in lines if not line.startswith("     ")}
    return judged, [line.strip() for line in lines if line.startswith("     ")]


def test_check_finds_nothing_where_all_is_well(staffed):
    assert staffed("check") == 0
    judged, remedies = findings(staffed)
    assert judged == dict.fromkeys(
        ["configuration", "database", "migrations", "jobs", "media", "directory", "search"], "ok"
    )
    assert remedies == []


def test_check_tells_what_fails_each_with_its_remedy(plugged, tmp_path, known):
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "check").write_text("in the way of the folder of that name")
    plugged.configure(
        database={"url": "sqlite:////nowhere/parvis.db"},
        jobs={"url": "sqlite:////nowhere/jobs.db"},
        directory=directory_table(known, f"ldap://127.0.0.1:{free_port()}"),
        plugins={"enabled": ["sample", "broken"]},
    )
    assert plugged("check") == 1
    judged, remedies = findings(plugged)
    assert {subject for subject, mark in judged.items() if mark == "FAIL"} == {
        "database", "jobs", "media", "directory", "plugins"
    }  # fmt: skip
    assert remedies[0] == "Check database.url, and that the server runs."
    assert remedies[1] == "Check jobs.url, and that the server runs."
    assert "Mend it, or take it out of [plugins] enabled." in remedies
    assert len(remedies) >= 5


def test_a_media_folder_that_cannot_be_made_is_a_sentence(shell, tmp_path):
    (tmp_path / "file").write_text("in the way")
    shell.configure(media={"url": str(tmp_path / "file" / "media")})
    assert shell("check") == 1
    assert shell.err.startswith(f"parvis: the media store cannot be used: {tmp_path}/file/media: ")


def test_check_tells_that_tables_are_missing(shell):
    assert shell("check") == 1
    assert "FAIL migrations: core at nothing\n     Run: parvis db upgrade" in shell.out


# the directory


def test_everybody_is_read_once(staffed):
    assert staffed("directory", "sync", "--dry-run") == 0
    assert "Dry run: nothing was written." in staffed.out
    assert people(staffed) == 0
    assert staffed("directory", "sync") == 0
    assert "The directory is synchronised." in staffed.out
    assert people(staffed) == 99  # all but the disabled one
    assert staffed("directory", "sync", "--full") == 0
    assert "Added" not in staffed.out


def people(shell):
    with shell.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM person WHERE present"))


def test_a_run_that_would_send_everybody_away_stops_until_it_is_forced(staffed, known, directory):
    assert staffed("directory", "sync") == 0
    nobody = {**directory_table(known, directory.url), "person_filter": "(uid=zoe*)"}
    staffed.configure(directory=nobody)
    assert staffed("directory", "sync") == 1
    assert "stopped before it wrote anything" in staffed.out
    assert people(staffed) == 99
    assert staffed("directory", "sync", "--force") == 0
    assert staffed("directory", "sync", "--force", "--full") == 0
    assert people(staffed) < 99


@pytest.mark.parametrize(
    "command", [["directory", "sync"], ["directory", "test-login", "zoe", "--password", "x"]]
)
def test_a_directory_that_is_down_is_a_sentence(site, known, command):
    site.configure(directory=directory_table(known, f"ldap://127.0.0.1:{free_port()}"))
    assert site(*command) == 1
    assert "Traceback" not in site.out + site.err
    assert "127.0.0.1" in site.out + site.err


@pytest.mark.parametrize(
    "command", [["directory", "sync"], ["directory", "test-login", "zoe", "--password", "x"]]
)
def test_without_a_directory_one_is_told_where_to_name_it(site, command):
    assert site(*command) == 1
    assert site.err == (
        "parvis: no directory is configured; see [directory] in what `parvis config example` prints\n"
    )


def test_a_sign_in_can_be_tried(staffed, known):
    person = known.administrator
    assert staffed("directory", "test-login", person.username, "--password", person.password) == 0
    assert staffed.out.startswith(f"{person.name} may sign in and administers the site.\n")
    assert person.dn in staffed.out
    assert people(staffed) == 0


def test_a_sign_in_that_is_refused_tells_the_administrator_why(staffed, known):
    assert staffed("directory", "test-login", known.newcomer.username, "--password", "wrong") == 1
    assert staffed.err.startswith("parvis: refused: ")
    assert (
        staffed("directory", "test-login", known.contractor.username, "--password", known.contractor.password)
        == 1
    )
    assert staffed.err.startswith("parvis: refused: ")


# plugins


def test_plugins_are_listed_with_what_is_wrong(plugged):
    assert plugged("db", "upgrade") == 0
    assert plugged("plugins", "list") == 0
    lines = [line.split() for line in plugged.out.splitlines()]
    listed = [line for line in lines if line[0] in ("broken", "sample")]
    assert listed == [["broken", "not", "enabled"], ["sample", "active", "1.2"]]
    plugged.configure(plugins={"enabled": ["broken"]})
    assert plugged("plugins", "list") == 1
    lines = plugged.out.splitlines()
    failed = next(line for line in lines if line.startswith("broken "))
    assert failed.startswith("broken           failed     ?  it cannot be imported: ModuleNotFoundError")
    assert "sample           not enabled" in [line.rstrip() for line in lines]


def test_a_plugin_brings_its_own_commands(plugged):
    assert plugged("--help") == 0
    assert "\n  sample " in plugged.out
    assert plugged("sample", "--help") == 0


def test_purging_drops_what_a_disabled_plugin_kept_and_nothing_else(plugged):
    assert plugged("db", "upgrade") == 0
    assert "sample_note" in inspect(plugged.engine).get_table_names()
    assert plugged("plugins", "purge", "sample", "--yes") == 1
    assert "take it out of [plugins] enabled" in plugged.err
    plugged.configure(plugins={"enabled": []})
    assert plugged("db", "current") == 0
    assert "sample: kept, though the plugin is not enabled" in plugged.out
    assert plugged("plugins", "purge", "sample", "--yes") == 0
    tables = inspect(plugged.engine).get_table_names()
    assert [name for name in tables if "sample" in name] == []
    assert "person" in tables


def test_purging_wants_a_yes(plugged, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    plugged.configure(plugins={"enabled": []})
    assert plugged("plugins", "purge", "sample") == 1
    assert "Aborted!" in plugged.err


def test_what_is_not_installed_cannot_be_purged(site):
    assert site("plugins", "purge", "ghost", "--yes") == 1
    assert site.err.startswith("parvis: ghost is not installed")


# administrators


def test_an_administrator_is_created_once_and_gets_a_new_password(site):
    assert site("admin", "create", "Eve", "--name", "Eve Admin", "--password", PASSWORD) == 0
    assert site.out == "Eve may now sign in as an administrator.\n"
    assert site("admin", "create", "eve", "--name", "Eve", "--password", PASSWORD) == 1
    assert site.err == "parvis: There is already a local account of that name.\n"
    before = password_hash(site)
    assert site("admin", "reset-password", "eve", "--password", "another long password") == 0
    assert password_hash(site) != before
    assert password_hash(site).startswith("$argon2id$")


def password_hash(shell):
    with shell.engine.connect() as connection:
        return connection.scalar(text("SELECT password_hash FROM local_account WHERE username = 'eve'"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["create", "eve", "--name", "Eve", "--password", "short"],
            "A local password has at least 12 characters.",
        ),
        (["reset-password", "nobody", "--password", PASSWORD], "There is no local account of that name."),
    ],
)
def test_an_administrators_mistake_is_a_sentence_in_english(site, arguments, words):
    site.configure(site={"default_language": "fr"})
    assert site("admin", *arguments) == 1
    assert site.err == f"parvis: {words}\n"


# words


def test_catalogues_are_updated_and_compiled(shell, tmp_path):
    package = tmp_path / "package"
    package.mkdir()
    (package / "views.py").write_text('_("Good morning")\nngettext("%(num)s day", "%(num)s days", 2)\n')
    assert shell("i18n", "update", str(package)) == 0
    catalogue = package / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
    assert shell.out == f"{catalogue}: 2 messages, 2 without translation\n"
    catalogue.write_text(
        catalogue.read_text().replace('"Good morning"\nmsgstr ""', '"Good morning"\nmsgstr "Bonjour"')
    )
    assert shell("i18n", "update", str(package)) == 0
    assert shell.out == f"{catalogue}: 2 messages, 1 without translation\n"
    assert shell("i18n", "compile", str(package)) == 0
    assert b"Bonjour" in catalogue.with_suffix(".mo").read_bytes()


def test_compiling_nothing_is_a_sentence(shell, tmp_path):
    assert shell("i18n", "compile", str(tmp_path)) == 1
    assert shell.err == f"parvis: {tmp_path} has no translations/<language>/LC_MESSAGES/*.po\n"


# people


def test_who_left_gets_their_data_and_is_forgotten_with_a_report(site, tmp_path):
    assert site("admin", "create", "eve", "--name", "Eve Zanzibar", "--password", PASSWORD) == 0
    assert site("people", "export", "eve.zanzibar", str(tmp_path / "eve.zip")) == 0
    with ZipFile(tmp_path / "eve.zip") as archive:
        assert "Eve Zanzibar" in archive.read("core/directory.json").decode()
    assert site("people", "erase", "eve.zanzibar", "--yes") == 0
    told = site.out.splitlines()
    assert told[0] == "eve.zanzibar is erased: 0 files deleted, 0 texts rewritten that named them."
    assert told[-1].endswith(
        "nothing names them any more. Search indexes forget as soon as their workers run."
    )
    assert site("people", "erase", "eve.zanzibar", "--yes") == 1
    assert site.err == "parvis: there is nobody called eve.zanzibar\n"
