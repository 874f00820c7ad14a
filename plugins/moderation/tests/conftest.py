"""What the tests of moderation share."""

import pytest
from parvis.api import db
from parvis_moderation.domain.charter import publish_charter


@pytest.fixture
def charter(app):
    """Return what publishes a charter: `charter("Be kind.")`, in both languages."""

    def publish(english, french=None, actor=None):
        made = publish_charter(english=english, french=french or f"{english} (FR)", actor=actor)
        db.session.commit()
        return made

    return publish
