"""Validation: judges Ignition configurations and MachineConfigs, whoever wrote them.

Three judges stand behind the findings: Ignition, which refuses a configuration as a whole, the
Machine Config Operator, which differs by release, and the node, where the rest breaks. `judging`
is the way in.
"""
