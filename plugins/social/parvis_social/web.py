"""The blueprint of social's pages; the views of each package register on it."""

from flask import Blueprint

bp = Blueprint(
    "social", __name__, template_folder="templates", static_folder="static", static_url_path="/social/static"
)
