"""The withdrawal alerts: raised by the machine, judged by people."""
