"""What experiments keep on disk, so that a kill at any moment leaves nothing that misleads."""
import hashlib
import json
import os
import threading

APPENDING = threading.Lock()


class Failed(Exception):
    """What did not go as it should; its words say why."""


def write_whole(path, text):
    """There is the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


def read_lines(path):
    """The documents of a file, one a line; a last line that was cut off counts for nothing."""
    if not path.exists():
        return []
    whole = path.read_text(encoding="utf-8").rpartition("\n")[0]
    return [json.loads(line) for line in whole.split("\n") if line]


def append_lines(path, documents):
    """All of them at once; a line that was cut off before makes room."""
    with APPENDING:
        if path.exists():
            os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
        with open(path, "a", encoding="utf-8") as file:
            file.write("".join(json.dumps(document) + "\n" for document in documents))


def digest(document):
    return hashlib.sha256(json.dumps(document).encode()).hexdigest()[:12]


def hashes(texts):
    """By name; hashes of the contents."""
    for text in texts:
        if not text.exists():
            raise Failed(f"{text} is not there; CRIA_DATA names the folder that holds classics/.")
    return {text.name: hashlib.sha256(text.read_bytes()).hexdigest() for text in texts}


def claim(folder, fraction, texts, adopts=False):
    """Writes into a folder of what its runs are, and refuses a folder of something else: runs of a rehearsal look like any other.
    What stands there without such a word is refused too, unless its runs tell themselves apart."""
    path, own = folder / "experiment.json", {"fraction": fraction, "texts": hashes(texts)}
    if path.exists():
        found = json.loads(path.read_text())
        if found != own:
            what = f"--fraction {found['fraction']:g}, not {fraction:g}" if found["fraction"] != fraction else "other texts"
            raise Failed(f"{folder} is of {what}; name another folder, or move this one away.")
        return
    if not adopts and folder.is_dir() and any(folder.iterdir()):
        raise Failed(f"{folder} holds something, and no {path.name} says of which texts and steps; name another folder, or move this one away.")
    write_whole(path, json.dumps(own, indent=1) + "\n")
