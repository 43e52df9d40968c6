"""MachineConfig: the same files and units for the pools of an OpenShift cluster."""
