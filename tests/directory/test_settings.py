"""`[directory]`: what is wrong is said in plain words, before anything is asked of a server."""

import pytest
from parvis.directory.settings import DirectorySettings
from pydantic import ValidationError

BASE = {"base_dn": "ou=people,dc=example,dc=org"}


def problem(**settings: object) -> str:
    with pytest.raises(ValidationError) as caught:
        DirectorySettings(**(BASE | settings))
    (error,) = caught.value.errors()
    return f"{'.'.join(map(str, error['loc']))}: {error['msg'].removeprefix('Value error, ')}"


def test_without_servers_there_is_no_directory():
    assert DirectorySettings().enabled is False
    assert DirectorySettings(servers=["ldaps://ldap.example.org"], **BASE).enabled is True


@pytest.mark.parametrize("server", ["ldap://ldap.example.org", "ldap://10.0.0.1:3389"])
def test_plain_text_to_another_machine_has_to_be_allowed_explicitly(server):
    assert problem(servers=[server], start_tls=False) == (
        f"allow_plain_text: passwords would cross the network unprotected to {server}: use ldaps://, "
        "or start_tls = true; allow_plain_text = true accepts the danger"
    )
    DirectorySettings(servers=[server], start_tls=False, allow_plain_text=True, **BASE)
    DirectorySettings(servers=[server], **BASE)


@pytest.mark.parametrize("server", ["ldap://127.0.0.1:389", "ldap://localhost", "ldap://[::1]:1389"])
def test_plain_text_within_this_machine_is_no_danger(server):
    DirectorySettings(servers=[server], start_tls=False, **BASE)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"servers": ["ldap.example.org"]},
            "servers: ldap.example.org is not an address such as ldaps://ldap.example.com or ldap://10.0.0.1:389",
        ),
        (
            {"servers": ["ldap://a:99999"]},
            "servers: ldap://a:99999: the port is a number from 1 to 65535",
        ),
        (
            {"servers": ["ldaps://cn=x:secret@host"]},
            "servers: a server's address holds no account: use bind_dn and bind_password",
        ),
        (
            {"servers": ["ldaps://a"], "base_dn": ""},
            'base_dn: is needed: where are people looked for, such as "ou=people,dc=example,dc=com"?',
        ),
        (
            {"bind_dn": "cn=parvis,dc=example"},
            "bind_password: bind_dn and bind_password go together: one of them is missing",
        ),
        (
            {"sign_in_group": "staff"},
            'sign_in_group: is not a DN such as "cn=admins,ou=groups,dc=example,dc=com"',
        ),
        (
            {"person_filter": "objectClass=person"},
            "person_filter: is not an LDAP filter such as (objectClass=person): invalid filter",
        ),
        (
            {"attributes": {"id": ""}},
            "attributes: id cannot be left out: it is how people are known",
        ),
    ],
)
def test_each_mistake_is_named_with_its_key(settings, said):
    assert problem(**settings) == said


def test_an_unknown_field_in_the_mapping_is_refused():
    assert problem(attributes={"titel": "title"}).startswith("attributes.titel")


def test_the_password_is_in_no_repr():
    settings = DirectorySettings(bind_dn="cn=a,dc=b", bind_password="hush", **BASE)
    assert "hush" not in repr(settings)


def test_active_directory_takes_a_service_account_by_principal_name():
    DirectorySettings(preset="active-directory", bind_dn="parvis@corp.example", bind_password="x", **BASE)
