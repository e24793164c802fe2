"""The statements of the search, and what is found by none."""

from cpt.postgres import Queries

sql = Queries("review.search")


class NoSuchRequest(Exception):
    """Nobody has told of a request of this id."""
