"""What tests of contents share."""

from threading import Barrier, Thread

import pytest
from parvis.api import db, writing


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


@pytest.fixture
def club(member, make_place):
    """Return a place that `member` owns."""
    return make_place("club", member)
