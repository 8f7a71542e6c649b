"""The page's words: the same in each language, all of them used, none elsewhere."""

import json
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "serve" / "page"
SCRIPTS = PAGE / "js"
LANGUAGES = sorted(path.stem for path in (SCRIPTS / "words").glob("*.js"))
VALUE = re.compile(r"\{(\w+)\}")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S)
CODE = SCRIPTS / "snippets.js"  # writes lines of Python


def words(language):
    """Return a language's texts by their keys."""
    paths = sorted((SCRIPTS / "words").rglob(f"{language}.js"))
    entry = re.compile(r'^  (?:"([\w.-]+)"|(\w+)):\s+("(?:[^"\\]|\\.)*"),$', re.M)
    text = "".join(path.read_text("utf-8") for path in paths)
    found = [(quoted or bare, json.loads(v)) for quoted, bare, v in entry.findall(text)]
    assert len(found) == len(dict(found)) == text.count('",\n')
    return dict(found)


def scripts():
    """Return the page's modules without their comments, by path."""
    return {
        path: COMMENT.sub("", path.read_text("utf-8"))
        for path in SCRIPTS.rglob("*.js")
        if "words" not in path.parts
    }


def asked():
    """Return the keys that the page asks for, and patterns of those that it makes."""
    html = "".join(path.read_text("utf-8") for path in PAGE.glob("*.html"))
    keys = set(re.findall(r'data-say(?:-\w+)?="([^"]+)"', html))
    patterns = []
    for text in scripts().values():
        keys.update(re.findall(r'\bsay\(\s*"([^"]+)"', text))
        for choice in re.findall(r'\bsay\([^;"]*\? "([^"]+)" : "([^"]+)"', text):
            keys.update(choice)
        for made in re.findall(r"\bsay\(\s*`([^`]+)`", text):
            patterns.append(re.sub(r"\\\$\\\{.*?\\\}", r"[\\w-]+", re.escape(made)))
    return keys, patterns


def test_every_language_has_the_same_texts():
    english = words("en")
    assert len(LANGUAGES) > 1
    for language in LANGUAGES:
        others = words(language)
        assert list(others) == list(english)
        for key, text in others.items():
            values = set(VALUE.findall(text))
            assert (key, values) == (key, set(VALUE.findall(english[key])))
            assert text.strip()


def test_every_text_is_used_and_every_used_one_exists():
    texts = words("en").keys() - {"name"}
    keys, patterns = asked()
    assert keys <= texts
    made = {key for key in texts for p in patterns if re.fullmatch(p, key)}
    assert all(any(re.fullmatch(p, key) for key in texts) for p in patterns)
    passed_on = {key for key in texts if f'"{key}"' in "".join(scripts().values())}
    assert texts - keys - made - passed_on == set()


def test_the_scripts_hold_no_words():
    literal = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', re.S)
    sentence = re.compile(r"(^|[^.#\w-])[A-Za-z]{2,} [a-z]{2,}\b|^[A-Z][a-z]+ ")
    for path, text in scripts().items():
        if path == CODE:
            continue
        for found in literal.finditer(text):
            words = re.sub(r"\$\{.*?\}", "", found[1] or found[2] or "")
            assert not sentence.search(words), (path.name, words)
