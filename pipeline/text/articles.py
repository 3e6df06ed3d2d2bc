"""An article as one text."""


def whole_text(title: str, text: str) -> str:
    """Title and text of an article, a line apart; without a body the title stands in as text: once is enough."""
    return text if text == title else f"{title}\n{text}".strip()
