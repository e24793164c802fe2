"""What the code itself says that a service consumes."""

from importlib import import_module

import pytest

from cpt.runtime.clock import shifted


@pytest.fixture
def consumed():
    def topics(service):
        build = import_module(f"{service}.consumer").build_consumer
        if service == "review":
            built = build(import_module("review.settings").ReviewRules(), shifted(0))
        elif service == "notifier":
            settings = import_module("notifier.settings").NotifierSettings(postgres={"dsn": "postgresql://"})
            built = build(import_module("notifier.app").build_desk(settings), shifted(0))
        else:
            built = build(shifted(0))
        return set(built.topics)

    return topics
