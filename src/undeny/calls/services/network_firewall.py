"""Network Firewall: the service-linked role."""

SOURCE = "https://docs.aws.amazon.com/network-firewall/latest/developerguide/using-service-linked-roles.html"
LINKED = {
    "network-firewall:CreateFirewall": ("network-firewall.amazonaws.com", "AWSServiceRoleForNetworkFirewall"),
}
