"""The alerts' HTTP API (docs/api), and what the pages share with it."""

from review.alerts.http.acting import acting, acting_router, recording
from review.alerts.http.callers import Reopener, Watcher, require_dso, viewer_of
from review.alerts.http.looking import alarms_router, alerts_router

__all__ = [
    "Reopener",
    "Watcher",
    "acting",
    "acting_router",
    "alarms_router",
    "alerts_router",
    "recording",
    "require_dso",
    "viewer_of",
]
