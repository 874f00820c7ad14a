"""Who is in a group, groups within groups included; groups that contain each other end nothing."""

from collections import deque

from ldap3.utils.conv import escape_filter_chars

from parvis.directory.entry import normal_dn, parent_dn
from parvis.directory.ldap.connection import Link

# LDAP_MATCHING_RULE_IN_CHAIN (MS-ADTS 3.1.1.3.4.4.3): Active Directory follows nested groups itself.
IN_CHAIN = "1.2.840.113556.1.4.1941"
MEMBER = ("member", "uniquemember")
MAX_GROUPS = 1000


def is_member(link: Link, dn: str, group: str, *, nests_groups: bool) -> bool:
    """Tell whether a person is in a group, directly or through other groups.

    Where the server does not follow groups itself, we climb from the person; groups in between are looked for
    beside the group that is asked about (below its parent).
    """
    if nests_groups:
        chained = f"(memberOf:{IN_CHAIN}:={escape_filter_chars(group)})"
        return bool(link.find(dn, chained, ["1.1"], base_only=True))
    if link.find(group, _holds(dn), ["1.1"], base_only=True):
        return True
    parent = parent_dn(group)
    target, seen, waiting = normal_dn(group), {normal_dn(dn)}, deque([dn])
    while waiting and parent and len(seen) < MAX_GROUPS:
        for row in link.find(parent, _holds(waiting.popleft()), ["1.1"]):
            found = normal_dn(above := row.dn.decode())
            if found == target:
                return True
            if found not in seen:
                seen.add(found)
                waiting.append(above)
    return False


def read_members(link: Link, group: str) -> frozenset[str]:
    """List the members of a group as normal DNs, those of groups within it included.

    Made for small groups such as that of administrators: each member costs a search.
    """
    people, seen, waiting = set(), {normal_dn(group)}, deque([group])
    while waiting and len(seen) < MAX_GROUPS:
        dn = waiting.popleft()
        if (members := _direct_members(link, dn)) is None:
            people.add(normal_dn(dn))
            continue
        for member in members:
            if (name := normal_dn(member)) not in seen:
                seen.add(name)
                waiting.append(member)
    return frozenset(people)


def _direct_members(link: Link, dn: str) -> list[str] | None:
    """List who is named in a group, `None` for an entry that is no group.

    Active Directory tells 1,500 members at a time, as `member;range=0-1499` (MS-ADTS 3.1.1.3.1.3.3).
    """
    members: list[str] = []
    asked = list(MEMBER)
    is_group = False
    while asked:
        rows = link.find(dn, "(objectClass=*)", asked, base_only=True)
        asked = []
        for name, values in rows[0].values.items() if rows else ():
            base, _, bounds = name.partition(";range=")
            if base not in MEMBER:
                continue
            is_group = True
            members += (value.decode() for value in values)
            last = bounds.partition("-")[2]
            if values and last.isdecimal():
                asked.append(f"{base};range={int(last) + 1}-*")
    return members if is_group else None


def _holds(dn: str) -> str:
    value = escape_filter_chars(dn)
    return f"(|(member={value})(uniqueMember={value}))"
