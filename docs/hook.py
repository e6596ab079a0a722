"""What mkdocs is told beside mkdocs.yml: which files outside docs/ are part of the site, and that it asks no network.

README, CONTRIBUTING and CHANGELOG stand at the root, where people look for them, and pictures in assets/picture. Links
in all pages are those of the repository, so that they work there, too; here they become the site's.
"""

import logging
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
PICTURES = "assets/picture"
PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
ELSEWHERE = re.compile(r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=\"?(?:https?:)?//[^>]*>")
# A line that is only a link to an example becomes its text.
EXAMPLE = re.compile(r"^\[\w+\.py\]\((examples/\w+\.py)\)$", re.M)
CELL = re.compile(r"^# %%(.*)\n", re.M)
# mkdocs counts warnings of loggers below its own: with --strict one ends the build.
log = logging.getLogger("mkdocs.hooks.weightscape")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what stands outside docs/."""
    pictures = {f"{PICTURES}/{path.name}": path for path in sorted((ROOT / PICTURES).iterdir())}
    pages = {there: ROOT / here for here, there in PAGES.items()}
    for name, path in (pictures | pages).items():
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links of the repository into the site's."""
    markdown = EXAMPLE.sub(lambda found: _cells((ROOT / "docs" / found[1]).read_text(encoding="utf-8")), markdown)
    for here, there in PAGES.items():
        markdown = re.sub(rf"\]\((?:\.\./)?{here}", f"]({there}", markdown)
    return markdown.replace(f"](../{PICTURES}/", f"]({PICTURES}/").replace("](docs/", "](")


def _cells(text: str) -> str:
    """Write a program in cells as Markdown: words and code in turns. Its title stands above it already."""
    _, *pieces = CELL.split(text)
    made = []
    for kind, cell in zip(pieces[::2], pieces[1::2], strict=True):
        words = re.sub(r"^# ?", "", re.sub(r"^# # .*\n", "", cell), flags=re.M)
        made.append(words if kind.strip() else f"```python\n{cell.strip()}\n```")
    return "\n\n".join(made)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Warn of anything that a reader's browser would have to ask another server for."""
    for tag in ELSEWHERE.findall(output):
        log.warning("%s asks the network: %s", page.file.src_uri, tag)
    return output
