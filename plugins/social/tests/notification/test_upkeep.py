"""At night: old notifications are forgotten, and the number at each bell is what its list shows."""

from datetime import timedelta

import pytest
from parvis.api import db, utcnow
from parvis_social.content.post import post
from parvis_social.notification.list import list_notifications, read, read_all
from parvis_social.notification.models import Notification
from parvis_social.notification.upkeep import forget_old, keep_in_order, recount
from parvis_social.place.models import Place, Visitor
from parvis_social.place.reader import visitor_of
from parvis_social.place.visitor import blank_row
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin), pytest.mark.both_databases]


def ids():
    return db.session.scalars(db.select(Notification.id).order_by(Notification.id)).all()


@pytest.fixture
def tell(member):
    """Tell `member` something some days ago; return its id."""

    def told(days, *, kind="social:mentioned", place=None):
        row = Notification(
            person_id=member.id, kind=kind, created_at=utcnow() - timedelta(days=days), place_id=place
        )
        db.session.add(row)
        db.session.commit()
        return row.id

    return told


def test_what_is_older_than_a_year_is_forgotten_and_counts_no_longer(tell, member):
    tell(400)
    tell(366)
    kept = [tell(364), tell(0)]
    db.session.add(Visitor(**{**blank_row(member.id), "unread": 4}))
    db.session.commit()
    keep_in_order()
    assert (ids(), visitor_of(member).unread) == (kept, 2)
    keep_in_order()
    assert (ids(), visitor_of(member).unread) == (kept, 2)


def test_all_may_be_old_and_there_may_be_none(tell, member):
    forget_old()
    tell(400)
    forget_old()
    assert ids() == []


def test_the_bell_counts_what_the_list_shows_where_a_plugin_was_switched_off(tell, member, other, make_place):
    gone = Place(kind="gone:place", slug="gone", name="Gone")
    db.session.add(gone)
    db.session.commit()
    tell(0, kind="gone:thing")
    tell(0, place=gone.id)
    tell(0)
    db.session.add_all(
        Visitor(**{**blank_row(each.id), "unread": number}) for each, number in ((member, 3), (other, 5))
    )
    db.session.commit()
    recount()
    shown = list_notifications(member, unread=True).notifications
    assert (len(shown), visitor_of(member).unread, visitor_of(other).unread) == (1, 1, 0)


def test_what_was_read_is_not_counted(make_place, deliver, member, other):
    place = make_place("club", member, other)
    for number in range(4):
        post(place=place, text=f"@{other.person.handle} {number}", actor=member)
        deliver()
        if number == 1:
            read_all(actor=other)
    read(notification_id=ids()[-1], actor=other)
    db.session.execute(db.update(Visitor).values(unread=9))
    db.session.commit()
    recount()
    assert (visitor_of(other).unread, visitor_of(member).unread) == (1, 0)
