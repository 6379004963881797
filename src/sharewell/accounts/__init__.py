"""Organisations of a place, and later the people who sign in and the roles they hold."""
