"""Its pages."""

from flask import Blueprint, Response, g, request
from parvis.api import Permission, Role, db, finish_step, needs, next_join_url, page, public, redirected

from .models import Note

bp = Blueprint(
    "sample", __name__, template_folder="templates", static_folder="static", static_url_path="/sample/static"
)


class SamplePermission(Permission):
    """What it asks for."""

    READ = "sample:note:read"
    CLEAN = "sample:note:clean", Role.ADMINISTRATOR


@bp.get("/sample")
@needs(SamplePermission.READ)
def notes() -> Response:
    """Show all notes."""
    return page("sample/notes.html", fragment="list", notes=db.session.scalars(db.select(Note)).all())


@bp.post("/sample")
@needs(SamplePermission.READ)
def add() -> Response:
    """Add a note."""
    db.session.add(Note(person_id=g.member.id, text="added"))
    return redirected("/sample")


@bp.get("/sample/clean")
@needs(SamplePermission.CLEAN)
def clean() -> Response:
    """For administrators."""
    return page("sample/notes.html", notes=[])


@bp.get("/sample/write-on-read")
@public
def write_on_read() -> Response:
    """Do what no GET may."""
    db.session.add(Note(text="never"))
    return redirected("/sample")


@bp.post("/sample/fail")
def fail() -> Response:
    """Write, then fail."""
    db.session.add(Note(text="never"))
    db.session.flush()
    raise RuntimeError("after the write")


@bp.route("/sample/promise", methods=["GET", "POST"])
def promise() -> Response:
    """The join step."""
    if request.method == "POST":
        finish_step(g.member, "sample:promise")
        return redirected(next_join_url(g.member))
    return page("sample/promise.html")
