#!/bin/sh
# network.sh NAME MACHINES NUMBER: join machines by two networks, each machine a network namespace.
# "p" is where people come in (balancer, directory, bucket), "d" where the database is; here both end in a
# bridge, with the first address. Says "ready" and stays until its input ends: also when who started it is
# killed. Then, and when something fails, it ends what runs on the machines and removes all it made, by name.
set -eu
name=$1 machines=$2 number=$3

machine=1
remove() {
    trap '' INT TERM HUP
    set +e
    for machine in $(seq "$machines"); do
        ip netns pids "$name-$machine" 2>/dev/null | xargs -r kill -KILL
        ip netns delete "$name-$machine" 2>/dev/null
        for network in p d; do ip link delete "$name-$network$machine" 2>/dev/null; done
    done
    for network in p d; do ip link delete "$name-$network" 2>/dev/null; done
}
trap remove EXIT
trap 'exit 1' INT TERM HUP

bridge() { # bridge NETWORK PREFIX
    ip link add "$name-$1" type bridge
    ip address add "$2.$number.1/24" dev "$name-$1"
    ip link set dev "$name-$1" up
}
link() { # link NETWORK PREFIX: between the machine and a bridge
    ip link add "$name-$1$machine" type veth peer name "$1" netns "$name-$machine"
    ip link set dev "$name-$1$machine" master "$name-$1" up
    ip -n "$name-$machine" address add "$2.$number.$((10 + machine))/24" dev "$1"
    ip -n "$name-$machine" link set dev "$1" up
}
bridge p 198.18
bridge d 198.19
for machine in $(seq "$machines"); do
    ip netns add "$name-$machine"
    ip -n "$name-$machine" link set dev lo up
    link p 198.18
    link d 198.19
done
echo ready
read -r _ || true
