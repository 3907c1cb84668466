"""How hard a Polish text is: what makes one so are long sentences and long words."""

import re


VOWELS = re.compile(r"[aeiouyąęó]")
# "i" before another vowel only softens what stands before it: nie is one syllable.
SOFTENING = re.compile(r"i(?=[aeouyąęó])")
LONG = 4


def syllables(word: str) -> int:
    """Vowels that are spoken; at least one."""
    return max(1, len(VOWELS.findall(SOFTENING.sub("", word.lower()))))


def words(text: str) -> list[str]:
    """The words of a text, without figures."""
    return re.findall(r"[^\W\d_]+", text)


def mean_sentence(text: str) -> float:
    """Words in a sentence, in the mean."""
    sentences = [one for one in re.split(r"[.!?:](?:\s|$)", text) if words(one)]
    return len(words(text)) / len(sentences)


def share_of_long_words(text: str) -> float:
    """Of all words, those of four syllables or more."""
    said = words(text)
    return sum(syllables(one) >= LONG for one in said) / len(said)
