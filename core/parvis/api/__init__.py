"""The public surface for plugins: whatever is not here may change without notice."""

from parvis.cleaning import clean
from parvis.contribution import (
    AccountSection,
    Identity,
    Job,
    JoinStep,
    NavItem,
    ProfileSection,
    SlotContent,
    Upload,
)
from parvis.db import Model, UTCDateTime, db, utcnow
from parvis.directory.models import Person, Unit
from parvis.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany, Veto
from parvis.events import Event, EventRecord, record
from parvis.hookspecs import hookimpl, hookspec
from parvis.i18n import gettext, lazy_gettext, ngettext
from parvis.identity.joining import finish_step, next_join_url
from parvis.identity.models import Member
from parvis.jobs import enqueue
from parvis.markdown import render as render_markdown
from parvis.permissions import Permission, Role, may
from parvis.plugin import NoSettings, Plugin
from parvis.runtime import active, hooks
from parvis.settings import Settings, setting
from parvis.web.access import needs, public
from parvis.web.navigation import render_contribution
from parvis.web.page import done, own_path, page, redirected

__all__ = [
    "AccountSection",
    "DomainError",
    "Event",
    "EventRecord",
    "Identity",
    "Invalid",
    "Job",
    "JoinStep",
    "Member",
    "Model",
    "NavItem",
    "NoSettings",
    "NotAllowed",
    "NotFound",
    "Permission",
    "Person",
    "Plugin",
    "ProfileSection",
    "Role",
    "Settings",
    "SlotContent",
    "TooMany",
    "UTCDateTime",
    "Unit",
    "Upload",
    "Veto",
    "active",
    "clean",
    "db",
    "done",
    "enqueue",
    "finish_step",
    "gettext",
    "hookimpl",
    "hooks",
    "hookspec",
    "lazy_gettext",
    "may",
    "needs",
    "next_join_url",
    "ngettext",
    "own_path",
    "page",
    "public",
    "record",
    "redirected",
    "render_contribution",
    "render_markdown",
    "setting",
    "utcnow",
]
