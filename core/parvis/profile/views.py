"""Pages of people: the directory, one person, their line, and the profile they write of themselves."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, g, request, url_for

from parvis.cleaning import clean
from parvis.contribution import ProfileSection
from parvis.db import db
from parvis.directory.models import Person
from parvis.errors import DomainError
from parvis.i18n import format_date, get_locale
from parvis.i18n import gettext as _
from parvis.identity import joining
from parvis.profile import people as directory
from parvis.profile.change import ChangedMeanwhile, change_profile, introduce
from parvis.profile.form import IntroductionForm, ProfileForm
from parvis.profile.photo import add_photo
from parvis.profile.photo_views import prepared_upload, register
from parvis.profile.profile import get_profile_for, photos_of, read_said
from parvis.runtime import hooks
from parvis.web.navigation import render_contribution
from parvis.web.page import beside, done, page, redirected

bp = Blueprint("profile", __name__)
register(bp)

LARGEST_ID = 2**63 - 1
FIRST_REPORTS = 6


@bp.get("/people")
def people() -> Response:
    """List people; as suggestions, as the next part of the list, or as the whole page."""
    q, after = clean(request.args.get("q", ""))[: directory.MOST_CHARACTERS], _number("after")
    if "suggest" in request.args and "HX-Request" in request.headers:
        return page("profile/suggestions.html", q=q, suggested=directory.suggest_people(q))
    wanted = directory.Filter(
        q, _number("site"), _number("department"), clean(request.args.get("initial", ""))[:1]
    )
    found = directory.list_people(wanted, after=after)
    units = directory.units() if after is None else {"site": (), "department": ()}
    chosen = {
        kind: next((unit.id for unit in some if unit.id == getattr(wanted, kind)), None)
        for kind, some in units.items()
    }
    return page(
        "profile/people.html", fragment="items" if after else "results",
        found=found, wanted=wanted, units=units, chosen=chosen, address=_list_address,
    )  # fmt: skip


def _list_address(wanted: directory.Filter, **changed: Any) -> str:
    values = {
        "q": wanted.q,
        "site": wanted.site,
        "department": wanted.department,
        "initial": wanted.initial,
        **changed,
    }
    return url_for("profile.people", **{name: value for name, value in values.items() if value})


@bp.get("/people/<handle>")
def show(handle: str) -> Response:
    """Show a person: the directory's words beside their own."""
    profile = get_profile_for(g.member, handle)
    reports = directory.first_reports(profile.person, limit=FIRST_REPORTS) if profile.reports else []
    sections = [
        (
            owned.value,
            render_contribution(
                owned.owner, owned.value.template, _section_context(owned.value, profile.person)
            ),
        )
        for owned in hooks().collect(
            "profile_sections", ProfileSection, person=profile.person, viewer=g.member
        )
    ]
    return page(
        "profile/show.html",
        profile=profile,
        person=profile.person,
        sections=sections,
        reports=reports,
        reports_count=profile.reports,
        moment=moment_text,
    )


def _section_context(section: ProfileSection, person: Person) -> dict[str, Any]:
    return {**section.context, "person": person, "viewer": g.member}


@bp.get("/people/<handle>/team")
def reports(handle: str) -> Response:
    """Show the line from the top to a person, and who reports to them."""
    person, after = directory.get_person_for(g.member, handle), _number("after")
    above = directory.line_above(person) if after is None else []
    found = directory.list_reports(person, after=after)
    count = directory.count_reports(person) if after is None else 0
    return page(
        "profile/team.html",
        fragment="items" if after else None,
        person=person,
        above=above,
        found=found,
        count=count,
    )


@bp.route("/profile/edit", methods=["GET", "POST"])
def edit() -> Response:
    """Change what one says of oneself."""
    if request.method == "GET":
        said = read_said(g.member.id)
        return _edit_page(ProfileForm.of(said), hidden=said.hidden)
    form = ProfileForm()
    said = form.said(request.form)
    if form.change_rows(request.form):
        return _edit_page(form, hidden=said.hidden, unsaved=True)
    try:
        change_profile(actor=g.member, said=said)
    except DomainError as refusal:
        db.session.rollback()
        if isinstance(refusal, ChangedMeanwhile):
            form.version.data = str(read_said(g.member.id).version)
        return _edit_page(beside(form, refusal), hidden=said.hidden, refusal=refusal, status=refusal.status)
    return done(_("Your profile is saved."), url_for("profile.show", handle=g.member.person.handle))


def _edit_page(form: ProfileForm, **context: Any) -> Response:
    return page(
        "profile/edit.html",
        form=form,
        photos=photos_of(g.member.id),
        **{"unsaved": False, "refusal": None, **context},
    )


@bp.route("/join/introduction", methods=["GET", "POST"])
def join_introduction() -> Response:
    """Ask for a first photo and two lines: a step of the first visit."""
    form = IntroductionForm()
    if request.method == "GET":
        said = read_said(g.member.id)
        form.headline.data, form.about.data = said.headline, said.about
        return _introduction_page(form)
    if "skip" not in request.form:
        try:
            _introduce(form)
        except DomainError as refusal:
            db.session.rollback()
            return _introduction_page(beside(form, refusal), status=refusal.status)
    joining.finish_step(g.member, "core:introduction")
    return redirected(joining.next_join_url(g.member))


def _introduce(form: IntroductionForm) -> None:
    prepared = prepared_upload(form.photo)
    introduce(actor=g.member, headline=form.headline.data or "", about=form.about.data or "")
    if prepared is not None:
        add_photo(actor=g.member, prepared=prepared)


def _introduction_page(form: IntroductionForm, status: int = 200) -> Response:
    return page("profile/join_introduction.html", form=form, steps=joining.steps(g.member), status=status)


def moment_text(moment: str | None) -> str:
    """Write a year or a month (`2011`, `2011-09`) as the reader's language does; none is today."""
    if moment is None:
        return _("today")
    return _month(moment, str(get_locale())) if "-" in moment else moment


@lru_cache(maxsize=2048)
def _month(moment: str, _locale: str) -> str:
    """Write a month once for all who read it in one language: it costs as much as a period."""
    year, _dash, month = moment.partition("-")
    return str(format_date(date(int(year), int(month), 1), "MMMM y"))


def _number(name: str) -> int | None:
    """Read a number out of the address; one that is none, or is too large, is as if it were not there."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 < number <= LARGEST_ID else None
