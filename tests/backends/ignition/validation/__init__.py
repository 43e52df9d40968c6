"""Tests of the validator of Ignition configurations and MachineConfigs."""
