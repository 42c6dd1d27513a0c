"""Lab reports to download: one's own, or for the teacher those of all."""

from __future__ import annotations

import io
import zipfile

import streamlit as st

from playground.classroom.report.data import Look
from playground.classroom.report.page import page
from playground.classroom.rules.state import ClassState
from playground.classroom.service import classes
from playground.figures.style import COLOURS, css_variables
from playground.locales import language, plural, speaking, t
from playground.runs import service
from playground.ui.classroom.files.gather import gather
from playground.ui.classroom.here import Here

# Of all reports together, in bytes before they are compressed.
MOST_BYTES = 64 * 2**20
_LOOK = Look(css_variables(), COLOURS)


def report_button(found: Here, owner: str) -> None:
    """Where a member takes their own lab report home; nothing before they have done anything."""
    known = classes().state(found.class_id)
    member = known.member_of(owner) if known else None
    if known is None or member is None or not _has_done(known, owner, member.number):
        return
    spoken, number = language(), member.number
    st.download_button(
        t("Lab report"),
        # Written when it is downloaded, not in every script run.
        lambda: lab_report(known.id, number, spoken),
        f"lab-report-{known.id}.html",
        "text/html",
        on_click="ignore",
        key=f"class_report_{known.id}",
        icon=":material/lab_profile:",
        help=t(
            "All that you predicted, trained and wrote here, as one file that needs no network and "
            "can be printed."
        ),
    )


def _has_done(known: ClassState, owner: str, number: int) -> bool:
    if any(number in opening.work for opening in known.openings):
        return True
    return any(run.owner == owner for run in classes().runs(known.id))


def lab_report(class_id: str, number: int, spoken: str) -> str:
    """A member's report as HTML, in a language.

    Raises:
        StoreError: the store cannot be read.
    """
    known = classes().state(class_id)
    if known is None:
        return ""
    bound = classes().rooms.binds(known.members[number].owner)
    with speaking(spoken):
        gathered = gather(service.hub(), known, number, classes().runs(class_id), bound=bound)
        return page(gathered, _LOOK)


def reports_button(known: ClassState) -> None:
    """Where the teacher takes the reports of all home."""
    members = [member for member in known.members.values() if not member.removed]
    if not members:
        return
    spoken, class_id = language(), known.id
    st.download_button(
        plural("{count} lab report (ZIP)", "{count} lab reports (ZIP)", len(members)),
        lambda: lab_reports(class_id, spoken),
        f"lab-reports-{class_id}.zip",
        "application/zip",
        on_click="ignore",
        key=f"class_reports_{class_id}",
        icon=":material/lab_profile:",
        help=t("Everybody’s lab report, one HTML file each, to read, print or give back."),
    )


def lab_reports(class_id: str, spoken: str) -> bytes:
    """The reports of all members as a ZIP file, at most `MOST_BYTES`; it says what is left out.

    The quiz, which is anonymous to the teacher, is in none of them; nor is a nickname while names
    are hidden.

    Raises:
        StoreError: the store cannot be read.
    """
    known = classes().state(class_id)
    content = io.BytesIO()
    if known is None:
        return b""
    left, missing = MOST_BYTES, []
    runs = classes().runs(class_id)
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file, speaking(spoken):
        for member in known.members.values():
            if member.removed:
                continue
            bound = classes().rooms.binds(member.owner)
            gathered = gather(service.hub(), known, member.number, runs, own=False, bound=bound)
            report = page(gathered, _LOOK).encode()
            if len(report) > left:
                missing.append(member.number)
                continue
            left -= len(report)
            file.writestr(f"{member.number:03d}-{file_name(gathered.name)}.html", report)
        if missing:
            numbers = ", ".join(map(str, missing))
            said = t(
                "Too large for this file are the reports of members {numbers}.", numbers=numbers
            )
            file.writestr("README.txt", said)
    return content.getvalue()


def file_name(name: str) -> str:
    """A name as a part of a file's name: letters and digits of any script, nothing else."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in name)
    return "-".join(part for part in plain.split("-") if part) or "report"
