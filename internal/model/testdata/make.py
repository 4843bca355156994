#!/usr/bin/env python3
"""Write the archives of pull_test.go: tiny models, and what must be refused."""
import hashlib, io, os, tarfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = "sherpa-onnx-test-model"

def onnx(size=4000):
    # Outline of an ONNX file: version, then one long field.
    return b"\x08\x08\x3a" + bytes([size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14]) + b"\0" * size

TOKENS = "".join(f"T{i} {i}\n" for i in range(20)).encode()
GOOD = [
    ("encoder-epoch-12-avg-2-chunk-16-left-64.int8.onnx", onnx()),
    ("decoder-epoch-12-avg-2-chunk-16-left-64.onnx", onnx()),
    ("joiner-epoch-12-avg-2-chunk-16-left-64.int8.onnx", onnx()),
    ("tokens.txt", TOKENS),
    ("README.md", b"A test model.\n"),
    ("test_wavs/0.wav", b"RIFF"),
    ("run.sh", b"#!/bin/sh\n"),
]

def member(name, data=b"", kind=tarfile.REGTYPE, link="", size=None):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data) if size is None else size, kind, link
    return info, data

def write(name, members):
    path = os.path.join(HERE, name + ".tar.bz2")
    with tarfile.open(path, "w:bz2", format=tarfile.USTAR_FORMAT) as t:
        for info, data in members:
            if info.size == len(data):
                t.addfile(info, io.BytesIO(data))
            else:
                t.fileobj.write(info.tobuf(tarfile.USTAR_FORMAT))  # a header that lies
    print(name, hashlib.sha256(open(path, "rb").read()).hexdigest())

def good(skip=()):
    return [member(TOP + "/", kind=tarfile.DIRTYPE)] + [member(f"{TOP}/{n}", d) for n, d in GOOD if n not in skip]

write("good", good())
write("traversal", good() + [member("../evil.txt", b"out")])
write("deep-traversal", good() + [member(TOP + "/../../evil.txt", b"out")])
write("absolute", good() + [member("/tmp/evil.txt", b"out")])
write("symlink", good() + [member(TOP + "/link.onnx", kind=tarfile.SYMTYPE, link="/etc/passwd")])
write("twice", good() + [member(f"{TOP}/tokens.txt", TOKENS)])
write("huge", good() + [member(TOP + "/huge.onnx", size=7 << 30)])
write("many", good() + [member(f"{TOP}/test_wavs/{i}.wav") for i in range(600)])
write("incomplete", good(skip=("tokens.txt",)))
write("empty", [member(TOP + "/", kind=tarfile.DIRTYPE)])
