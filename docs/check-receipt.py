#!/usr/bin/env python3
"""Checks the receipt of a log entry without impound: with SHA-256, base64, and openssl for the one signature.

    python3 check-receipt.py LOG.vkey RECEIPT.tlog-proof...

Prints each entry, and says that it is proven, if it is in the log; says why and ends with 1 otherwise. The formats are those of
https://c2sp.org/tlog-proof, tlog-checkpoint and signed-note; the proof is that of RFC 6962, section 2.1.1.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tempfile


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def decode(text):
    return base64.b64decode(text, validate=True)


def root_of(leaf, index, size, path):
    """The root that the path leads to: at each fork of the tree, from the leaf up, the path has the other half."""
    forks = []
    start, end = 0, size
    while end - start > 1:
        half = 1
        while half * 2 < end - start:
            half *= 2
        is_right = index >= start + half
        forks.append(is_right)
        start, end = (start + half, end) if is_right else (start, start + half)
    if index >= size or len(forks) != len(path):
        sys.exit("the proof has the wrong length")
    root = leaf
    for is_right, other in zip(reversed(forks), path):
        root = sha256(b"\x01", other, root) if is_right else sha256(b"\x01", root, other)
    return root


def verify_signature(text, signature, public_key):
    """Ed25519, by openssl."""
    with tempfile.TemporaryDirectory() as place:
        files = {
            # RFC 8410: the head of every Ed25519 public key.
            "key": bytes.fromhex("302a300506032b6570032100") + public_key,
            "text": text.encode(),
            "signature": signature,
        }
        for name, content in files.items():
            with open(f"{place}/{name}", "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER"]
        command += ["-inkey", f"{place}/key", "-in", f"{place}/text", "-sigfile", f"{place}/signature"]
        if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode != 0:
            sys.exit("the signature of the log does not match the checkpoint")


def proven(receipt_path, key_path):
    """The entry in a receipt, and where it stands in which log."""
    with open(key_path, encoding="ascii") as file:
        name, key_id, key = file.read().strip().split("+", 2)
    key = decode(key)
    if sha256(name.encode(), b"\n", key)[:4].hex() != key_id or key[0] != 1:
        sys.exit("not a verifier key")
    with open(receipt_path, encoding="utf-8", newline="") as file:
        proof, checkpoint, signatures = file.read().split("\n\n")
    mark, extra, index, *path = proof.split("\n")
    if mark != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra ") or not index.startswith("index "):
        sys.exit("not a receipt that carries its entry")
    entry, index = decode(extra.removeprefix("extra ")), int(index.removeprefix("index "))

    origin, size, root = checkpoint.split("\n")
    if origin != name:
        sys.exit(f"the receipt is of the log {origin}, the key of {name}")
    lines = [line.split(" ") for line in signatures.rstrip("\n").split("\n")]
    ours = [decode(line[2]) for line in lines if line[1] == name and decode(line[2])[:4].hex() == key_id]
    if not ours:
        sys.exit("the log has not signed the checkpoint")
    verify_signature(checkpoint + "\n", ours[0][4:], key[1:])

    if root_of(sha256(b"\x00", entry), index, int(size), [decode(line) for line in path]) != decode(root):
        sys.exit("the entry is not in the tree that the log has signed")
    if json.loads(entry)["seq"] != index:
        sys.exit("the entry says that it stands elsewhere")
    return entry.decode(), f"proven: {receipt_path} is entry {index} of {name}, of the {size} that the log has signed"


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: python3 check-receipt.py LOG.vkey RECEIPT.tlog-proof...")
    for given in sys.argv[2:]:
        entry, verdict = proven(given, sys.argv[1])
        print(entry)
        print(verdict, file=sys.stderr)
