"""Reading and keeping what students upload."""
