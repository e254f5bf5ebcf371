"""`make learn`: learn the weights by which texts are told apart, with scikit-learn, from the examples in the content.

What comes out is data (`knowledge/learned/<name>.json`): the project itself runs without scikit-learn. `digest`
names the examples it was learned from, so that the checker can tell when they have changed since.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence, Set
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from advisor.likeness import runs, short_runs, written_runs

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "knowledge" / "learned"
SEEN = 2  # how often a run must stand in the examples
LEAST = 0.05  # runs whose weights are all smaller are left out
# how closely weights follow examples (scikit-learn's C)
STRENGTH = {"voices": 2.0, "sms": 60.0, "questions": 0.5, "questions_en": 0.5}


def learn(name: str, texts: Sequence[str], labels: Sequence[Sequence[str]], one_of: Sequence[str]) -> dict[str, Any]:
    """Give the weights that tell apart the labels `one_of`, and each other label from its absence."""
    import numpy
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    scaled = name == "sms"  # messages are of every length, what people say is short
    cut: Callable[[str], Set[str]] = written_runs if scaled else runs
    vectors = TfidfVectorizer if scaled else CountVectorizer
    counts = vectors(analyzer=lambda text: sorted(cut(text)), binary=True, min_df=SEEN)
    matrix = counts.fit_transform(texts)
    first = [next((label for label in given if label in one_of), None) for given in labels]
    rows = [at for at, label in enumerate(first) if label]
    of_each = "balanced" if scaled else None  # rare labels of messages count as much as common ones
    model = partial(LogisticRegression, C=STRENGTH[name], max_iter=5000, class_weight=of_each)
    apart = model().fit(matrix[rows], [first[at] for at in rows])
    others = sorted({label for given in labels for label in given} - set(one_of))
    alone = [model().fit(matrix, [label in given for given in labels]) for label in others]
    weights = numpy.vstack([apart.coef_, *(one.coef_ for one in alone)])
    bias = numpy.hstack([apart.intercept_, *(one.intercept_ for one in alone)])
    telling = numpy.ones(matrix.shape[1])
    if scaled:
        telling = counts.idf_
        weights = numpy.vstack([weights * telling, telling**2])
    found = zip(counts.get_feature_names_out(), (weights.T * 100).round().astype(int).tolist(), strict=True)
    return {
        "voices": [*apart.classes_, *others],
        "bias": bias.round(2).tolist(),
        "scaled": scaled,
        "runs": {run: row for run, row in found if max(map(abs, row[: len(bias)])) >= 100 * LEAST},
    }


def learn_to_rank(name: str, texts: Sequence[str], labels: Sequence[Sequence[str]], **_: Any) -> dict[str, Any]:
    """Give the weights that rank many labels, one a text: a linear support vector machine for each, made sparse."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    vectors = TfidfVectorizer(analyzer=lambda text: sorted(short_runs(text)), binary=True, min_df=SEEN, use_idf=False)
    model = LinearSVC(C=STRENGTH[name], random_state=0).fit(vectors.fit_transform(texts), [one for (one,) in labels])
    rows = zip(vectors.get_feature_names_out(), (model.coef_.T * 100).round().astype(int), strict=True)
    sparse = {
        run: {str(at): int(row[at]) for at in row.nonzero()[0] if abs(row[at]) >= 100 * LEAST} for run, row in rows
    }
    return {
        "voices": list(model.classes_),
        "bias": model.intercept_.round(3).tolist(),
        "runs": {run: row for run, row in sparse.items() if row},
    }


def main() -> int:
    """Write every model anew, in the environment of the benches, where scikit-learn is."""
    from advisor.content import load
    from advisor.content.learned import QUESTIONS, SMS, digest, lessons
    from advisor.normal import normalise, simplify
    from tests.bench.rig import peers_python

    FOLDER.mkdir(exist_ok=True)
    for name, lesson in lessons(load(ROOT)).items():
        given = {"name": name, **asdict(lesson)}
        if name == SMS:
            given["texts"] = [normalise(text).text for text in lesson.texts]
        if name.startswith(QUESTIONS):
            given["texts"] = [simplify(text) for text in lesson.texts]
        with tempfile.TemporaryDirectory() as folder:
            examples, found = Path(folder, "examples.json"), Path(folder, "model.json")
            examples.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
            subprocess.run([peers_python(), "-m", "tests.learn", examples, found], cwd=ROOT, check=True)
            model = {"digest": digest(lesson), **json.loads(found.read_text(encoding="utf-8"))}
        body = json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        lines = body.replace("},", "},\n") if name.startswith(QUESTIONS) else body.replace("],", "],\n")
        (FOLDER / f"{name}.json").write_text(lines + "\n", encoding="utf-8")
        print(f"{name}: {len(lesson.texts)} examples, {len(model['runs'])} runs of characters")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        learned = (learn_to_rank if given["name"].startswith("questions") else learn)(**given)
        Path(sys.argv[2]).write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
    else:
        raise SystemExit(main())
