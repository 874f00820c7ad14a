"""The configuration file: what it may say, and what it answers to what it may not."""

import contextlib
import random
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from parvis.config import (
    Config,
    ConfigError,
    Problem,
    Settings,
    example_toml,
    locate,
    read,
    setting,
    validate,
)

ROOT = Path(__file__).parents[2]

Check = Callable[..., Config]


class Gateway(Settings):
    """A machine that mails leave by."""

    host: str = setting(help="Its name.", examples=["mail.example.com"])
    port: int = setting(25, help="Its port.", ge=1)
    password: str = setting("", help="Its password.", secret=True)


class PostSettings(Settings):
    """Letters to everyone."""

    token: str = setting(help="Token of the post office.", secret=True, examples=["abc"])
    folder: Path | None = setting(None, help="Where letters are kept.")
    folders: tuple[Path, ...] = setting((), help="Where more letters are kept.")
    limits: dict[str, int] = setting({"day": 3}, help="Letters a person may send.")
    gateways: tuple[Gateway, ...] = setting((), help="Machines that mails leave by.")
    spare: Gateway | None = setting(None, help="The machine of last resort.")


class StampSettings(Settings):
    """Stamps on letters."""

    price: float = setting(1.5, help="Price of one.", gt=0, lt=100)


PLUGINS: dict[str, type[Settings]] = {"stamps": StampSettings}
POST = '[plugins]\nenabled = ["post"]\n[plugins.post]\n'


@pytest.fixture
def check(tmp_path: Path) -> Check:
    def run(
        text: str, plugins: dict[str, type[Settings]] = PLUGINS, environ: dict[str, str] | None = None
    ) -> Config:
        file = tmp_path / "parvis.toml"
        file.write_text(text, "utf-8")
        environ = {"PARVIS_SERVER_SECRET_KEY": "k" * 32, **(environ or {})}
        return validate(read(file), plugins, available=["post", "stamps"], environ=environ)

    return run


@pytest.fixture
def problems(check: Check) -> Callable[..., list[Problem]]:
    def run(text: str, *args: object, **kwargs: object) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            check(text, *args, **kwargs)
        return list(caught.value.problems)

    return run


@pytest.fixture
def said(problems: Callable[..., list[Problem]], tmp_path: Path) -> Callable[..., list[str]]:
    """Tell the problems of a text as they are printed, without the folder's name."""

    def run(text: str, *args: object, **kwargs: object) -> list[str]:
        return [str(problem).replace(f"{tmp_path}/", "") for problem in problems(text, *args, **kwargs)]

    return run


def test_nothing_but_the_key_that_signs_must_be_set(tmp_path: Path) -> None:
    (tmp_path / "parvis.toml").touch()
    with pytest.raises(ConfigError) as caught:
        validate(read(tmp_path / "parvis.toml"), {}, environ={})
    assert str(caught.value) == (
        f"{tmp_path}/parvis.toml: server.secret_key: is required,"
        " here or as secret_key_file or as PARVIS_SERVER_SECRET_KEY"
    )


def test_a_key_that_signs_is_long(said: Callable[..., list[str]]) -> None:
    assert said("", environ={"PARVIS_SERVER_SECRET_KEY": "k" * 31}) == [
        "parvis.toml: server.secret_key: is too short (least length: 32)"
        " (from the environment variable PARVIS_SERVER_SECRET_KEY)"
    ]


def test_an_empty_file_gives_every_table_its_defaults(check: Check, tmp_path: Path) -> None:
    config = check("")
    assert (config.site.name, config.site.languages, config.server.port) == ("Parvis", ("fr", "en"), 8000)
    assert (config.path, config.enabled) == (tmp_path / "parvis.toml", ())
    assert config.plugins == {"stamps": StampSettings()}


def test_values_are_read_into_their_tables(check: Check) -> None:
    config = check(
        '[site]\nurl = "https://parvis.example.com/"\n[server]\ntrusted_proxies = ["10.0.0.0/8"]\n'
        '[plugins]\nenabled = ["stamps"]\n[plugins.stamps]\nprice = 2\n'
    )
    assert (config.site.url, config.site.hostname) == ("https://parvis.example.com", "parvis.example.com")
    assert config.site.secure
    assert [str(network) for network in config.server.trusted_proxies] == ["10.0.0.0/8"]
    assert config.plugins == {"stamps": StampSettings(price=2)}
    assert config.enabled == ("stamps",)


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    file = tmp_path / "parvis.toml"
    file.write_bytes(b'\xef\xbb\xbf[site]\r\nname = "Ici"\r\n\r\n[plugins]\r\nenabled = ["x"]\r\n')
    assert read(file).enabled == ("x",)
    assert read(file).lines[("plugins", "enabled")] == 5


def test_relative_paths_are_taken_from_the_folder_of_the_file(check: Check, tmp_path: Path) -> None:
    config = check(
        f'[site]\nthemes_folder = "themes"\n{POST}token = "t"\nfolders = ["a", "/b"]', {"post": PostSettings}
    )
    assert config.site.themes_folder == tmp_path / "themes"
    assert config.plugins["post"].folders == (tmp_path / "a", Path("/b"))  # type: ignore[attr-defined]
    assert config.database.url == f"sqlite:///{tmp_path}/parvis.db"


def test_an_empty_text_stands_for_no_path(check: Check) -> None:
    assert check('[site]\nthemes_folder = ""').site.themes_folder is None


def test_jobs_live_beside_an_sqlite_database_and_within_a_postgresql_one(
    check: Check, tmp_path: Path
) -> None:
    url = "postgresql+psycopg://parvis:pass@localhost/parvis"
    assert check("").jobs.url == f"sqlite:///{tmp_path}/parvis-jobs.db"
    assert check(f'[database]\nurl = "{url}"').jobs.url == url
    assert check('[jobs]\nurl = "sqlite:///j.db"').jobs.url == f"sqlite:///{tmp_path}/j.db"


def test_a_worker_is_named_after_its_host_unless_it_has_a_name(check: Check) -> None:
    assert check("").jobs.worker_name == socket.gethostname()
    assert check('[jobs]\nworker_name = "anna"').jobs.worker_name == "anna"


def test_every_problem_is_told_at_once_with_line_key_and_remedy(said: Callable[..., list[str]]) -> None:
    text = """\
[site]
nmae = "Ici"
timezone = "Europe/Pariss"
languages = ["fr",
  # a comment with "quotes" and [brackets]
  "enn"]
[servr]
port = 1
[server]
port = 70000
threads = "many"
[log]
format = "jsn"
[plugins]
enabled = ["stmaps", "stamps"]
[plugins.stamps]
price = 0
"""
    assert said(text) == [
        "parvis.toml:2: site.nmae: is not a known setting (did you mean “name”?)",
        "parvis.toml:3: site.timezone: is not a time zone, such as Europe/Paris"
        " (did you mean “Europe/Paris”?)",
        "parvis.toml:6: site.languages#2: must be 'fr' or 'en' (did you mean “en”?)",
        "parvis.toml:7: servr: is not a known table (did you mean “server”?)",
        "parvis.toml:10: server.port: must be 65535 or less",
        "parvis.toml:11: server.threads: must be a whole number",
        "parvis.toml:13: log.format: must be 'json' or 'text' (did you mean “json”?)",
        "parvis.toml:15: plugins.enabled#1: “stmaps” is not an installed plugin (did you mean “stamps”?)",
        "parvis.toml:17: plugins.stamps.price: must be more than 0",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name = 1", "1: name: stands above every [table], where nothing is set"),
        ("site = 1", "1: site: must be a table: [site]"),
        ("[[site]]", "1: site: must be a table: [site]"),
        ("plugins = 1", "1: plugins: must be a table: [plugins]"),
        ("[plugins]\nenabled = 1", "2: plugins.enabled: must be a list in square brackets"),
        ("[plugins]\nenabled = [1]", "2: plugins.enabled#1: must be text in quotes"),
        (
            '[plugins]\nenabled = ["stamps", "stamps"]',
            "2: plugins.enabled#2: “stamps” is there twice",
        ),
        (
            "[plugins.stmaps]",
            "1: plugins.stmaps: is not the name of an installed plugin (did you mean “stamps”?)",
        ),
        ("[plugins]\nstamps = 1", "2: plugins.stamps: must be a table: [plugins.stamps]"),
        ("[site]\nname = 1", "2: site.name: must be text in quotes"),
        ('[site]\nname = ""', "2: site.name: is too short (least length: 1)"),
        ("[site]\nlanguages = []", "2: site.languages: has too few items (at least 1)"),
        ('[site]\nlanguages = "fr"', "2: site.languages: must be a list in square brackets"),
        (
            '[site]\nlanguages = ["en"]',
            "1: site: default_language “fr” is not among languages",
        ),
        (
            '[site]\nurl = "ftp://x"',
            "2: site.url: must be the address of the site without a path, such as https://parvis.example.com",
        ),
        ('[site]\ncontact = "me"', "2: site.contact: must be a mail address, such as parvis@example.com"),
        (
            '[server]\nframe_ancestors = ["x; script-src *"]',
            "2: server.frame_ancestors#1: must be 'self' or an origin, such as https://intranet.example.com",
        ),
        (
            '[server]\nallowed_hosts = ["a/b"]',
            "2: server.allowed_hosts#1: must be a host name or address alone, such as parvis.example.com",
        ),
        (
            '[server]\ntrusted_proxies = ["10.0.0.1/8"]',
            "2: server.trusted_proxies#1: must be an address or a network, such as 10.0.0.4 or 10.0.0.0/8",
        ),
        ("[database]\ntimeout = nan", "2: database.timeout: must be a finite number"),
        (
            '[database]\nurl = "postgresql://x/y"',
            "2: database.url: must begin with sqlite:// or postgresql+psycopg://",
        ),
        ('[site]\n"na\\nme" = 1', '2: site."na\\nme": is not a known setting (did you mean “name”?)'),
    ],
)
def test_each_kind_of_fault_has_its_sentence(
    said: Callable[..., list[str]], text: str, sentence: str
) -> None:
    assert said(text) == [f"parvis.toml:{sentence}"]


@pytest.mark.parametrize(
    "url", ["http://", "https://a/path", "https://u:p@a", "http://[", "http://a:99999", "http://a:0", "x"]
)
def test_a_site_address_is_whole_and_plain(problems: Callable[..., list[Problem]], url: str) -> None:
    assert [problem.key for problem in problems(f'[site]\nurl = "{url}"')] == ["site.url"]


def test_a_message_keeps_to_its_line(problems: Callable[..., list[Problem]]) -> None:
    (problem,) = problems('[plugins]\nenabled = ["a\\nERROR fake"]')
    assert "\n" not in str(problem)


def test_the_table_of_a_plugin_that_is_switched_off_is_let_be(check: Check) -> None:
    assert check("[plugins.post]\nnonsense = 1").plugins == {"stamps": StampSettings()}


LAYOUTS = """\
title = '''
[not.a.table]
key = 1 \"""
'''
[ a . "b c" ] # [no]
'quoted.key' = "\\" # still text"
dotted.deep."er" = [ # comment ]
  "one, two", [1, 2],
  { x = 1, y = { z = "}" } },
]
text = \"""
x = 1
\\\"""
""\"""
when = 1979-05-27 07:32:00
[[list]]
k = 1
[list.sub]
k = 1
[[list.nested]]
k = 1
[[list.nested]]
k = 2
[[list]]
[[list.nested]]
k = 3
"""


def test_each_key_is_found_on_its_line(tmp_path: Path) -> None:
    file = tmp_path / "layouts.toml"
    file.write_text(LAYOUTS)
    assert read(file).lines == {
        ("title",): 1,
        ("a", "b c"): 5,
        ("a", "b c", "quoted.key"): 6,
        ("a", "b c", "dotted"): 7,
        ("a", "b c", "dotted", "deep"): 7,
        ("a", "b c", "dotted", "deep", "er"): 7,
        ("a", "b c", "dotted", "deep", "er", 0): 8,
        ("a", "b c", "dotted", "deep", "er", 1): 8,
        ("a", "b c", "dotted", "deep", "er", 1, 0): 8,
        ("a", "b c", "dotted", "deep", "er", 1, 1): 8,
        ("a", "b c", "dotted", "deep", "er", 2): 9,
        ("a", "b c", "dotted", "deep", "er", 2, "x"): 9,
        ("a", "b c", "dotted", "deep", "er", 2, "y"): 9,
        ("a", "b c", "dotted", "deep", "er", 2, "y", "z"): 9,
        ("a", "b c", "text"): 11,
        ("a", "b c", "when"): 15,
        ("list",): 16,
        ("list", 0): 16,
        ("list", 0, "k"): 17,
        ("list", 0, "sub"): 18,
        ("list", 0, "sub", "k"): 19,
        ("list", 0, "nested"): 20,
        ("list", 0, "nested", 0): 20,
        ("list", 0, "nested", 0, "k"): 21,
        ("list", 0, "nested", 1): 22,
        ("list", 0, "nested", 1, "k"): 23,
        ("list", 1): 24,
        ("list", 1, "nested"): 25,
        ("list", 1, "nested", 0): 25,
        ("list", 1, "nested", 0, "k"): 26,
    }


def test_faults_in_lists_of_tables_are_found_in_the_right_one(said: Callable[..., list[str]]) -> None:
    text = f"""{POST}token = "t"
[[plugins.post.gateways]]
host = "a"
[[plugins.post.gateways]]
prot = 1
[plugins.post.spare]
host = "b"
port = 0
"""
    assert said(text, {"post": PostSettings}) == [
        "parvis.toml:7: plugins.post.gateways#2.host: is required",
        "parvis.toml:8: plugins.post.gateways#2.prot: is not a known setting (did you mean “port”?)",
        "parvis.toml:11: plugins.post.spare.port: must be 1 or more",
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[site]\nname = x", "2: is not valid TOML: Invalid value (column 8)"
         ' (text is written in quotes: key = "text")'),
        ('[site]\nname = "x', "2: is not valid TOML: Unterminated string (at the end of the file)"),
        ("a = " + "[" * 5000, " has brackets nested too deep"),
        ("a = " + "9" * 5000, " is not valid TOML: Exceeds the limit"),
    ],
)  # fmt: skip
def test_broken_toml_is_told_with_line_and_column(
    said: Callable[..., list[str]], text: str, sentence: str
) -> None:
    (message,) = said(text)
    assert message.startswith(f"parvis.toml:{sentence}")


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    def message(path: Path) -> str:
        with pytest.raises(ConfigError) as caught:
            read(path)
        return str(caught.value)

    latin = tmp_path / "latin.toml"
    latin.write_bytes("[site]\nname = 'Café'".encode("latin-1"))
    assert message(tmp_path / "none.toml") == f"{tmp_path}/none.toml: there is no such file"
    assert message(tmp_path) == f"{tmp_path}: is a folder, not a file"
    assert message(latin / "x") == f"{latin}/x: cannot be read: Not a directory"
    assert message(latin) == f"{latin}:2: is not UTF-8 text; save the file in that encoding"


def test_the_file_is_the_one_named_else_the_one_of_the_environment_else_a_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("parvis.config.document.PLACES", (Path("parvis.toml"), tmp_path / "etc.toml"))
    with pytest.raises(ConfigError, match="There is no configuration file: neither"):
        locate(environ={})
    (tmp_path / "etc.toml").touch()
    assert locate(environ={"PARVIS_CONFIG": ""}) == tmp_path / "etc.toml"
    (tmp_path / "parvis.toml").touch()
    assert locate(environ={}) == Path("parvis.toml")
    assert locate(environ={"PARVIS_CONFIG": "b.toml"}) == Path("b.toml")
    assert locate("a.toml", environ={"PARVIS_CONFIG": "b.toml"}) == Path("a.toml")


def test_a_secret_comes_from_the_environment_before_its_file_and_the_file_itself(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("from-file\n")
    environ = {"PARVIS_SERVER_METRICS_TOKEN": "from-environment"}
    assert check('[server]\nmetrics_token = "plain"').server.metrics_token == "plain"
    assert check('[server]\nmetrics_token_file = "token"').server.metrics_token == "from-file"
    assert check("", environ=environ).server.metrics_token == "from-environment"
    text = '[server]\nmetrics_token_file = "token"'
    assert check(text, environ=environ).server.metrics_token == "from-environment"


def test_secrets_of_plugins_and_of_lists_of_tables_come_likewise(check: Check, tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("p1")
    text = (
        f'{POST}[[plugins.post.gateways]]\nhost = "a"\npassword_file = "pw"\n'
        '[[plugins.post.gateways]]\nhost = "b"\n'
    )
    environ = {"PARVIS_PLUGINS_POST_TOKEN": "t", "PARVIS_PLUGINS_POST_GATEWAYS_2_PASSWORD": "p2"}
    post = check(text, {"post": PostSettings}, environ).plugins["post"]
    assert isinstance(post, PostSettings)
    assert (post.token, [gateway.password for gateway in post.gateways]) == ("t", ["p1", "p2"])


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('metrics_token_file = "none"', "metrics_token_file: names a file that cannot be read:"
         " No such file or directory"),
        ('metrics_token_file = "latin"', "metrics_token_file: names a file that is not UTF-8 text"),
        ('metrics_token_file = "\\u0000"', "metrics_token_file: names a file that cannot be read: bad path"),
        ("metrics_token_file = 1", "metrics_token_file: must be a path in quotes"),
        ('metrics_token = "a"\nmetrics_token_file = "b"', "metrics_token: is given twice:"
         " as metrics_token and as metrics_token_file"),
        ('metrics_tokn_file = "a"', "metrics_tokn_file: is not a known setting"
         " (did you mean “metrics_token_file”?)"),
    ],
)  # fmt: skip
def test_a_secret_that_cannot_be_had_is_told_in_a_sentence(
    said: Callable[..., list[str]], tmp_path: Path, line: str, sentence: str
) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")
    assert said(f"[server]\n{line}")[0] == f"parvis.toml:2: server.{sentence}"


def test_a_missing_secret_is_told_with_all_its_ways_in(said: Callable[..., list[str]]) -> None:
    assert said(POST, {"post": PostSettings}) == [
        "parvis.toml:3: plugins.post.token: is required,"
        " here or as token_file or as PARVIS_PLUGINS_POST_TOKEN"
    ]


class LeakySettings(Settings):
    """A table whose author did not think."""

    pin: int = setting(0, help="A secret that is not text.", secret=True)
    word: str = setting("", help="A secret text.", secret=True, pattern="^a*$")
    code: str = setting("", help="A secret that the validator tells.", secret=True)

    def model_post_init(self, context: object) -> None:
        if self.code:
            raise ValueError(f"the code {self.code} is wrong")


def test_no_secret_is_shown_by_errors_reprs_or_tracebacks(check: Check, tmp_path: Path) -> None:
    url = "postgresql+psycopg://parvis:hunter2@db/parvis"
    config = check(
        f'[database]\nurl = "{url}"\n[server]\nmetrics_token = "hunter2"\n'
        f'{POST}token = "hunter2"\n[[plugins.post.gateways]]\nhost = "a"\npassword = "hunter2"',
        {"post": PostSettings},
    )
    assert config.database.url == url
    assert "hunter2" not in repr(config)
    assert "hunter2" not in repr(read(tmp_path / "parvis.toml"))
    for line in ('pin = "hunter2"', 'word = "hunter2"', 'code = "hunter2"', "word = 'hunter2"):
        with pytest.raises(ConfigError) as caught:
            check(f"[plugins.stamps]\n{line}", {"stamps": LeakySettings})
        shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert "hunter2" not in shown
        assert "parvis.toml" in shown


def test_a_fault_in_the_environment_names_the_variable(said: Callable[..., list[str]]) -> None:
    assert said("[database]\npool_size = 2", environ={"PARVIS_DATABASE_URL": "mysql://root@x"}) == [
        "parvis.toml:1: database.url: must begin with sqlite:// or postgresql+psycopg://"
        " (from the environment variable PARVIS_DATABASE_URL)"
    ]


def test_the_example_file_is_what_the_declarations_say() -> None:
    written = (ROOT / "config.example.toml").read_text("utf-8")
    assert written == example_toml({}), "run: python -m parvis.config > config.example.toml"


def test_the_example_shows_defaults_and_only_defaults(check: Check) -> None:
    text = example_toml({"stamps": StampSettings})
    shown = "\n".join(
        line[1:] if line[:1] == "#" and line[1:2].isalpha() else line for line in text.split("\n")
    )
    assert shown != text
    assert check(shown) == check(text) == check("")


def test_the_example_shows_each_key_with_comment_type_and_default() -> None:
    assert (
        example_toml({"post": PostSettings, "stamps": StampSettings}).partition("#enabled = []\n")[2]
        == """
# Letters to everyone.
[plugins.post]
# Token of the post office. (text; secret: PARVIS_PLUGINS_POST_TOKEN; required)
token = "abc"

# Where letters are kept. (path)
#folder = ""

# Where more letters are kept. (list of path)
#folders = []

# Letters a person may send. (table of whole number)
#limits = {day = 3}

# Machines that mails leave by.
#[[plugins.post.gateways]]
# Its name. (text; required)
#host = "mail.example.com"

# Its port. (whole number from 1)
#port = 25

# Its password. (text; secret: PARVIS_PLUGINS_POST_GATEWAYS_PASSWORD)
#password = ""

# The machine of last resort.
#[plugins.post.spare]
# Its name. (text; required)
#host = "mail.example.com"

# Its port. (whole number from 1)
#port = 25

# Its password. (text; secret: PARVIS_PLUGINS_POST_SPARE_PASSWORD)
#password = ""

# Stamps on letters.
[plugins.stamps]
# Price of one. (number above 0 below 100)
#price = 1.5
"""
    )


def garbled(chance: random.Random, source: str) -> str:
    """Cut some lines out of a text and disturb them."""
    lines = source.splitlines()
    start = chance.randrange(len(lines))
    text = "\n".join(lines[start : start + chance.randrange(12)])
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice("'\"[]{}=.,#\n\\ ab1\0é") + text[at + chance.randrange(3) :]
    return text


def test_garbled_files_raise_nothing_but_config_errors(tmp_path: Path) -> None:
    chance = random.Random(20261)
    source = LAYOUTS + example_toml({"post": PostSettings}).replace("\n#", "\n")
    file = tmp_path / "garbled.toml"
    for _ in range(600):
        raw = garbled(chance, source).encode()
        file.write_bytes(raw if chance.random() < 0.9 else raw[: chance.randrange(len(raw) + 1)] + b"\xe9\n")
        with pytest.raises(ConfigError):
            validate(read(file), {"post": PostSettings}, available=[], environ={})


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


def test_every_key_of_any_valid_file_is_found_and_no_other(tmp_path: Path) -> None:
    chance = random.Random(20262)
    file = tmp_path / "varied.toml"
    parsed = 0
    for _ in range(1500):
        file.write_text(garbled(chance, LAYOUTS), "utf-8")
        with contextlib.suppress(ConfigError):
            document = read(file)
            parsed += 1
            parents = {path[:end] for path in document.lines for end in range(len(path))} | {()}
            assert set(document.lines) - parents == set(places(document.data)) - parents
    assert parsed > 100


class Switches(Settings):
    """What is on or off."""

    lights: bool = setting(False, help="Whether the lights are on.")


@pytest.mark.parametrize("value", ['"yes"', '"true"', "1", "0"])
def test_true_and_false_have_words_of_their_own(check: Check, value: str) -> None:
    text = f'[plugins]\nenabled = ["switches"]\n[plugins.switches]\nlights = {value}\n'
    with pytest.raises(ConfigError) as refused:
        check(text, {"switches": Switches})
    assert "plugins.switches.lights: must be true or false" in str(refused.value)
