"""What social's own tests share."""

from threading import Barrier, Thread

import pytest
from parvis import jobs
from parvis.api import db, writing
from parvis.events import follow
from parvis_social.place.membership import add_member
from parvis_social.place.models import Access, Place, Posting, Role


@pytest.fixture
def make_place(app):
    """Return what makes a place with an owner, and members."""

    def make(slug, owner, *members, access=Access.OPEN, posting=Posting.MEMBERS, kind="wall"):
        place = Place(kind=kind, slug=slug, name=slug.title(), access=access, posting=posting, types=[])
        db.session.add(place)
        db.session.flush()
        add_member(place=place, person_id=owner.id, actor=owner, role=Role.OWNER)
        for member in members:
            add_member(place=place, person_id=member.id, actor=member)
        db.session.commit()
        return place

    return make


@pytest.fixture
def deliver(app):
    """Return what leads the followers of the event log on to its end, as the worker does."""

    def lead():
        db.session.commit()
        while follow(jobs.followers()):
            pass
        db.session.expire_all()

    return lead


@pytest.fixture
def at_once(app):
    """Return what runs functions at the same moment, each in a transaction of its own; gives what they gave.

    What one raises is given instead, after its transaction was rolled back.
    """

    def run_all(*jobs):
        db.session.commit()
        barrier, results = Barrier(len(jobs)), [None] * len(jobs)

        def run(number, job):
            with app.app_context(), writing():
                barrier.wait()
                try:
                    results[number] = job()
                    db.session.commit()
                except Exception as error:
                    db.session.rollback()
                    results[number] = error
                finally:
                    db.session.remove()

        threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.expire_all()
        return results

    return run_all
