"""The frame of a page that needs no net and runs no script; its look is page.css's."""

from html import escape
from pathlib import Path

from cme323.course import page
from cme323.course.page import NO_NET


def sheet(title, body, made_by):
    """An HTML file with our styles; `body` is markup, `title` a text."""
    styles = [
        Path(page.__file__).with_suffix(".css"),
        Path(__file__).with_suffix(".css"),
    ]
    style = "\n".join(path.read_text("utf-8") for path in styles)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="cme323 {made_by}">
<meta http-equiv="Content-Security-Policy" content="{NO_NET}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<style>
{style}</style>
</head>
<body>
{body}</body>
</html>
"""
