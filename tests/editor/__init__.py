"""Tests of what colours specifications in editors and documents."""
