"""firewalld: the flows as services, ipsets and one policy that permits, without any zone."""
