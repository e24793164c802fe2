"""What every process needs: settings, clock, logs, metrics, loops, probes and the entry point."""
