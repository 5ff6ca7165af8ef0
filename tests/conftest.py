"""Fixtures for every test; what they are made of is in tests/harness/."""

pytest_plugins = ["tests.harness.fixtures", "tests.harness.browser", "tests.kills.sizes"]
