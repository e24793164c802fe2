"""The work list: what a person of the office has to do, with an owner, an age and a due day."""
