"""A real Kubernetes of one node, made of Go modules and Debian's packages, for a run of the chart."""
