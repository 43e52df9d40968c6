"""What the compiler knows about the world: kernels, protocols, machines, software."""
