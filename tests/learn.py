"""`make learn`: learn the weights by which texts are told apart, with scikit-learn, from the examples in the content.

What comes out is data (`knowledge/learned/<name>.json`): the project itself runs without scikit-learn. `digest`
names the examples it was learned from, so that the checker can tell when they have changed since.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from advisor.likeness import runs

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "knowledge" / "learned"
SEEN = 2  # how often a run must stand in the examples
LEAST = 0.05  # weights that are all smaller are left out
STRENGTH = {True: 2.0, False: 1.0}  # how closely the weights follow the examples (scikit-learn's C)


def learn(texts: Sequence[str], labels: Sequence[Sequence[str]], one: bool) -> dict[str, Any]:
    """Give the weights that tell the labels apart, or (not `one`) each label from its absence; needs scikit-learn."""
    import numpy
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = CountVectorizer(analyzer=lambda text: sorted(runs(text)), binary=True, min_df=SEEN)
    matrix = counts.fit_transform(texts)
    names = sorted({label for given in labels for label in given})
    if one:
        model = LogisticRegression(C=STRENGTH[one], max_iter=5000).fit(matrix, [given[0] for given in labels])
        weights, bias = model.coef_, model.intercept_
    else:
        models = [
            LogisticRegression(C=STRENGTH[one], max_iter=5000).fit(matrix, [name in given for given in labels])
            for name in names
        ]
        weights = numpy.vstack([model.coef_ for model in models])
        bias = numpy.hstack([model.intercept_ for model in models])
    rows = zip(counts.get_feature_names_out(), weights.T.round(2).tolist(), strict=True)
    return {
        "voices": names,
        "bias": bias.round(2).tolist(),
        "runs": {run: row for run, row in rows if max(map(abs, row)) >= LEAST},
    }


def main() -> int:
    """Write every model anew, in the environment of the benches, where scikit-learn is."""
    from advisor.content import load
    from advisor.content.learned import digest, lessons
    from advisor.normal import normalise
    from tests.bench.rig import peers_python

    FOLDER.mkdir(exist_ok=True)
    for name, lesson in lessons(load(ROOT)).items():
        given = asdict(lesson)
        if name.startswith("sms"):
            given["texts"] = [normalise(text).text for text in lesson.texts]
        with tempfile.TemporaryDirectory() as folder:
            examples, found = Path(folder, "examples.json"), Path(folder, "model.json")
            examples.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
            subprocess.run([peers_python(), "-m", "tests.learn", examples, found], cwd=ROOT, check=True)
            model = {"digest": digest(lesson), **json.loads(found.read_text(encoding="utf-8"))}
        body = json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        (FOLDER / f"{name}.json").write_text(body.replace("],", "],\n") + "\n", encoding="utf-8")
        print(f"{name}: {len(lesson.texts)} examples, {len(model['runs'])} runs of characters")
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        learned = learn(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
        Path(sys.argv[2]).write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
    else:
        raise SystemExit(main())
