"""`stafett export case`: everything that a unit has on one case, as a page, as JSON, and with a hash of each.

The file holds secret data: only its owner may read it, and it is never written over another.
"""

import argparse
import hashlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import Connection

from bot.clock import Clock
from bot.commands.opened import opened
from bot.house import build_record
from bot.settings import Settings
from cases import account, people, sealing
from cases.case_file import kept_of
from cases.policy import Who
from cases.record import Record
from dialogs.case_file import Facts, facts_of, page
from dialogs.personal_number import has_personal_number

OK, REFUSED, WRONG = 0, 1, 2
_LONGEST = 40  # of a case reference
_PAGE, _JSON, _MANIFEST, _SUMS = "arende.html", "arende.json", "manifest.json", "SHA256SUMS"


def add_action(actions: Any) -> None:
    one = actions.add_parser("case", help="allt om ett ärende, för utlämnande, registerutdrag eller partsinsyn")
    one.add_argument("case", metavar="ÄRENDE", help="ärendenumret")
    one.add_argument("--by", required=True, metavar="KONTO", help="vem filen tas ut för, till exempel namn@kommun")
    one.add_argument("--out", required=True, type=Path, metavar="FIL.zip", help="ny fil; den får inte finnas")
    one.add_argument("--database", metavar="URL", help="databasens adress (annars STAFETT_DATABASE_URL)")
    one.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Write the file, or say why not; the exit code."""
    if has_personal_number(args.case) or has_personal_number(args.by) or len(args.case) > _LONGEST:
        sys.stderr.write("Skriv inte personnummer. Ange ärendenumret i verksamhetssystemet.\n")
        return WRONG
    if args.out.exists():
        sys.stderr.write(f"{args.out} finns redan. Välj ett annat namn.\n")
        return REFUSED
    record = build_record(Settings().profiles())
    with opened(args.database) as store:
        packed = store.transaction(lambda tx: taken_out(tx, record, args.case, args.by, Clock()))
    if packed is None:
        sys.stderr.write(f"Det finns inget som {args.by} får ta ut om ärendet. Försöket är noterat.\n")
        return REFUSED
    try:
        _write(args.out, packed)
    except OSError as fault:
        sys.stderr.write(f"{args.out} kunde inte skrivas: {fault.strerror}.\n")
        return REFUSED
    print(f"{args.out} är klar. SHA-256: {hashlib.sha256(packed).hexdigest()}")
    return OK


def taken_out(tx: Connection, record: Record, case_ref: str, by: str, clock: Clock) -> bytes | None:
    """The file, with a line in the account of each thread; None when there is nothing that this person may have.

    The answer is the same whether there is no such case, or it is somebody else's, or sealed.
    """
    scene, now = record.scene(tx), clock.care()
    person_id = people.with_upn(tx, by)
    spelled = scene.directory.spelled(tx, case_ref)
    who = Who(person_id=person_id or 0, directory=scene.directory, now=now)
    kept = [] if sealing.is_sealed(tx, spelled) else kept_of(tx, scene, spelled, who)
    if person_id is None or not kept:
        account.note(
            tx, now, person_id=person_id, action="denied", outcome="refused", reason="export_case",
            channel=account.COMMAND,
        )  # fmt: skip
        return None
    packed = _packed(facts_of(scene, spelled, kept, person_id, now))
    account.note_each(
        tx, now, [one.thread for one in kept], person_id=person_id, action="export", outcome="done",
        directory=scene.directory, reason=f"case sha256:{hashlib.sha256(packed).hexdigest()}", channel=account.COMMAND,
    )  # fmt: skip
    return packed


def _packed(facts: Facts) -> bytes:
    """The page and the JSON with their manifest, the same bytes for the same facts."""
    files = {
        _PAGE: page(facts).encode(),
        _JSON: json.dumps(facts, ensure_ascii=False, indent=1).encode(),
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    told = [{"name": name, "bytes": len(data), "sha256": sums[name]} for name, data in files.items()]
    manifest = {"format": 1, "case_ref": facts["case_ref"], "made_at": facts["made_at"], "files": told}
    files[_MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    files[_SUMS] = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name), data, ZIP_DEFLATED)  # without the time of day, which would differ
    return out.getvalue()


def _write(path: Path, packed: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(packed)
