"""Node disruption policy: what spares the nodes of an OpenShift cluster a reboot."""
