"""What the cluster run says where it cannot run."""

import pytest

from infra.cluster import kubernetes
from infra.cluster.engine import Missing


def test_without_the_cluster_scripts_beside_the_clone_it_says_so_and_stops(monkeypatch, tmp_path):
    monkeypatch.setattr(kubernetes, "SCRIPTS", tmp_path)

    with pytest.raises(Missing, match="beside the shared folder only"):
        kubernetes.prepared()
