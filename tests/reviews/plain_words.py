"""How hard a text is to read: the Flesch–Kincaid grade, measured our own way."""

import re


def syllables(word: str) -> int:
    """Groups of vowels; a silent e at the end is none."""
    bare = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", bare))
    silent = bare.endswith("e") and not bare.endswith(("le", "ee", "ye")) and count > 1
    silent = silent or (
        bare.endswith("es") and bare[-3:-2] not in "sxzcg" and count > 1
    )
    silent = silent or (bare.endswith("ed") and bare[-3:-2] not in "td" and count > 1)
    return max(1, count - silent)


def grade(text: str) -> float:
    """Years of school that a text asks for; 6 is about eleven years old."""
    sentences = [one for one in re.split(r"[.!?:](?:\s|$)", text) if one.strip()]
    words = re.findall(r"[A-Za-z][A-Za-z’'-]*", text)
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
