"""Tests of what documents mean: conditions, values, kinds, choices, inventories, differences."""
