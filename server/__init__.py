"""实事簿 (Shishibu): the server. `create_app()` puts the layers together."""

from server.app import create_app

__all__ = ["create_app"]
