"""The reference page: the least that a page of people can cost under the same server.

A signed session cookie, one indexed query of twenty rows by the bare driver, one Jinja page of 8.6 KB with a
base layout. Every figure of `make bench` is told beside this page's, measured in the same run, since machines
differ and are busy with other things. `/orm` is the same page as small Flask apps are commonly written, its
rows entities of Flask-SQLAlchemy: it tells how bare the reference is, and nothing is compared with it.
"""

import os
import sqlite3
import threading
from typing import Any

import psycopg
from flask import Flask, render_template, session
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from psycopg.rows import dict_row
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

QUERY = (
    "SELECT id, handle, display_name, title FROM person"
    " WHERE present {} AND sort_name > {} ORDER BY sort_name LIMIT 20"
)
FILLER = "".join(
    f'<li><a href="/places/{i}" class="nav-link nav-link--side">Place number {i}</a></li>' for i in range(40)
)
LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='site.css') }}"></head><body>
<header><a href="{{ url_for('index') }}">Reference</a> {{ name }}</header><nav><ul>FILLER</ul></nav>
<main>{% block main %}{% endblock %}</main><footer>Reference</footer></body></html>""".replace(
    "FILLER", FILLER
)
PAGE = """{% extends "layout.html" %}{% block title %}People{% endblock %}{% block main %}<h1>People</h1><ul>
{% for person in people %}<li class="person" id="person-{{ person.id }}">
<a class="person__name" href="/people/{{ person.handle }}"><b>{{ person.display_name }}</b></a>
<span class="person__line">{{ person.title or "" }}</span></li>{% endfor %}</ul>{% endblock %}"""

app = Flask("reference", static_folder=None)
app.secret_key = "the reference page's, which guards nothing"
app.add_url_rule("/static/<path:filename>", "static", lambda filename: filename)
app.jinja_loader = DictLoader({"layout.html": LAYOUT, "page.html": PAGE})
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BENCH_DATABASE"]
local = threading.local()


class Base(DeclarativeBase):
    """The base of the one model."""


class Person(Base):
    """What the page shows of a person."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str]
    display_name: Mapped[str]
    title: Mapped[str | None]
    sort_name: Mapped[str]
    present: Mapped[bool]


db = SQLAlchemy(app, model_class=Base)


def people() -> list[Any]:
    """Run the one query, on this thread's own connection."""
    if not hasattr(local, "ask"):
        local.ask = _connect(os.environ["BENCH_DATABASE"])
    return local.ask()


def _connect(url: str) -> Any:
    if url.startswith("sqlite"):
        file = sqlite3.connect(str(make_url(url).database))
        file.row_factory = sqlite3.Row
        return lambda: file.execute(QUERY.format("= 1", "?"), ("m",)).fetchall()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    server = psycopg.connect(plain, autocommit=True, row_factory=dict_row)
    return lambda: server.execute(QUERY.format("", "%s"), ("m",)).fetchall()


@app.get("/")
def index() -> str:
    """Answer the page, and know the browser again."""
    session.setdefault("name", "Ada Lovelace")
    return render_template("page.html", people=people(), name=session["name"])


@app.get("/orm")
def orm() -> str:
    """Answer the same page, its people read as entities."""
    session.setdefault("name", "Ada Lovelace")
    found = select(Person).where(Person.present, Person.sort_name > "m").order_by(Person.sort_name).limit(20)
    return render_template("page.html", people=db.session.scalars(found).all(), name=session["name"])
