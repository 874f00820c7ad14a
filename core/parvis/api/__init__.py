"""The public surface for plugins: whatever is not here may change without notice."""

from parvis.cleaning import clean
from parvis.contribution import (
    AccountSection,
    Identity,
    Job,
    JoinStep,
    NavItem,
    PersonalData,
    ProfileSection,
    SearchDocument,
    SearchHit,
    SearchSource,
    SearchWords,
    SlotContent,
    Upload,
)
from parvis.db import BigId, Model, UTCDateTime, db, utcnow, writing
from parvis.directory.group import people_in_group
from parvis.directory.models import Person, PersonName, Unit, folded
from parvis.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany, Veto
from parvis.events import Event, EventRecord, account_of, record
from parvis.face import face_url
from parvis.hookspecs import hookimpl, hookspec
from parvis.i18n import get_locale, get_timezone, gettext, lazy_gettext, ngettext
from parvis.identity.joining import finish_step, next_join_url
from parvis.identity.models import Member
from parvis.image import CONTENT_TYPE as PICTURE_TYPE
from parvis.image import EXTENSION as PICTURE_EXTENSION
from parvis.image import Processed, Variant
from parvis.image import process as process_picture
from parvis.jobs import enqueue
from parvis.markdown import RENDERER_VERSION
from parvis.markdown import render as render_markdown
from parvis.media import new_key, variant_key
from parvis.permissions import Permission, Role, may
from parvis.personal_data.erasure import Erasure
from parvis.personal_data.export import rows
from parvis.plugin import NoSettings, Plugin
from parvis.profile.change import change_profile
from parvis.profile.models import Interest, Photo
from parvis.profile.people import get_person_for, suggest_people
from parvis.profile.photo import add_photo, get_photo_for, move_photo, prepare_photo, remove_photo
from parvis.profile.profile import read_profile, read_said
from parvis.row import add_missing, add_once, insert_row, lock_row, next_key, update_row
from parvis.runtime import active, hooks, media
from parvis.search.analysis import plain_text
from parvis.search.finder import find as search_for
from parvis.settings import Settings, setting
from parvis.statement import among, columns_of, entities, one_of, prepared, read_rows, unseen, write_rows
from parvis.text import fold, tokens
from parvis.web.access import needs, public
from parvis.web.navigation import render_contribution
from parvis.web.page import beside, done, is_fragment, own_path, page, redirected

__all__ = [
    "PICTURE_EXTENSION",
    "PICTURE_TYPE",
    "RENDERER_VERSION",
    "AccountSection",
    "BigId",
    "DomainError",
    "Erasure",
    "Event",
    "EventRecord",
    "Identity",
    "Interest",
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
    "PersonName",
    "PersonalData",
    "Photo",
    "Plugin",
    "Processed",
    "ProfileSection",
    "Role",
    "SearchDocument",
    "SearchHit",
    "SearchSource",
    "SearchWords",
    "Settings",
    "SlotContent",
    "TooMany",
    "UTCDateTime",
    "Unit",
    "Upload",
    "Variant",
    "Veto",
    "account_of",
    "active",
    "add_missing",
    "add_once",
    "add_photo",
    "among",
    "beside",
    "change_profile",
    "clean",
    "columns_of",
    "db",
    "done",
    "enqueue",
    "entities",
    "face_url",
    "finish_step",
    "fold",
    "folded",
    "get_locale",
    "get_person_for",
    "get_photo_for",
    "get_timezone",
    "gettext",
    "hookimpl",
    "hooks",
    "hookspec",
    "insert_row",
    "is_fragment",
    "lazy_gettext",
    "lock_row",
    "may",
    "media",
    "move_photo",
    "needs",
    "new_key",
    "next_join_url",
    "next_key",
    "ngettext",
    "one_of",
    "own_path",
    "page",
    "people_in_group",
    "plain_text",
    "prepare_photo",
    "prepared",
    "process_picture",
    "public",
    "read_profile",
    "read_rows",
    "read_said",
    "record",
    "redirected",
    "remove_photo",
    "render_contribution",
    "render_markdown",
    "rows",
    "search_for",
    "setting",
    "suggest_people",
    "tokens",
    "unseen",
    "update_row",
    "utcnow",
    "variant_key",
    "write_rows",
    "writing",
]
