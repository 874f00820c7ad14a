"""Signing in and out, the first visit, and the account page."""

import structlog
from flask import Blueprint, Response, g, make_response, request, url_for
from flask_babel import refresh

from parvis.cleaning import clean
from parvis.contribution import AccountSection
from parvis.db import db
from parvis.errors import DomainError, NotFound
from parvis.i18n import LANGUAGE_COOKIE
from parvis.i18n import gettext as _
from parvis.identity import joining, session
from parvis.identity.authentication import sign_in
from parvis.identity.form import PreferencesForm, SignInForm
from parvis.identity.throttle import DEVICE_COOKIE, Throttle
from parvis.runtime import hooks, runtime
from parvis.web.access import public
from parvis.web.navigation import render_contribution
from parvis.web.page import done, own_path, page, redirected

log = structlog.get_logger("parvis.security")
bp = Blueprint("identity", __name__)
YEAR = 365 * 24 * 3600
TYPED = "username"


@bp.get("/login")
@public
def login() -> Response:
    """Show the sign-in page."""
    target = own_path(request.args.get("next"), "")
    if g.member:
        return redirected(target or url_for("home.index"))
    return _login_page(SignInForm(username=session.browser_session().pop(TYPED, "")), target)


@bp.post("/login")
@public
def login_post() -> Response:
    """Sign in with a name and a password."""
    form, target = SignInForm(), own_path(request.form.get("next"), "")
    if not form.validate():
        return _login_page(form, target, status=422)
    username, password = form.username.data or "", form.password.data or ""
    throttle = Throttle(
        runtime().config, username=username, address=_address(), mark=request.cookies.get(DEVICE_COOKIE)
    )
    try:
        throttle.check()
        db.session.commit()  # nobody should wait for the database while the directory takes its time
        member = sign_in(username=username, password=password)
    except DomainError as refusal:
        return _refused(form, target, throttle, refusal)
    throttle.accepted()
    session.begin(session.browser_session(), member, address=_address(), browser=request.user_agent.string)
    joining.join_if_ready(member)
    response = redirected(
        joining.next_join_url(member, after=target)
        if not member.steps_done
        else target or url_for("home.index")
    )
    secure = runtime().config.site.secure
    response.set_cookie(
        DEVICE_COOKIE, throttle.new_mark(), max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _refused(form: SignInForm, target: str, throttle: Throttle, refusal: DomainError) -> Response:
    db.session.rollback()
    log.info("sign_in_refused", username=form.username.data, status=refusal.status, address=_address())
    if refusal.status == 401 and not g.get("directory_unavailable"):
        throttle.refused()
    return _login_page(form, target, problem=refusal.message, status=refusal.status)


def _login_page(form: SignInForm, target: str, *, problem: str = "", status: int = 200) -> Response:
    return page("identity/login.html", form=form, next=target, problem=problem, status=status)


@bp.post("/logout")
@public
def logout() -> Response:
    """Sign this browser out, and have it forget the pages it kept."""
    session.end(session.browser_session())
    response = redirected(url_for("identity.login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.post("/language")
@public
def choose_language() -> Response:
    """Choose the language of this browser, and of the account when signed in."""
    choice, target = request.form.get("language", ""), own_path(request.form.get("next"), "")
    if g.member is None:  # the sign-in page comes back with what was typed there
        session.browser_session()[TYPED] = clean(request.form.get("username", ""))[:256]
        target = url_for("identity.login", next=target or None)
    response = redirected(target or url_for("home.index"))
    if choice in runtime().config.site.languages:
        if g.member:
            g.member.language = choice
        response.set_cookie(
            LANGUAGE_COOKIE, choice, max_age=YEAR, samesite="Lax", secure=runtime().config.site.secure
        )
    return response


@bp.get("/join")
def join() -> Response:
    """Go to the next step of the first visit."""
    return redirected(joining.next_join_url(g.member))


@bp.route("/join/preferences", methods=["GET", "POST"])
def join_preferences() -> Response:
    """Ask for language and time zone: the first step."""
    form = PreferencesForm(obj=g.member)
    if request.method == "GET":
        return page("identity/join_preferences.html", form=form, steps=joining.steps(g.member))
    if "skip" not in request.form:
        if not form.validate():
            return page(
                "identity/join_preferences.html", form=form, steps=joining.steps(g.member), status=422
            )
        g.member.language, g.member.timezone = form.language.data, form.timezone.data
        g.member.theme_choice = form.theme_choice.data
    joining.finish_step(g.member, "core:preferences")
    return redirected(joining.next_join_url(g.member))


@bp.get("/account")
def account() -> Response:
    """Show the account: sections that core and plugins contribute."""
    sections = [
        (owned.value, render_contribution(owned.owner, owned.value.template, dict(owned.value.context)))
        for owned in hooks().collect("account_sections", AccountSection, member=g.member)
    ]
    return page("identity/account.html", sections=sections)


@bp.post("/account/preferences")
def save_preferences() -> Response:
    """Keep language, time zone, light or dark, shortcuts."""
    form = PreferencesForm()
    if not form.validate():
        return make_response(page("identity/preferences_page.html", form=form), 422)
    form.populate_obj(g.member)
    refresh()  # what follows is said in the language just chosen
    return done(_("Saved."), url_for("identity.account"))


@bp.post("/account/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Response:
    """End one of one's own sessions."""
    row = session.browser_session().row
    if row is not None and row.id == session_id:
        return logout()
    if not session.end_sessions(member_id=g.member.id, only=session_id):
        raise NotFound(_("That session has already ended."))
    return done(_("Signed out there."), url_for("identity.account"))


@bp.post("/account/sessions/end")
def end_other_sessions() -> Response:
    """End all of one's own sessions but this one."""
    row = session.browser_session().row
    session.end_sessions(member_id=g.member.id, but=row.id if row else None)
    return done(_("Signed out everywhere else."), url_for("identity.account"))


def _address() -> str:
    return request.remote_addr or ""
