"""The product on a real one-node Kubernetes: installed, used, upgraded, rolled back and hurt."""
