"""A plugin's own style sheets and scripts: on every page, kept by browsers for good."""

import re

import pytest
from flask import Blueprint
from parvis.api import NoSettings, Plugin
from parvis.web.asset import asset
from parvis_sample.plugin import SamplePlugin

sample = pytest.mark.plugins(sample=SamplePlugin)


class Prefixed(Plugin[NoSettings]):
    """Has its pages, and so its files, under an address of its own."""

    name = "prefixed"
    blueprint = Blueprint("prefixed", "parvis_sample", static_folder="static", url_prefix="/prefixed")
    styles = ("sample.css",)


@sample
def test_every_page_has_a_plugins_style_sheet_after_cores_and_its_script_as_a_module(client, member_client):
    for page in (member_client.get("/people"), member_client.get("/nowhere"), client.get("/login")):
        sheets = re.findall(r'<link rel="stylesheet" href="([^"?]+)', page.text)
        assert sheets[-3:] == ["/static/css/pages.css", "/sample/static/sample.css", "/theme/tokens.css"]
        scripts = re.findall(r'<script nonce="[^"]+" type="module" src="([^"?]+)', page.text)
        assert scripts[-1] == "/sample/static/sample.js"


@sample
def test_a_plugins_file_is_kept_for_good_at_an_address_that_changes_with_it(client):
    address = asset("sample.css", "sample")
    answer = client.get(address, buffered=True)
    assert (answer.status_code, answer.mimetype, b".sample-slot" in answer.data) == (200, "text/css", True)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert re.fullmatch(r"/sample/static/sample\.css\?v=[0-9a-f]{12}", address)


@pytest.mark.plugins(prefixed=Prefixed)
def test_the_address_of_a_plugins_pages_comes_before_that_of_its_files(client):
    address = asset("sample.css", "prefixed")
    assert address.startswith("/prefixed/static/sample.css?v=")
    assert client.get(address, buffered=True).status_code == 200


def test_without_plugins_pages_have_cores_files_alone(member_client):
    sheets = re.findall(r'<link rel="stylesheet" href="([^"?]+)', member_client.get("/people").text)
    assert [each for each in sheets if not each.startswith(("/static/", "/theme/"))] == []
