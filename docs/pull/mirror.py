"""Keeps the public files of a registry in a SQLite file: python3 mirror.py <address> <file> [--follow]"""
# Python's standard library can't verify Ed25519, so the digest below finds faults of the line, not a forger: who may alter what comes
# verifies manifest.jws (https://pypi.org/project/PyJWT/ with cryptography) by keys known beforehand, or uses mirror.mjs or `cli mirror`.
import gzip, hashlib, json, sqlite3, sys, time, urllib.error, urllib.request

base, path, follow = sys.argv[1], sys.argv[2], "--follow" in sys.argv
db = sqlite3.connect(path)
db.execute("CREATE TABLE IF NOT EXISTS file (org_code TEXT PRIMARY KEY, position INTEGER, json TEXT)")
db.execute("CREATE TABLE IF NOT EXISTS place (one INTEGER PRIMARY KEY, epoch TEXT, position INTEGER)")

def get(address):
    while True:
        try:
            with urllib.request.urlopen(base + address, timeout=90) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(int(error.headers.get("Retry-After", "10")))

def store(items, epoch, position, anew=False):
    with db:  # One transaction: killed at any moment, nothing is missed or doubled.
        if anew:
            db.execute("DELETE FROM file")
        for item in items:
            if item.get("deleted"):
                db.execute("DELETE FROM file WHERE org_code = ?", [item["orgCode"]])
            else:
                db.execute("INSERT OR REPLACE INTO file VALUES (?, ?, ?)",
                           [item["orgCode"], item["position"], json.dumps(item["file"], ensure_ascii=False)])
        db.execute("INSERT OR REPLACE INTO place VALUES (1, ?, ?)", [epoch, position])

def begin():
    copies = json.loads(get("/bulk/public"))["items"]
    if not copies:
        return store([], "", 0, anew=True)
    manifest = json.loads(get(copies[0]["href"]))
    told = next(file for file in manifest["files"] if file["name"] == "files.ndjson.gz")
    body = get(copies[0]["href"].replace("manifest.json", told["name"]))
    if hashlib.sha256(body).hexdigest() != told["sha256"]:
        sys.exit("the copy differs from its manifest; try again")
    store(map(json.loads, gzip.decompress(body).splitlines()), manifest["epoch"], manifest["position"], anew=True)

while True:
    place = db.execute("SELECT epoch, position FROM place").fetchone()
    try:
        if place is None:
            begin()
            continue
        epoch = f"&epoch={place[0]}" if place[0] else ""
        page = json.loads(get(f"/api/v1/changes?since={place[1]}&limit=1000&wait={30 if follow else 0}{epoch}"))
    except urllib.error.HTTPError as error:
        if error.code == 409:  # Restored from a backup meanwhile: begin again.
            with db:
                db.execute("DELETE FROM place")
        elif place or error.code != 404:  # Gone: something in the copy was erased meanwhile; the list is asked for again.
            sys.exit(error.read().decode())
        continue
    store(page["items"], page["epoch"], page["next"])
    if not page["items"] and not follow:
        break
