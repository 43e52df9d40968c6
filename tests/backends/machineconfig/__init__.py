"""The target `machineconfig`."""
