"""calico-policy: the flows as policies by which Calico protects the hosts themselves."""
