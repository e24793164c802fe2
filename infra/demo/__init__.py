"""The main job, played on the real stack: from a request to its approval email, from a withdrawal to its alert."""
