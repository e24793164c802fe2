"""Promises 1 and 2: what was acknowledged exists once, for ever; the same key gets the same answer."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator

from infra.chaos.check.evidence import Evidence


def exists_once(seen: Evidence) -> Iterator[str]:
    """Promise 1."""
    stored = {row["request_id"]: row for row in seen.rows("intake", "request")}
    sent = {line["n"]: line for line in seen.sent("submit", "upload")}
    keys: dict[str, set[str]] = defaultdict(set)
    for line in seen.sent("submit"):
        keys[line["who"]].add(line["key"])
    for line in seen.answered("submit"):
        if line["status"] != 201:
            continue
        row = stored.get(line["request_id"])
        if row is None:
            yield f"request {line['request_id']} was acknowledged (line {line['n']}) and is not stored"
        elif row["application"]["employer"] != sent[line["of"]]["body"]["employer"] or row["emplid"] != line["who"]:
            yield f"request {line['request_id']} is stored with another content than acknowledged"
    for emplid, count in Counter(row["emplid"] for row in stored.values()).items():
        if count > len(keys[emplid]):
            yield f"student {emplid} sent {len(keys[emplid])} requests and has {count}"
    yield from _documents(seen)


def _documents(seen: Evidence) -> Iterator[str]:
    kept = {(row["request_id"], row["sha256"]): row for row in seen.rows("intake", "document")}
    sent = {line["n"]: line for line in seen.sent("upload")}
    good: set[str] = set()
    for line in seen.answered("upload"):
        if line["status"] != 200:
            continue
        sha256 = sent[line["of"]]["body"]["sha256"]
        row = kept.get((line["subject"], sha256))
        if row is None:
            yield f"a document of {line['subject']} was acknowledged (line {line['n']}) and is not stored"
        elif row["object_key"] not in good:
            path = seen.documents / row["object_key"]
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                yield f"the object {row['object_key']} is not what was acknowledged"
            good.add(row["object_key"])


def same_key_same_answer(seen: Evidence) -> Iterator[str]:
    """Promise 2."""
    bodies = {line["n"]: line["body"] for line in seen.sent("submit")}
    answers = defaultdict(list)
    for line in seen.answered("submit", "next"):
        answers[line["act"], line["who"], line["key"]].append(line)
    for (act, _, key), lines in answers.items():
        if act == "next":
            if len({line.get("request_id") for line in lines}) > 1:
                yield f"the key {key} was answered with more than one case"
            continue
        first = bodies[lines[0]["of"]]
        same = [line for line in lines if bodies[line["of"]] == first]
        if len({(line["status"], line["digest"]) for line in same}) > 1:
            yield f"the key {key} was answered in different ways (lines {[line['n'] for line in same]})"
        for line in lines:
            if bodies[line["of"]] != first and line["status"] != 409:
                yield f"the key {key} came with another body and was answered {line['status']} (line {line['n']})"
