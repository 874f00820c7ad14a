"""The public surface for plugins that require social: whatever is not here may change without notice."""

from .content.bookmark import bookmark, unbookmark
from .content.card import FACE, Card, Cards, Face, PlaceLabel
from .content.care import lock, mark_answer, pin
from .content.comment import comment
from .content.file import keep_file, prepare_file
from .content.form import PostForm
from .content.gallery import FileRow, files_of_place
from .content.models import Content, Tag
from .content.post import post
from .content.publish import publish
from .content.reaction import react
from .content.read import Reading, get_content_for
from .content.tag import get_tag_for, suggest_tags
from .content.text import Rendered, tag_key
from .content.text import render as render_text
from .contribution import ContentType, NotificationKind, PlaceKind
from .feed.stream import activity_of, place_page, place_stream
from .hookspecs import SocialHooks
from .notification.forget import take_back
from .notification.notify import notify
from .notification.view import NotificationView
from .place.access import (
    get_place_by_id,
    get_place_for,
    manages,
    may_comment,
    may_post,
    may_read,
    readable,
    readable_places,
    role_in,
    visible_places,
)
from .place.change import archive, change_access, move_contents
from .place.follow import FollowedPlace, follow_of, my_places
from .place.membership import add_member, lock_place, remove_member, set_role
from .place.models import (
    EVERYONE,
    Access,
    Level,
    Membership,
    PersonFollow,
    Place,
    PlaceFollow,
    Posting,
    Role,
)
from .place.wall import wall_of
from .registry import content_types, notification_kinds, place_kinds
from .statement import VIEWER, add_missing, add_once, prepared

__all__ = [
    "EVERYONE",
    "FACE",
    "VIEWER",
    "Access",
    "Card",
    "Cards",
    "Content",
    "ContentType",
    "Face",
    "FileRow",
    "FollowedPlace",
    "Level",
    "Membership",
    "NotificationKind",
    "NotificationView",
    "PersonFollow",
    "Place",
    "PlaceFollow",
    "PlaceKind",
    "PlaceLabel",
    "PostForm",
    "Posting",
    "Reading",
    "Rendered",
    "Role",
    "SocialHooks",
    "Tag",
    "activity_of",
    "add_member",
    "add_missing",
    "add_once",
    "archive",
    "bookmark",
    "change_access",
    "comment",
    "content_types",
    "files_of_place",
    "follow_of",
    "get_content_for",
    "get_place_by_id",
    "get_place_for",
    "get_tag_for",
    "keep_file",
    "lock",
    "lock_place",
    "manages",
    "mark_answer",
    "may_comment",
    "may_post",
    "may_read",
    "move_contents",
    "my_places",
    "notification_kinds",
    "notify",
    "pin",
    "place_kinds",
    "place_page",
    "place_stream",
    "post",
    "prepare_file",
    "prepared",
    "publish",
    "react",
    "readable",
    "readable_places",
    "remove_member",
    "render_text",
    "role_in",
    "set_role",
    "suggest_tags",
    "tag_key",
    "take_back",
    "unbookmark",
    "visible_places",
    "wall_of",
]
