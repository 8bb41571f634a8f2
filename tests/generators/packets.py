"""Builds a network of Linux namespaces from AWS's own words for it, and tries real connections there.

Hosts are namespaces with their security groups as stateful nftables rules. A VPC is a router namespace with a bridge for each subnet: what
stays on a bridge no ACL sees. ACLs are stateless rules of the router, by rule number. Each subnet's route table is a table of the kernel's
own routing. The NAT gateway is a namespace that masquerades, on the bridge of its subnet; the internet gateway translates one to one.
It shares no line with the code that it checks.
"""

# ruff: noqa: PLR0913, PLR0917 - a pair of wires has two ends

import ctypes
import ipaddress
import os
import select
import socket
import subprocess
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEWNET = 0x40000000
_NET = "eth0"


def reason_not_to():
    """Say why namespaces cannot be made here; empty where they can."""
    for tool in ("ip", "nft", "unshare"):
        if subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True, check=False, env=_environ()).returncode:
            return f"`{tool}` is not installed"
    ran = subprocess.run([*inside(), "sh", "-c", "mount -t tmpfs none /run && ip netns add probe && ip netns exec probe nft add table inet t"],
                         capture_output=True, text=True, check=False, env=_environ())  # fmt: skip
    return f"namespaces are not allowed here: {ran.stderr.strip().splitlines()[-1]}" if ran.returncode else ""


def own_space():
    """Prepare the process that `inside()` started: a place for the namespaces' names, and one for its own."""
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
    subprocess.run(["ip", "netns", "attach", "own", str(os.getpid())], check=True, env=_environ())


def inside():
    """Give the start of a command that runs in namespaces of its own."""
    return ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def _environ():
    return {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}


def _run(*command, text=None):
    ran = subprocess.run(command, input=text, text=True, capture_output=True, check=False, env=_environ())
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)}: {ran.stderr}\n{text or ''}")


class Wires:
    """The namespaces of one network. Made and used in a process that `inside()` started."""

    def __init__(self, net):
        self.things = net.things
        self.names = []
        self.batch = {}
        self.listening = []

    def build(self):
        """Make everything."""
        self.members, self.members6 = {}, {}
        for eni in self.things["NetworkInterfaces"]:
            for group in eni["Groups"]:
                self.members6.setdefault(group["GroupId"], []).append(eni["Ipv6Addresses"][0]["Ipv6Address"])
                self.members.setdefault(group["GroupId"], []).append(eni["PrivateIpAddress"])
        self.lists = {one["PrefixListId"]: [e["Cidr"] for e in one["Entries"]] for one in self.things["PrefixLists"]}
        routers = [vpc["VpcId"] for vpc in self.things["Vpcs"]]
        for name in (*routers, "world"):
            self._space(name)
        for vpc in routers:
            self._router(vpc)
        self._pair("vpc-1", "pcx", "172.31.0.1/30", "vpc-2", "pcx", "172.31.0.2/30")
        self._pair("vpc-1", "igw", "172.31.1.1/30", "world", "igw", "172.31.1.2/30")
        self._pair("vpc-1", "store", "172.31.2.1/30", "world", "store", "172.31.2.2/30")
        self._pair("vpc-1", "eigw", "172.31.3.1/30", "world", "eigw", "172.31.3.2/30")
        for one, two, name, number in (("vpc-1", "vpc-2", "pcx", 1), ("vpc-1", "world", "igw", 2), ("vpc-1", "world", "eigw", 3)):
            self.batch[one].append(f"addr add fd00:{number}::1/64 dev {name} nodad")
            self.batch[two].append(f"addr add fd00:{number}::2/64 dev {name} nodad")
        for eni in self.things["NetworkInterfaces"]:
            self._host(eni)
        for nat in self.things["NatGateways"]:
            self._nat(nat)
        self._world()
        for name, lines in self.batch.items():
            _run("ip", "-n", name, "-batch", "-", text="\n".join(lines) + "\n")
        for vpc in routers:
            self._tables(vpc)
            _run("ip", "netns", "exec", vpc, "nft", "-f", "-", text=self._acls(vpc))

    def _space(self, name):
        _run("ip", "netns", "add", name)
        self.names.append(name)
        self.batch[name] = ["link set lo up"]
        self._enter(name)
        for key, value in (
            ("ip_forward", 1),
            ("conf/all/rp_filter", 0),
            ("conf/default/rp_filter", 0),
            ("conf/all/send_redirects", 0),
            ("conf/default/send_redirects", 0),
        ):
            Path(f"/proc/sys/net/ipv4/{key}").write_text(str(value))
        Path("/proc/sys/net/ipv6/conf/all/forwarding").write_text("1")

    @staticmethod
    def _enter(name):
        with Path(f"/run/netns/{name}").open() as held:
            if _LIBC.setns(held.fileno(), _NEWNET):
                raise OSError(ctypes.get_errno(), "setns")

    def _pair(self, one, one_name, one_address, two, two_name, two_address):
        _run("ip", "-n", one, "link", "add", one_name, "type", "veth", "peer", "name", two_name, "netns", two)
        self.batch[one] += [f"addr add {one_address} dev {one_name}", f"link set {one_name} up"]
        self.batch[two] += [f"addr add {two_address} dev {two_name}", f"link set {two_name} up"]

    def _subnets(self, vpc):
        return [one for one in self.things["Subnets"] if one["VpcId"] == vpc]

    def _router(self, vpc):
        for subnet in self._subnets(vpc):
            name, cidr = subnet["SubnetId"], ipaddress.ip_network(subnet["CidrBlock"])
            self.batch[vpc] += [f"link add {name} type bridge", f"addr add {cidr[1]}/{cidr.prefixlen} dev {name}", f"link set {name} up"]
            self.batch[vpc].append(f"addr add {self._first6(subnet)}/64 dev {name} nodad")

    @staticmethod
    def _first6(subnet):
        return ipaddress.ip_network(subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])[1]

    def _on_bridge(self, name, subnet, address):
        held = next(one for one in self.things["Subnets"] if one["SubnetId"] == subnet)
        cidr, vpc = ipaddress.ip_network(held["CidrBlock"]), held["VpcId"]
        self._space(name)
        port = f"p-{name}"[:15]
        _run("ip", "-n", vpc, "link", "add", port, "type", "veth", "peer", "name", _NET, "netns", name)
        self.batch[vpc] += [f"link set {port} master {subnet}", f"link set {port} up"]
        self.batch[name] += [f"addr add {address}/{cidr.prefixlen} dev {_NET}", f"link set {_NET} up", f"route add default via {cidr[1]}"]

    def _host(self, eni):
        name = eni["NetworkInterfaceId"]
        self._on_bridge(name, eni["SubnetId"], eni["PrivateIpAddress"])
        subnet = next(one for one in self.things["Subnets"] if one["SubnetId"] == eni["SubnetId"])
        six = eni["Ipv6Addresses"][0]["Ipv6Address"]
        self.batch[name] += [f"addr add {six}/64 dev {_NET} nodad", f"route add ::/0 via {self._first6(subnet)} dev {_NET}"]
        _run("ip", "netns", "exec", name, "nft", "-f", "-", text=self._groups(eni))

    def _nat(self, nat):
        name, own = nat["NatGatewayId"], nat["NatGatewayAddresses"][0]["PrivateIp"]
        self._on_bridge(name, nat["SubnetId"], own)
        chain = f"chain out {{ type nat hook postrouting priority 100; ip saddr != {own} meta l4proto tcp snat to {own}:1024-65535 fully-random; }}"
        own_answers = "chain forward { type filter hook forward priority 0; policy accept; ct state invalid drop; }"
        rules = f"table ip nat {{\n{chain}\n}}\ntable ip own {{\n{own_answers}\n}}"
        _run("ip", "netns", "exec", name, "nft", "-f", "-", text=rules)

    def _world(self):
        for address in ("93.184.216.34", "52.218.0.10", "3.5.64.10"):
            self.batch["world"].append(f"addr add {address}/32 dev lo")
        self.batch["world"] += ["addr add 2001:db8:ffff::1/128 dev lo nodad", "route add 2001:db8:1::/56 via fd00:2::1"]
        self.batch["world"] += ["route add 198.51.100.0/24 via 172.31.1.1", "route add 10.0.0.0/16 via 172.31.2.1"]

    def _tables(self, vpc):
        """Write each subnet's route table as a table of the kernel's, and one with the VPC's own addresses for what comes from outside."""
        local = [f"{one['CidrBlock']} dev {one['SubnetId']}" for one in self._subnets(vpc)]
        lines = [f"route add {one} table 99" for one in local] + ["route add unreachable default table 99 metric 4000"]
        ways = {"vpc-1": ("pcx", "igw", "store"), "vpc-2": ("pcx",)}[vpc]
        lines += [f"rule add iif {way} lookup 99 priority {90 + i}" for i, way in enumerate(ways)]
        for number, subnet in enumerate(self._subnets(vpc), 101):
            table = next(t for t in self.things["RouteTables"] if any(a["SubnetId"] == subnet["SubnetId"] for a in t["Associations"]))
            lines += [f"route add {one} table {number}" for one in local]
            lines += [f"route replace {one} table {number}" for route in table["Routes"] for one in self._route(vpc, route)]
            lines += [
                f"route add unreachable default table {number} metric 4000",
                f"rule add iif {subnet['SubnetId']} lookup {number} priority {number}",
            ]
        _run("ip", "-n", vpc, "-batch", "-", text="\n".join(lines) + "\n")
        self._tables6(vpc)

    def _tables6(self, vpc):
        """Write the same for IPv6."""
        local = [f"{one['Ipv6CidrBlockAssociationSet'][0]['Ipv6CidrBlock']} dev {one['SubnetId']}" for one in self._subnets(vpc)]
        lines = [f"route add {one} table 99" for one in local] + ["route add unreachable default table 99 metric 4000"]
        ways = {"vpc-1": ("pcx", "igw", "eigw"), "vpc-2": ("pcx",)}[vpc]
        lines += [f"rule add iif {way} lookup 99 priority {90 + i}" for i, way in enumerate(ways)]
        far = {"pcx": "fd00:1::2" if vpc == "vpc-1" else "fd00:1::1", "igw": "fd00:2::2", "eigw": "fd00:3::2"}
        for number, subnet in enumerate(self._subnets(vpc), 101):
            table = next(t for t in self.things["RouteTables"] if any(a["SubnetId"] == subnet["SubnetId"] for a in t["Associations"]))
            lines += [f"route add {one} table {number}" for one in local]
            for route in table["Routes"]:
                to = route.get("DestinationIpv6CidrBlock")
                by = route.get("EgressOnlyInternetGatewayId") or route.get("VpcPeeringConnectionId") or route.get("GatewayId", "")
                if to is None or by == "local":
                    continue
                kind = by.partition("-")[0]
                way = f"blackhole {to}" if route["State"] == "blackhole" else f"{to} via {far[kind]} dev {kind}"
                lines.append(f"route replace {way} table {number}")
            lines += [
                f"route add unreachable default table {number} metric 4000",
                f"rule add iif {subnet['SubnetId']} lookup {number} priority {number}",
            ]
        _run("ip", "-6", "-n", vpc, "-batch", "-", text="\n".join(lines) + "\n")

    def _route(self, vpc, route):
        gateway = route.get("GatewayId", "")
        if gateway == "local" or "DestinationIpv6CidrBlock" in route:
            return []
        to = self.lists[route["DestinationPrefixListId"]] if "DestinationPrefixListId" in route else [route["DestinationCidrBlock"]]
        if route["State"] == "blackhole":
            return [f"blackhole {one}" for one in to]
        if "NatGatewayId" in route:
            nat = next(one for one in self.things["NatGateways"] if one["NatGatewayId"] == route["NatGatewayId"])
            return [f"{one} via {nat['NatGatewayAddresses'][0]['PrivateIp']} dev {nat['SubnetId']}" for one in to]
        if "VpcPeeringConnectionId" in route:
            return [f"{one} via {'172.31.0.2' if vpc == 'vpc-1' else '172.31.0.1'} dev pcx" for one in to]
        return [f"{one} via 172.31.1.2 dev igw" if gateway.startswith("igw-") else f"{one} via 172.31.2.2 dev store" for one in to]

    def _acls(self, vpc):
        """Write the ACLs: stateless, the lowest number first; `return` lets the packet on to the next subnet's ACL."""
        chains, jumps = [], []
        for subnet in self._subnets(vpc):
            name = subnet["SubnetId"]
            jumps.append(f'iifname "{name}" oifname "{name}" accept;')
            acl = next(one for one in self.things["NetworkAcls"] if any(a["SubnetId"] == name for a in one["Associations"]))
            for way, egress, hook in (("out", True, "iifname"), ("in", False, "oifname")):
                rules = sorted((e for e in acl["Entries"] if e["Egress"] is egress), key=lambda e: e["RuleNumber"])
                body = [self._entry(one, "daddr" if egress else "saddr") for one in rules]
                chains.append(f"chain {way}_{name.replace('-', '_')} {{ {' '.join(body)} drop; }}")
                jumps.append(f'{hook} "{name}" jump {way}_{name.replace("-", "_")};')
        public = {
            e["PrivateIpAddress"]: e["Association"]["PublicIp"]
            for e in self.things["NetworkInterfaces"]
            if "Association" in e and e["VpcId"] == vpc
        }
        public |= {
            a["PrivateIp"]: a["PublicIp"]
            for n in self.things["NatGateways"]
            if n["VpcId"] == vpc
            for a in n["NatGatewayAddresses"]
            if "PublicIp" in a
        }
        gate = f'oifname "igw" ip saddr != {{ {", ".join(public) or "255.255.255.255"} }} drop;'
        snat = " ".join(f'oifname "igw" ip saddr {private} snat to {one};' for private, one in public.items())
        outs = [one for one in jumps if one.startswith("iifname")]
        ins = [one for one in jumps if one.startswith("oifname")]
        forward = f"chain forward {{ type filter hook forward priority 0; policy accept; {' '.join(outs)} {gate} {' '.join(ins)} }}"
        nat = f"chain out {{ type nat hook postrouting priority 100; {snat} }}"
        return "\n".join(["table inet acl {", *chains, forward, "}", "table ip nat {", nat, "}"])

    @staticmethod
    def _entry(one, side):
        verdict = "return" if one["RuleAction"] == "allow" else "drop"
        protocol = {"6": "tcp", "17": "udp"}.get(one["Protocol"])
        peer = f"ip {side} {one['CidrBlock']}" if "CidrBlock" in one else f"ip6 {side} {one['Ipv6CidrBlock']}"
        if protocol is None:
            return f"{peer} {verdict};"
        span = one.get("PortRange")
        ports = f"{protocol} dport {span['From']}-{span['To']}" if span else f"meta l4proto {protocol}"
        return f"{ports} {peer} {verdict};"

    def _groups(self, eni):
        """Write the groups: what is allowed, and the answers to it."""
        chains = []
        for way, hook, field, side in (("out", "output", "IpPermissionsEgress", "daddr"), ("in", "input", "IpPermissions", "saddr")):
            rules = ["ct state established accept;", "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept;"]
            for group in eni["Groups"]:
                held = next(one for one in self.things["SecurityGroups"] if one["GroupId"] == group["GroupId"])
                rules += [line for permission in held[field] for line in self._permission(permission, side)]
            chains.append(f"chain {way} {{ type filter hook {hook} priority 0; policy drop; {' '.join(rules)} }}")
        return "\n".join(["table inet sg {", *chains, "}"])

    def _permission(self, one, side):
        protocol = "" if one["IpProtocol"] == "-1" else f"{one['IpProtocol']} dport {one['FromPort']}-{one['ToPort']} "
        peers = [r["CidrIp"] for r in one.get("IpRanges", ())]
        peers += [cidr for r in one.get("PrefixListIds", ()) for cidr in self.lists[r["PrefixListId"]]]
        peers += [address for r in one.get("UserIdGroupPairs", ()) for address in self.members.get(r["GroupId"], ())]
        six = [r["CidrIpv6"] for r in one.get("Ipv6Ranges", ())]
        six += [address for r in one.get("UserIdGroupPairs", ()) for address in self.members6.get(r["GroupId"], ())]
        return [f"{protocol}ip {side} {peer} accept;" for peer in peers] + [f"{protocol}ip6 {side} {peer} accept;" for peer in six]

    def listen(self, ports):
        """Listen everywhere on these ports; the kernel answers, no program has to."""
        for name in (*(eni["NetworkInterfaceId"] for eni in self.things["NetworkInterfaces"]), "world"):
            self._enter(name)
            for port in ports:
                held = socket.socket(socket.AF_INET6)
                held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                held.bind(("", port))
                held.listen(64)
                self.listening.append(held)

    def try_all(self, probes, wait=0.5):
        """Try connections, all at once; give for each whether it was made within `wait` seconds."""
        made, found = {}, [False] * len(probes)
        for number, probe in enumerate(probes):
            self._enter(f"eni-{probe.source}")
            held = socket.socket(socket.AF_INET6 if ":" in probe.address else socket.AF_INET)
            held.setblocking(False)
            held.bind(("", probe.source_port))
            held.connect_ex((probe.address, probe.port))
            made[held.fileno()] = (number, held)
        poll = select.poll()
        for number in made:
            poll.register(number, select.POLLOUT)
        end = time.monotonic() + wait
        while (left := end - time.monotonic()) > 0 and made:
            for number, _ in poll.poll(left * 1000):
                index, held = made.pop(number)
                found[index] = held.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
                poll.unregister(number)
                held.close()
        for _, held in made.values():
            held.close()
        return found

    def close(self):
        """Take everything away."""
        for held in self.listening:
            held.close()
        self._enter("own")
        for name in self.names:
            _run("ip", "netns", "del", name)
