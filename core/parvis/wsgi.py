"""The app as any WSGI server takes it: `parvis.wsgi:app`, configured by PARVIS_CONFIG."""

import gc

from parvis import logging
from parvis.application.factory import create_app, load

config, plugins = load()
logging.configure(config.log)
app = create_app(config, plugins)

# What is there now stays: looking through it for garbage would cost each request half a millisecond.
gc.collect()
gc.freeze()
# Each page makes some thousand objects, and few that refer to one another: looking less often is a twentieth.
gc.set_threshold(10_000)
