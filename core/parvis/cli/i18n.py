"""`parvis i18n`: catalogues, for who writes pages in core or a plugin."""

from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from parvis.cli.context import Trouble

METHODS = [
    ("**/templates/develop/**.html", "ignore"),  # samples for who writes pages: nobody else sees them
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2.ext:babel_extract"),
]
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
"""A template that cannot be parsed is an error, not a page without messages."""
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


@click.group()
def i18n() -> None:
    """Extract, update and compile the messages of a package. That is a folder with `translations/`."""


PACKAGE = click.argument("package", type=click.Path(exists=True, file_okay=False, path_type=Path))


@i18n.command()
@PACKAGE
@click.option("--language", "languages", multiple=True, default=("fr",), show_default=True)
def update(package: Path, languages: tuple[str, ...]) -> None:
    """Bring the catalogues of PACKAGE up to date with its sources."""
    template = extracted(package)
    for language in languages:
        path = package / "translations" / language / "LC_MESSAGES" / "messages.po"
        catalog = read_catalog(path) if path.exists() else Catalog(locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        write_catalog(path, catalog)
        missing = [message.id for message in catalog if message.id and not translated(message.string)]
        click.echo(f"{path}: {len(catalog)} messages, {len(missing)} without translation")


@i18n.command("compile")
@PACKAGE
def compile_catalogues(package: Path) -> None:
    """Compile the catalogues of PACKAGE, as the program reads them."""
    paths = sorted(package.glob("translations/*/LC_MESSAGES/*.po"))
    if not paths:
        raise Trouble(f"{package} has no translations/<language>/LC_MESSAGES/*.po")
    for path in paths:
        compile_catalogue(path)


def compile_catalogue(path: Path) -> None:
    """Write the `.mo` of one `.po`, beside it."""
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, read_catalog(path))


def extracted(package: Path) -> Catalog:
    """Return every message of a package's Python files and templates."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        package, METHODS, OPTIONS, KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    )
    for filename, line, message, comments, context in found:
        catalog.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalog


def read_catalog(path: Path) -> Catalog:
    """Read one `.po` file."""
    with path.open("rb") as file:
        return read_po(file)


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Write one `.po` file, the same on every machine and day: no dates, names or places in the sources."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=catalog.locale_identifier, plurals=catalog.plural_forms).encode())
        write_po(
            file,
            catalog,
            width=110,
            omit_header=True,
            sort_output=True,
            no_location=True,
            ignore_obsolete=True,
        )


def translated(string: str | list[str] | tuple[str, ...] | None) -> bool:
    """Tell whether a message has all its forms."""
    return bool(string) if string is None or isinstance(string, str) else all(string)
