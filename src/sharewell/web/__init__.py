"""The pages: presenters, templates and views, thin over queries and actions."""
