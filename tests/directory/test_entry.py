"""What servers send becomes clean text; one entry that cannot be understood spoils no other."""

import uuid
from dataclasses import asdict

import pytest
from parvis.directory.entry import BadEntry, Decoder, is_below, normal_dn, parent_dn
from parvis.directory.ldap.ber import Garbled, read_entry, read_head
from parvis.directory.settings import DirectorySettings

KEY = "b2fa9bfe-7b91-4041-9be6-2f11c9a9f58d"
DN = b"uid=anna,ou=people,dc=example,dc=org"


def decode(
    preset: str = "openldap", attributes: dict[str, str] | None = None, dn: bytes = DN, **values: bytes
):
    decoder = Decoder(DirectorySettings(preset=preset, attributes=attributes or {}))
    return decoder.decode(dn, {name.lower(): [value] for name, value in values.items()})


def test_an_entry_is_read_by_the_preset_of_openldap():
    entry = decode(
        entryUUID=KEY.encode(), uid=b"anna", displayName="Anna Œuvrard".encode(), givenName=b"Anna",
        sn="Œuvrard".encode(), mail=b"anna@example.org", telephoneNumber=b"+33 1", mobile=b"+33 6",
        title=b"Astronomer", ou=b"Research", l=b"Lyon", c=b"FR", businessCategory=b"Science",
        manager=b"uid=boss,dc=example", modifyTimestamp=b"20261123135826Z",
    )  # fmt: skip
    assert asdict(entry) == {
        "key": KEY, "dn": DN.decode(), "username": "anna", "display_name": "Anna Œuvrard",
        "given_name": "Anna", "family_name": "Œuvrard", "mail": "anna@example.org", "phone": "+33 1",
        "mobile": "+33 6", "title": "Astronomer", "department": "Research", "site": "Lyon", "country": "FR",
        "job_family": "Science", "manager_dn": "uid=boss,dc=example", "disabled": False,
        "modified": "20261123135826Z", "photo": None,
    }  # fmt: skip


def test_the_mapping_overrides_the_preset():
    entry = decode(
        attributes={"title": "jobTitle", "phone": "", "disabled": "gone"},
        entryUUID=KEY.encode(), uid=b"anna", title=b"No", jobTitle=b"Yes", telephoneNumber=b"1", gone=b"TRUE",
    )  # fmt: skip
    assert (entry.title, entry.phone, entry.disabled) == ("Yes", "", True)


def test_active_directorys_guid_is_little_endian():
    guid = uuid.UUID(KEY)
    entry = decode("active-directory", objectGUID=guid.bytes_le, sAMAccountName=b"anna")
    assert entry.key == KEY


def test_389ds_writes_its_id_in_a_way_of_its_own():
    entry = decode("389ds", nsUniqueId=b"B2FA9BFE-7B914041-9BE62F11-C9A9F58D", uid=b"anna")
    assert entry.key == KEY


@pytest.mark.parametrize(
    ("control", "expires", "disabled"),
    [
        (b"512", b"0", False),
        (b"512", b"9223372036854775807", False),
        (b"514", b"0", True),
        (b"66050", b"9223372036854775807", True),
        (b"512", b"133000000000000000", True),  # June 2022
        (b"512", b"300000000000000000", False),  # the year 2551
    ],
)
def test_active_directory_disables_by_a_bit_or_by_a_date(control, expires, disabled):
    entry = decode(
        "active-directory", objectGUID=uuid.UUID(KEY).bytes_le, sAMAccountName=b"anna",
        userAccountControl=control, accountExpires=expires,
    )  # fmt: skip
    assert entry.disabled is disabled


@pytest.mark.parametrize(("locked", "disabled"), [(b"true", True), (b"false", False)])
def test_389ds_locks_accounts(locked, disabled):
    assert decode("389ds", nsUniqueId=KEY.encode(), uid=b"anna", nsAccountLock=locked).disabled is disabled


@pytest.mark.parametrize(("locked", "disabled"), [(b"000001010000Z", True), (b"20260101000000Z", False)])
def test_openldap_tells_a_lock_for_good_from_one_for_an_hour(locked, disabled):
    entry = decode(entryUUID=KEY.encode(), uid=b"anna", pwdAccountLockedTime=locked)
    assert entry.disabled is disabled


def test_control_characters_line_breaks_and_overrides_become_spaces():
    entry = decode(
        entryUUID=KEY.encode(), uid=b"anna", displayName="Anna\r\nBcc: x\x00\u202egnp.exe  Blum ".encode()
    )
    assert entry.display_name == "Anna Bcc: x gnp.exe Blum"


def test_texts_are_bounded_and_mail_is_one_address():
    entry = decode(entryUUID=KEY.encode(), uid=b"anna", title=b"x" * 5000, mail=b"a@b.c, d@e.f")
    assert (len(entry.title), entry.mail) == (200, "")


def test_a_person_without_display_name_is_called_by_what_there_is():
    assert decode(entryUUID=KEY.encode(), uid=b"a", givenName=b"Anna", sn=b"Blum").display_name == "Anna Blum"
    assert decode(entryUUID=KEY.encode(), uid=b"a", cn=b"A. Blum").display_name == "A. Blum"
    assert decode(entryUUID=KEY.encode(), uid=b"a").display_name == "a"


@pytest.mark.parametrize(
    ("values", "reason", "key"),
    [
        ({"uid": b"anna"}, "entryuuid is missing or not a UUID", ""),
        ({"uid": b"anna", "entryUUID": b"anna"}, "entryuuid is missing or not a UUID", ""),
        ({"entryUUID": KEY.encode()}, "uid is missing", KEY),
        ({"entryUUID": KEY.encode(), "uid": b"anna", "title": b"\xff\xfe"}, "not UTF-8", KEY),
        ({"entryUUID": KEY.encode(), "uid": b"anna", "dn": b"uid=\xff"}, "its DN is not UTF-8", KEY),
    ],
)
def test_a_bad_entry_says_why_and_keeps_its_key_where_it_has_one(values, reason, key):
    with pytest.raises(BadEntry) as caught:
        decode(**values)
    assert (caught.value.reason, caught.value.key) == (reason, key)


def test_an_account_that_expires_never_in_an_unknown_way_is_a_bad_entry():
    with pytest.raises(BadEntry):
        decode(
            "active-directory",
            objectGUID=uuid.UUID(KEY).bytes_le,
            sAMAccountName=b"a",
            accountExpires=b"soon",
        )


def test_spellings_of_one_dn_are_equal():
    assert normal_dn(r"CN=Dupont\, Jean ,  OU=Gens,DC=x") == normal_dn(r"cn=dupont\2c  jean,ou=gens,dc=X")
    assert normal_dn(r"cn=Hel\c3\a8ne\2b,dc=x") == normal_dn("cn=Helène\\+,dc=x")
    assert normal_dn("cn=a+b,dc=x") != normal_dn(r"cn=a\+b,dc=x")


def test_below_is_told_by_parts_and_not_by_letters():
    assert is_below("uid=a,OU=People,dc=x", "ou=people, dc=x")
    assert not is_below("uid=a,ou=notpeople,dc=x", "ou=people,dc=x")
    assert not is_below(r"uid=a\,ou=people,dc=x", "ou=people,dc=x")
    assert parent_dn(r"cn=a\,b,ou=groups,dc=x") == "ou=groups,dc=x"


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400",
        b"\x30\x80\x02\x01\x01\x64\x00",
        b"\x30\x84\x7f\xff\xff\xff\x02\x01",
        b"\x30\x88" + b"\xff" * 8,
    ],
)
def test_what_is_not_ldap_or_beyond_measure_is_refused(data):
    with pytest.raises(Garbled):
        read_head(data, 0)


def test_a_message_is_read_only_when_it_is_all_there():
    entry = bytes.fromhex("3015020107 6410 0403 613d62 3009 3007 0401 53 3102 0400".replace(" ", ""))
    assert [read_head(entry[:size], 0) for size in range(len(entry))] == [None] * len(entry)
    end, number, tag, start = read_head(entry, 0)
    assert (end, number, tag) == (len(entry), 7, 0x64)
    assert read_entry(entry, start) == (b"a=b", {"s": [b""]})


def test_lengths_that_lie_are_refused():
    entry = bytearray(bytes.fromhex("3015020107641004036130623009300704015331020400"))
    for position in range(len(entry)):
        for wrong in (0x7F, 0x84, 0xFF):
            lying = bytes(entry[:position]) + bytes([wrong]) + bytes(entry[position + 1 :])
            try:
                if head := read_head(lying, 0):
                    read_entry(lying, head[3])
            except (ValueError, IndexError):
                continue  # as `Link` expects
