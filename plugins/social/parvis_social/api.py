"""The public surface for plugins that require social: whatever is not here may change without notice."""

from .content.bookmark import bookmark, unbookmark
from .content.card import FACE, Card, Cards, Face, PlaceLabel, card_of, file_url
from .content.care import close_comments, hide, lock, mark_answer, open_comments, pin, unhide, unlock
from .content.comment import comment
from .content.contributed import OpenContribution, open_contributions
from .content.delete import give_back, let_go, withhold
from .content.edit import ChangedMeanwhile, revise
from .content.file import (
    file_facts,
    get_file_for,
    get_held_file,
    hold_file,
    keep_file,
    prepare_file,
    read_file,
    release_files,
)
from .content.form import CommentForm, PostForm
from .content.gallery import FileRow, files_of_place
from .content.models import Content, File, Tag, Waiting
from .content.post import post
from .content.publish import publish
from .content.quote import begun_comment
from .content.reaction import react
from .content.read import Reading, get_content_for
from .content.tag import get_tag_for, suggest_tags
from .content.tagged import TaggedContent, tagged_contents
from .content.text import Rendered, tag_key
from .content.text import render as render_text
from .content.thread import Comments, list_comments
from .content.waiting import get_waiting, get_waiting_file, let_in, turn_away
from .contribution import (
    Action,
    Caretakers,
    ContentType,
    Matter,
    NotificationKind,
    PlaceKind,
    Publication,
    Reportable,
    Reported,
    SecondLook,
    Waits,
)
from .feed.stream import activity_of, place_page, place_stream
from .hookspecs import SocialHooks
from .matter import Matters, cares_for_site, list_matters, site_caretakers
from .notification.forget import take_back, take_back_about
from .notification.notify import notify
from .notification.view import NotificationView
from .place.access import (
    get_place_by_id,
    get_place_for,
    is_member,
    manages,
    may_comment,
    may_post,
    may_read,
    readable,
    readable_places,
    role_in,
    visible_places,
)
from .place.change import archive, change_access, move_contents, withhold_place
from .place.follow import FollowedPlace, follow_of, follow_place, unfollow_place
from .place.membership import (
    add_member,
    admit,
    end_visit,
    let_visit,
    lock_place,
    remove_member,
    set_role,
)
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
    name_for_reader,
)
from .place.reader import my_places, postable_places
from .place.wall import wall_of
from .registry import content_types, notification_kinds, place_kinds, reportables
from .statement import VIEWER

__all__ = [
    "EVERYONE",
    "FACE",
    "VIEWER",
    "Access",
    "Action",
    "Card",
    "Cards",
    "Caretakers",
    "ChangedMeanwhile",
    "CommentForm",
    "Comments",
    "Content",
    "ContentType",
    "Face",
    "File",
    "FileRow",
    "FollowedPlace",
    "Level",
    "Matter",
    "Matters",
    "Membership",
    "NotificationKind",
    "NotificationView",
    "OpenContribution",
    "PersonFollow",
    "Place",
    "PlaceFollow",
    "PlaceKind",
    "PlaceLabel",
    "PostForm",
    "Posting",
    "Publication",
    "Reading",
    "Rendered",
    "Reportable",
    "Reported",
    "Role",
    "SecondLook",
    "SocialHooks",
    "Tag",
    "TaggedContent",
    "Waiting",
    "Waits",
    "activity_of",
    "add_member",
    "admit",
    "archive",
    "begun_comment",
    "bookmark",
    "card_of",
    "cares_for_site",
    "change_access",
    "close_comments",
    "comment",
    "content_types",
    "end_visit",
    "file_facts",
    "file_url",
    "files_of_place",
    "follow_of",
    "follow_place",
    "get_content_for",
    "get_file_for",
    "get_held_file",
    "get_place_by_id",
    "get_place_for",
    "get_tag_for",
    "get_waiting",
    "get_waiting_file",
    "give_back",
    "hide",
    "hold_file",
    "keep_file",
    "let_go",
    "is_member",
    "let_in",
    "let_visit",
    "list_comments",
    "list_matters",
    "lock",
    "lock_place",
    "manages",
    "mark_answer",
    "may_comment",
    "may_post",
    "may_read",
    "move_contents",
    "my_places",
    "name_for_reader",
    "notification_kinds",
    "notify",
    "open_comments",
    "open_contributions",
    "pin",
    "place_kinds",
    "place_page",
    "place_stream",
    "post",
    "postable_places",
    "prepare_file",
    "publish",
    "react",
    "read_file",
    "readable",
    "readable_places",
    "release_files",
    "remove_member",
    "render_text",
    "reportables",
    "revise",
    "role_in",
    "set_role",
    "site_caretakers",
    "suggest_tags",
    "tag_key",
    "tagged_contents",
    "turn_away",
    "take_back",
    "take_back_about",
    "unbookmark",
    "unfollow_place",
    "unhide",
    "unlock",
    "visible_places",
    "wall_of",
    "withhold",
    "withhold_place",
]
