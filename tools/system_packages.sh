#!/bin/sh
# Install what the tests need and pip cannot give: OpenLDAP, PostgreSQL, HAProxy, Chromium, iproute2.
# Does nothing when all is there. Installs as root on a system with apt; elsewhere says what to run and
# succeeds: the tests that need a missing part are then skipped by name (with CI=true they fail).
set -eu
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

packages=""
need() { # need PACKAGES COMMAND...: the first command that exists is enough
    wanted=$1
    shift
    for command in "$@"; do
        if command -v "$command" >/dev/null 2>&1; then return; fi
    done
    packages="$packages $wanted"
}
initdb=$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -n 1 || true)
need slapd slapd
need ldap-utils ldapsearch
need postgresql initdb ${initdb:+"$initdb"}
need openssl openssl
need haproxy haproxy
need iproute2 ip
if [ -z "${PARVIS_CHROMIUM:-}" ]; then
    need "chromium fonts-dejavu-core" chromium chromium-browser google-chrome
fi
if [ -z "$packages" ]; then exit 0; fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Some tests will be skipped, for want of system packages. To run them all on Debian or Ubuntu:"
    echo "  sudo apt-get install --no-install-recommends$packages"
    exit 0
fi

# Servers must not start by being installed: the tests start private ones.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
echo "Installing system packages for the tests:$packages ..."
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
# Each package by itself: one that this system lacks must not keep the others away.
apt-get -qq update >"$log" 2>&1 || true
for package in $packages; do
    if ! apt-get -qq install --yes --no-install-recommends "$package" >>"$log" 2>&1; then
        tail -n 5 "$log"
        echo "  $package could not be installed; the tests that need it say so."
    fi
done
rm -f "$log"
