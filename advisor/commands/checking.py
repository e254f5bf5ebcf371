"""`bot.py check`: proves the content, or shows what it says otherwise than a commit before."""

import subprocess
import tarfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.checks.citing import changed
from advisor.checks.subject import Subject
from advisor.commands import CouldNotError
from advisor.commands.following import FOLDERS
from advisor.content import ContentError, load


def differences(root: Path, revision: str, today: date) -> Iterator[str]:
    """Give every text that people get in other words than in `revision`, a commit of git."""
    command = ["git", "-C", str(root), "archive", revision, *FOLDERS]
    try:
        archive = subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise CouldNotError(f"取不到 {revision} 那一版，要在 git 仓库里，版本要写对") from error
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive)) as archived:
            archived.extractall(folder, filter="data")
        try:
            yield from changed(Subject(load(Path(folder)), today), Subject(load(root), today))
        except ContentError as error:
            raise CouldNotError(f"{revision} 那一版的内容，现在的程序读不了") from error
