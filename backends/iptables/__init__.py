"""iptables: the flows as one chain for each IP version, ipsets, and scripts that apply them."""
